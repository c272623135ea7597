import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, readLog, readSent, startApi } from "@/app/api/fixtures/api"
import { type Gateway, openGateway } from "@/app/api/fixtures/gateway"
import type { Method } from "@/lib/http/methods"
import { problem } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
let gateway: Gateway
beforeAll(async () => {
  api = await startApi(async ({ applicationUrl }) => {
    const url = new URL(applicationUrl)
    gateway = await openGateway({ host: url.hostname, port: Number(url.port) })
    url.host = `127.0.0.1:${gateway.port}`
    return { DATABASE_URL: url.href, TRUSTED_PROXIES: "192.0.2.0/24" }
  })
})
afterAll(async () => {
  await api.close()
  await gateway.close()
})

const addresses: readonly [Method, string][] = [
  ["GET", "/api/v1/events"],
  ["POST", "/api/v1/events"],
  ["POST", "/api/v1/events/search"],
  ["GET", "/api/v1/events/export"],
  ["GET", `/api/v1/events/${randomUUID()}`],
  ["GET", "/api/v1/key"],
  ["GET", "/api/v1/capture/policy"],
  ["PUT", "/api/v1/capture/policy"],
  ["POST", "/api/v1/capture/counts"],
  ["GET", "/api/ucp/config/logging"],
  ["PUT", "/api/ucp/config/logging"],
]
const bodyOf = (method: Method) => (method === "GET" ? {} : { body: "{}" })
const aKey = `aud_live_${"x".repeat(38)}`

/** What no refusal may reveal: paths of the code, SQL, names of roles. */
const secrets =
  /\n\s+at |node_modules|\/lib\/|select |insert |postgres|auditorium_|aud_live_|password|ECONN|pg_/i

describe("without a key that is ours", () => {
  test.each(addresses)("%s %s is 401, the same words for every wrong key", async (method, path) => {
    const answers = []
    for (const key of [null, aKey, "abc", "aud_live_"]) {
      const response = await api.call(method, path, { key, ...bodyOf(method) })
      const body = problem.parse(await response.json())
      expect([response.status, body.code]).toEqual([401, "unauthenticated"])
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/)
      if (key !== null) answers.push(body.detail)
    }
    expect(new Set(answers).size).toBe(1)
  })

  test("a key in the address is refused, however good it is", async () => {
    const response = await api.call("GET", `/api/v1/events?api_key=${api.tenant.key}`, { key: null })
    expect(response.status).toBe(401)
    const hidden = await api.call("GET", `/api/v1/events?text=${api.tenant.key}`)
    expect(hidden.status).toBe(401)
    expect(await hidden.text()).not.toContain(api.tenant.key)
  })
})

