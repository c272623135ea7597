import { beforeAll, describe, expect, test } from "vitest"
import type { OrganizationRef } from "@/lib/access/principal"
import { handleAuth } from "@/lib/http/sign-in/auth"
import { createApp } from "@/lib/operations/apps/create"
import { listApps } from "@/lib/operations/apps/list"
import { searchEvents } from "@/lib/operations/events/search"
import { makeAccount, makeOrganization, password, readLog } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { performAction } from "./action"
import { administratorsFor } from "./administrators"
import { attempt } from "./attempt"
import { answerEventPage, queryOfAddress } from "./queries"
import { route } from "./route"

setUpHome(beforeAll)

let foreign: OrganizationRef
let administrator: Headers
let member: Headers
const nobody = new Headers()

beforeAll(async () => {
  foreign = await makeOrganization()
  const admin = await makeAccount(home, ["Organization Administrator"])
  administrator = await signIn(admin.email)
  member = await signIn((await makeAccount(home, ["Member"])).email)
  await makeAccount(foreign, ["Organization Administrator"])
})

/** What a browser sends after signing in. */
async function signIn(email: string): Promise<Headers> {
  const { env } = platform
  const cookies = new Map<string, string>()
  const headers = () =>
    new Headers({
      cookie: [...cookies].map(pair => pair.join("=")).join("; "),
      origin: env.baseUrl,
      "sec-fetch-site": "same-origin",
      "x-auditorium-peer": "203.0.113.20",
    })
  const send = async (method: string, path: string, form?: Record<string, string>) => {
    const body = form && new URLSearchParams(form)
    const request = new Request(`${env.baseUrl}/api/auth/${path}`, { method, headers: headers(), body })
    const response = await handleAuth(
      request,
      { params: Promise.resolve({ nextauth: path.split("/") }) },
      env,
    )
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response.json()
  }
  const { csrfToken } = await send("GET", "csrf")
  await send("POST", "callback/credentials", { email, password, csrfToken, json: "true" })
  return headers()
}

const query = { parameters: { window: "30d" } }
const codeOf = (result: { ok: boolean; error?: { code: string } }) =>
  result.ok ? "done" : result.error?.code

describe("an operation called from a page", () => {
  test("is done for who may, and a refusal says why", async () => {
    expect(
      codeOf(await attempt(searchEvents, { headers: administrator, organization: home.slug }, query)),
    ).toBe("done")
    expect(codeOf(await attempt(searchEvents, { headers: member, organization: home.slug }, query))).toBe(
      "forbidden",
    )
    expect(codeOf(await attempt(searchEvents, { headers: nobody, organization: home.slug }, query))).toBe(
      "unauthenticated",
    )
    expect(
      codeOf(
        await attempt(
          searchEvents,
          { headers: administrator, organization: home.slug },
          { parameters: { windw: "1" } },
        ),
      ),
    ).toBe("invalid")
  })

  test("in a foreign organization and in one that does not exist is the same not-found", async () => {
    const results = []
    for (const slug of [foreign.slug, "no-such-organization", "%00", ""]) {
      const result = await attempt(searchEvents, { headers: administrator, organization: slug }, query)
      results.push(result.ok ? "done" : `${result.error.code} ${result.error.message}`)
    }
    expect(new Set(results).size).toBe(1)
    expect(results[0]).toMatch(/^not-found/)
  })

  test("tells a member who can grant what they lack, and somebody foreign nothing", async () => {
    const refused = await attempt(searchEvents, { headers: member, organization: home.slug }, query)
    const administrators = await administratorsFor(refused.ok ? null : refused.principal)
    expect(administrators).toHaveLength(1)
    const outside = await attempt(searchEvents, { headers: member, organization: foreign.slug }, query)
    expect(await administratorsFor(outside.ok ? null : outside.principal)).toEqual([])
  })

  test("by a member without the permission is in the log", async () => {
    await attempt(listApps, { headers: member, organization: home.slug }, {})
    const denials = (await readLog(db, home)).filter(event => event.status === "denied")
    expect(denials.map(event => event.operation)).toContain("application.list")
  })
})

describe("a server action", () => {
  const input = { slug: "acted", name: "Acted" }

  test("from another site changes nothing, whoever is signed in", async () => {
    for (const change of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const headers = new Headers(administrator)
      for (const [name, value] of Object.entries(change)) headers.set(name, value)
      expect(await performAction(createApp, headers, home.slug, input)).toMatchObject({
        ok: false,
        code: "forbidden",
      })
    }
    const bare = new Headers({ cookie: administrator.get("cookie") ?? "" })
    expect(await performAction(createApp, bare, home.slug, input)).toMatchObject({
      ok: false,
      code: "forbidden",
    })
    expect(await performAction(createApp, administrator, home.slug, input)).toMatchObject({
      ok: true,
      value: { slug: "acted" },
    })
  })

  test("puts the words of a fault beside its field, and never throws", async () => {
    const result = await performAction(createApp, administrator, home.slug, { slug: "acted", name: "Acted" })
    expect(result).toMatchObject({ ok: false, code: "conflict", faults: [{ pointer: "/slug" }] })
    const nonsense = await performAction(createApp, administrator, home.slug, null)
    expect(nonsense).toMatchObject({ ok: false, code: "invalid" })
  })
})

describe("a data route of the console", () => {
  const search = route(searchEvents, {
    authenticate: "session",
    input: queryOfAddress,
    answer: answerEventPage,
  })
  const ask = (headers: Headers, slug = home.slug, method = "GET") =>
    search(new Request(`http://localhost/${slug}/events?limit=2`, { method, headers }), {
      params: Promise.resolve({ organization: slug }),
    })

  test("answers a session in its organization, and takes no API key", async () => {
    const answer = await ask(administrator)
    expect([answer.status, (await answer.json()).events.length]).toEqual([200, 2])
    expect((await ask(member)).status).toBe(403)
    expect((await ask(nobody)).status).toBe(401)
    expect((await ask(administrator, foreign.slug)).status).toBe(404)
    expect((await ask(new Headers({ authorization: "Bearer aud_live_x" }))).status).toBe(401)
  })

  test("refuses a change that another site asks for", async () => {
    const headers = new Headers(administrator)
    headers.set("origin", "https://evil.example")
    expect((await ask(headers, home.slug, "POST")).status).toBe(403)
    expect((await ask(administrator, home.slug, "POST")).status).toBe(200)
  })
})
