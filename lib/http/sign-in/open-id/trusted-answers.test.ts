import { createServer } from "node:http"
import { describe, expect, test } from "vitest"
import { http, https } from "@/lib/access/fixtures/browser"
import { principalOfSession } from "@/lib/access/principal"
import { sessionIdOf } from "@/lib/http/sign-in/auth"
import { makeOrganization, readLog } from "@/lib/operations/fixtures/access"
import { home } from "@/lib/operations/fixtures/home"
import { listen } from "@/test/listen"
import { db, platform } from "@/test/platform"
import {
  identitiesOf,
  makeMember,
  misissuer,
  provider,
  real,
  setUpMisissuer,
  setUpProvider,
  whoIs,
} from "./fixtures/providers"
import { openIdBrowser, redirectUri, settingsOf } from "./fixtures/ways"

setUpProvider()
setUpMisissuer()

describe("the way through a real provider", () => {
  test("is the code flow with PKCE, state and nonce, back to the address of the installation", async () => {
    const chrome = openIdBrowser(real)
    const asked = new URL(await chrome.beginAt())
    expect(asked.origin).toBe(provider.issuer)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      nonce: expect.stringMatching(/^[\w-]{20,}$/),
      scope: "openid email profile",
    })
    expect(asked.searchParams.has("prompt")).toBe(false)
  })

  test("signs in with a new session, ends the one that the browser had, and leads back to the page that was wanted", async () => {
    const { email, personId } = await makeMember()
    const chrome = openIdBrowser(real)
    const first = await chrome.through(email, { return: "/acme/admin?a=1" })
    expect([first.response.status, first.location]).toEqual([302, "/acme/admin?a=1"])
    expect(await whoIs(chrome)).toBe(email)
    const before = await sessionIdOf(chrome.headers(), http)
    await chrome.through(email)
    const after = await sessionIdOf(chrome.headers(), http)
    expect(after).not.toBe(before)
    const old = await principalOfSession(before, null, { database: platform.database, at: new Date() })
    expect(old.kind).toBe("anonymous")
    expect(await whoIs(chrome)).toBe(email)
    expect(await identitiesOf(personId)).toMatchObject([{ issuer: provider.issuer, subject: email, email }])
  })

  test("is an event of the same name as with a password, in every organization of the person", async () => {
    const { email, personId } = await makeMember()
    const second = await makeOrganization()
    await makeMember(email, second)
    await openIdBrowser(real).through(email)
    for (const organization of [home, second]) {
      expect((await readLog(db, organization)).at(-1)).toMatchObject({
        operation: "user_session.create",
        status: "success",
        actor: { type: "user", id: personId, email },
        metadata: { method: "openid-connect", issuer: provider.issuer },
      })
    }
  })

  test("leaves no cookie that would let an answer be used once more, and each cookie it sets is out of reach of scripts", async () => {
    const { email } = await makeMember()
    const chrome = openIdBrowser(real)
    await chrome.through(email)
    for (const name of ["state", "nonce", "pkce", "intent"]) {
      expect(
        chrome.seen.some(cookie => cookie.startsWith(`auditorium.${name}=`)),
        name,
      ).toBe(true)
      expect(chrome.cookies.get(`auditorium.${name}`), name).toBe("")
    }
    for (const cookie of chrome.seen)
      expect(cookie).toMatch(/^(?=.*; HttpOnly)(?=.*; SameSite=Lax)(?=.*; Path=\/)/i)
  })

  test("sets cookies for this host alone, and over TLS only, where the console is reached over TLS", async () => {
    const chrome = openIdBrowser(real, https)
    const url = new URL(await chrome.beginAt())
    expect(url.searchParams.get("redirect_uri")).toBe(`${https.baseUrl}/api/auth/callback/openid-connect`)
    const set = chrome.seen.map(cookie => cookie.slice(0, cookie.indexOf("=")))
    expect(set).toEqual(
      expect.arrayContaining(["state", "nonce", "pkce", "intent"].map(n => `__Host-auditorium.${n}`)),
    )
    for (const cookie of chrome.seen) {
      expect(cookie).toMatch(/^__Host-(?=.*; Secure)(?=.*; HttpOnly)/i)
      expect(cookie).not.toMatch(/domain=/i)
    }
  })

  test("an answer that was used already is refused", async () => {
    const { email } = await makeMember()
    const chrome = openIdBrowser(real)
    const callback = await chrome.pass(await chrome.beginAt(), email)
    const kept = new Map(chrome.cookies)
    await chrome.finish(callback)
    expect((await chrome.finish(callback)).location).toBe("/sign-in?refused=expired")
    // Even for somebody who kept the cookies: the provider accepts a code only once.
    const thief = openIdBrowser(real)
    for (const [name, value] of kept) thief.cookies.set(name, value)
    expect((await thief.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(thief)).toBeNull()
  })

  test("an answer of another browser, or with another state, is refused", async () => {
    const { email } = await makeMember()
    const attacker = openIdBrowser(real)
    const callback = await attacker.pass(await attacker.beginAt(), email)
    const victim = openIdBrowser(real)
    expect((await victim.finish(callback)).location).toBe("/sign-in?refused=expired")
    await victim.beginAt()
    expect((await victim.finish(callback)).location).toBe("/sign-in?refused=expired")
    const changed = new URL(callback)
    changed.searchParams.set("state", "x".repeat(43))
    expect((await attacker.finish(changed.href)).location).toBe("/sign-in?refused=expired")
    expect([await whoIs(victim), await whoIs(attacker)]).toEqual([null, null])
  })

  test("an answer whose state cookie was exchanged is refused although the intent fits", async () => {
    const { email } = await makeMember()
    const [one, other] = [openIdBrowser(real), openIdBrowser(real)]
    const callback = await one.pass(await one.beginAt(), email)
    await other.beginAt()
    one.cookies.set("auditorium.state", other.cookies.get("auditorium.state") ?? "")
    expect((await one.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(one)).toBeNull()
  })

  test("going back at the provider is said in those words, and signs nobody in", async () => {
    const chrome = openIdBrowser(real)
    const state = new URL(await chrome.beginAt({ return: "/acme" })).searchParams.get("state")
    const { location } = await chrome.finish(`${redirectUri}?error=access_denied&state=${state}`)
    expect(location).toBe("/sign-in?refused=cancelled&return=%2Facme")
    expect(await whoIs(chrome)).toBeNull()
  })

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example"])(
    "never leads to %s",
    async wanted => {
      const { email } = await makeMember()
      expect((await openIdBrowser(real).through(email, { return: wanted })).location).toBe("/")
    },
  )

  test("begins only from our own pages, with their token, and by POST", async () => {
    const chrome = openIdBrowser(real)
    const foreign = chrome.headers()
    foreign.set("origin", "https://evil.example")
    const form = { csrfToken: await chrome.csrf() }
    expect((await chrome.send("POST", "signin/openid-connect", form, foreign)).status).toBe(403)
    expect((await chrome.send("POST", "signin/openid-connect", { csrfToken: "x" })).status).toBe(403)
    expect((await chrome.send("GET", "signin/openid-connect")).status).toBe(404)
    expect((await chrome.send("POST", "callback/openid-connect", form)).status).toBe(404)
  })

  test("is not there where no provider is set up", async () => {
    const chrome = openIdBrowser(real)
    const bare = { ...chrome.env, openIdConnect: null }
    const { handleAuth } = await import("@/lib/http/sign-in/auth")
    for (const [method, way] of [
      ["POST", "signin"],
      ["GET", "callback"],
    ] as const) {
      const request = new Request(`${http.baseUrl}/api/auth/${way}/openid-connect`, {
        method,
        headers: chrome.headers(),
      })
      const params = Promise.resolve({ nextauth: [way, "openid-connect"] })
      expect((await handleAuth(request, { params }, bare)).status).toBe(404)
    }
  })

  test("what the address of the beginning carries does not reach the provider", async () => {
    const chrome = openIdBrowser(real)
    const form = { csrfToken: await chrome.csrf() }
    const response = await chrome.send(
      "POST",
      "signin/openid-connect?scope=openid+admin&redirect_uri=x",
      form,
    )
    const { url } = await response.json()
    expect(new URL(url).searchParams.getAll("scope")).toEqual(["openid email profile"])
    expect(new URL(url).searchParams.getAll("redirect_uri")).toEqual([redirectUri])
  })

  test("a provider that cannot be reached is said so, with when to come again", async () => {
    const gone = openIdBrowser(settingsOf({ ...provider, issuer: "http://127.0.0.1:9" }))
    const response = await gone.begin()
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"])
  })
})