describe("an answer", () => {
  test.each([
    ...addresses,
    ["GET", "/api/health"],
    ["GET", "/api/v1/openapi.json"],
    ["GET", "/api/nothing"],
  ] as const)(
    "of %s %s names its type, is not stored and not sniffed, and has a request id",
    async (method, path) => {
      const { headers } = await api.call(method, path, bodyOf(method))
      expect(headers.get("content-type")).toMatch(
        /^application\/(problem\+)?json; charset=utf-8$|^text\/csv; charset=utf-8/,
      )
      expect(headers.get("cache-control")).toBe("no-store")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  test("that refuses gives nothing away", async () => {
    const refusals = await Promise.all([
      api.call("GET", "/api/v1/events?text=%27%3B%20DROP%20TABLE%20x&cursor=%00"),
      api.call("GET", "/api/v1/events/%00"),
      api.call("POST", "/api/v1/events", { body: "{" }),
      api.call("POST", "/api/v1/events", { body: JSON.stringify(anEvent({ metadata: { a: "\u0000" } })) }),
      api.call("GET", "/api/nothing"),
      api.call("DELETE", "/api/v1/events"),
      api.call("GET", "/api/v1/key", { key: null }),
    ])
    for (const refusal of refusals) {
      expect(refusal.status).toBeGreaterThanOrEqual(400)
      expect(refusal.status).toBeLessThan(500)
      expect(await refusal.text()).not.toMatch(secrets)
    }
  })
})

describe("an address", () => {
  test("answers 405 with what it allows for another method", async () => {
    for (const method of ["PUT", "PATCH", "DELETE"] as const) {
      const response = await api.call(method, "/api/v1/events")
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"])
      expect(problem.parse(await response.json()).code).toBe("method-not-allowed")
    }
    expect((await api.call("GET", "/api/v1/events/search")).headers.get("allow")).toBe("POST")
    const options = await api.call("OPTIONS", "/api/v1/key")
    expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD"])
  })

  test("answers HEAD as GET, without a body", async () => {
    const response = await api.call("HEAD", "/api/v1/key")
    expect([response.status, await response.text()]).toEqual([200, ""])
  })

  test("that does not exist is 404, whoever asks", async () => {
    for (const method of ["GET", "POST", "DELETE"] as const) {
      const response = await api.call(method, "/api/v1/nothing", { key: null })
      expect([response.status, problem.parse(await response.json()).code]).toEqual([404, "not-found"])
    }
  })
})

describe("where a call comes from", () => {
  const lastSource = async () => (await readLog(api, api.tenant.organization)).at(-1)?.source
  const exportFrom = async (headers: Record<string, string>) => {
    await (await api.call("GET", "/api/v1/events/export?limit=1", { headers })).text()
    return lastSource()
  }

  test("is the connection's other end, whatever X-Forwarded-For claims", async () => {
    const forged = {
      "x-auditorium-peer": "203.0.113.77",
      "x-forwarded-for": "1.2.3.4",
      "x-real-ip": "1.2.3.4",
      forwarded: "for=1.2.3.4",
    }
    expect(await exportFrom(forged)).toEqual({
      ip: "203.0.113.77",
      ipText: "203.0.113.77",
      userAgent: "test/1",
    })
  })

  test("is what a trusted proxy says, and both addresses are kept", async () => {
    const proxied = {
      "x-auditorium-peer": "::ffff:192.0.2.1",
      "x-forwarded-for": "9.9.9.9, 198.51.100.4:4711, 192.0.2.9",
    }
    expect(await exportFrom(proxied)).toMatchObject({ ip: "198.51.100.4", peerIp: "192.0.2.1" })
  })
})

describe("a denial", () => {
  test("is in the log with who, what and from where; repeated ones of a minute are counted, not multiplied", async () => {
    const tenant = await api.makeTenant()
    const key = await tenant.makeKey(["LOG-INGESTION"])
    for (let round = 0; round < 20; round += 1) {
      expect((await api.call("GET", "/api/v1/events", { key })).status).toBe(403)
    }
    const denials = (await readLog(api, tenant.organization)).filter(event => event.status === "denied")
    // Two when the minute changed meanwhile.
    expect(denials.length).toBeLessThanOrEqual(2)
    expect(denials[0]).toMatchObject({
      operation: "event.search",
      actor: { type: "api_key" },
      source: { ip: "203.0.113.5" },
      metadata: { owasp: "authz_fail", count: 1 },
    })
  })
})

describe("while the database is away", () => {
  afterEach(() => gateway.mend().catch(() => undefined))

  test("everything is 503 with Retry-After and gives nothing away; when it is back, all works without a restart", async () => {
    const event = anEvent({ id: randomUUID() })
    const first = await api.call("POST", "/api/v1/events", { body: JSON.stringify(event) })
    expect(first.status).toBe(201)
    await gateway.cut()
    for (const [method, path] of addresses.slice(0, 5)) {
      const response = await api.call(
        method,
        path,
        method === "POST" ? { body: JSON.stringify(path.endsWith("search") ? {} : event) } : {},
      )
      const text = await response.text()
      expect([method, path, response.status]).toEqual([method, path, 503])
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1)
      expect(text).not.toMatch(secrets)
    }
    const sick = await api.call("GET", "/api/health")
    expect([sick.status, await sick.json()]).toMatchObject([
      503,
      { status: "unavailable", database: "unavailable" },
    ])
    await gateway.mend()
    const again = await api.call("POST", "/api/v1/events", { body: JSON.stringify(event) })
    expect([again.status, (await again.json()).leafHash]).toEqual([200, (await first.json()).leafHash])
    const well = await api.call("GET", "/api/health")
    expect([well.status, await well.json()]).toMatchObject([
      200,
      { status: "ok", migration: { pending: 0, fits: true } },
    ])
  })

  test("what was on its way is 503 or kept, never lost after 201, and a retry makes it one", async () => {
    const events = Array.from({ length: 200 }, () => anEvent({ id: randomUUID() }))
    const tenant = await api.makeTenant()
    await api.call("GET", "/api/v1/key", { key: tenant.key })
    const send = async (event: Record<string, unknown>) => {
      const response = await api.call("POST", "/api/v1/events", {
        key: tenant.key,
        body: JSON.stringify(event),
      })
      return response.status
    }
    let cutting: Promise<void> | undefined
    const statuses = await Promise.all(
      events.map(async (event, at) => {
        await sleep(at % 40)
        const status = await send(event)
        // With the first one held, most of them are running.
        if (status === 201) cutting ??= gateway.cut()
        return status
      }),
    )
    await cutting
    await gateway.mend()
    expect(statuses.every(status => status === 201 || status === 503)).toBe(true)
    const acknowledged = events.filter((_, at) => statuses[at] === 201).map(event => event.id)
    const kept = new Set((await readSent(api, tenant)).map(event => event.id))
    expect(acknowledged.filter(id => !kept.has(String(id)))).toEqual([])
    // As a sender does: 503 means try again.
    for (const event of events) await expect.poll(() => send(event)).toSatisfy(status => status < 300)
    expect((await readSent(api, tenant)).length).toBe(events.length)
  })
})