describe("an issuer that does wrong", () => {
  async function answerOf(settings = settingsOf(misissuer)) {
    const chrome = openIdBrowser(settings)
    const { location } = await chrome.finish(misissuer.pass(await chrome.beginAt()))
    return { location, signedIn: await whoIs(chrome) }
  }

  test("would sign in if it did right, so that what follows proves something", async () => {
    expect(await answerOf()).toEqual({ location: "/", signedIn: "mallory@acme.example" })
  })

  test.each([
    ["an expired token", { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
    ["a token without an end", { claims: { exp: undefined } }],
    ["the token of another issuer", { claims: { iss: "https://accounts.example.com" } }],
    ["a token for another client", { claims: { aud: "somebody-else" } }],
    [
      "a token for several of which another is the one meant",
      { claims: { aud: ["auditorium", "x"], azp: "x" } },
    ],
    ["a token with another nonce", { claims: { nonce: "another" } }],
    ["a token without a nonce", { claims: { nonce: undefined } }],
    ["a token without a subject", { claims: { sub: undefined } }],
    ["a token under a key that it does not publish", { strangeKey: true as const }],
    ["a token that says it is not signed", { header: { alg: "none" } }],
    ["a token whose algorithm would make the secret a key", { header: { alg: "HS256" } }],
  ])("is refused with %s", async (_, wrong) => {
    misissuer.do(wrong)
    expect(await answerOf()).toEqual({ location: "/sign-in?refused=failed", signedIn: null })
  })

  test("is refused before anybody is sent there when its configuration names another issuer", async () => {
    misissuer.do({ calledAs: "https://accounts.example.com" })
    const response = await openIdBrowser(settingsOf(misissuer)).begin()
    expect(response.status).toBe(503)
    expect(JSON.stringify(await response.json())).not.toContain("accounts.example.com")
  })

  test("is refused when it begins to call itself otherwise while somebody is there", async () => {
    const chrome = openIdBrowser(settingsOf(misissuer))
    const callback = misissuer.pass(await chrome.beginAt())
    misissuer.do({
      calledAs: "https://accounts.example.com",
      claims: { iss: "https://accounts.example.com" },
    })
    expect((await chrome.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(chrome)).toBeNull()
  })

  test.each(["token_endpoint", "jwks_uri"])(
    "leads this server to no other place of its network: %s",
    async member => {
      const inside = await listen(createServer((_, response) => response.end("{}")))
      misissuer.do({ places: { [member]: `http://127.0.0.1:${inside.port}/` } })
      expect(await answerOf()).toEqual({ location: "/sign-in?refused=failed", signedIn: null })
      await inside.close()
      expect(inside.connections()).toBe(0)
    },
  )
})
