import { once } from "node:events"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { type Api, anEvent, readLog, startApi, type Tenant } from "@/app/api/fixtures/api"
import * as health from "@/app/api/health/route"
import * as events from "@/app/api/v1/events/route"
import * as search from "@/app/api/v1/events/search/route"
import * as key from "@/app/api/v1/key/route"
import { jobPrincipal } from "@/lib/access/principal"
import { type CapturePolicy, shippedPolicy } from "@/lib/audit/capture/policy"
import type { AuditEvent } from "@/lib/audit/event/event"
import { attempt } from "@/lib/http/attempt"
import type { Method } from "@/lib/http/methods"
import type { RouteHandler } from "@/lib/http/route"
import { listApps } from "@/lib/operations/apps/list"
import { findOrganization } from "@/lib/operations/organizations/change"
import { createHttpServer } from "@/scripts/launcher/http-server.mjs"

let api: Api
let tenant: Tenant
let server: http.Server
let base: string
/** The ends of the responses, as the server sees them. */
const ends: Promise<unknown>[] = []

const handlers: Readonly<Record<string, Partial<Record<string, RouteHandler>>>> = {
  "/api/v1/key": key,
  "/api/v1/events": events,
  "/api/v1/events/search": search,
  "/api/health": health,
}

/** A page of the tenant that runs several operations, the first one outside of the organization. */
async function page({ headers }: Request): Promise<Response> {
  const authenticate = async (_: Headers, slug: string | null) =>
    jobPrincipal("page", slug === null ? null : tenant.organization)
  await attempt(listApps, { headers, organization: null, authenticate }, {})
  await attempt(listApps, { headers, organization: "acme", authenticate }, {})
  await attempt(findOrganization, { headers, organization: "acme", authenticate }, {})
  return new Response("<html>".repeat(10), { headers: { "content-type": "text/html" } })
}

/** What Next.js does with a request, as far as it matters here: a web request in, a web response out. */
async function handle(message: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  ends.push(once(response, "close"))
  const { pathname } = new URL(message.url ?? "", "http://localhost")
  const method = (message.method ?? "GET") as Method
  const body = method === "GET" ? undefined : (Readable.toWeb(message) as ReadableStream<Uint8Array>)
  const headers = new Headers(
    Object.entries(message.headers).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const init = { method, headers, body, duplex: "half" } satisfies RequestInit & { duplex: string }
  const request = new Request(`http://localhost${message.url}`, init)
  // A framework may change the request on its way.
  message.url = "/changed"
  if (pathname === "/acme/never-ends") {
    await page(request)
    response.write("the beginning")
    return
  }
  const handler = handlers[pathname]?.[method]
  const answer = await (handler ? handler(request, { params: Promise.resolve({}) }) : page(request))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  for await (const chunk of answer.body ?? []) response.write(chunk)
  response.end()
}

beforeAll(async () => {
  api = await startApi()
  server = createHttpServer({ handle, baseUrl: "http://localhost:3000" }).server
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await api.close()
})
beforeEach(async () => {
  tenant = await api.makeTenant()
})

/** Saves a policy for the tenant. */
async function save(policy: Partial<CapturePolicy>): Promise<void> {
  const { id } = tenant.organization
  const whole = { ...shippedPolicy, enabled: true, ownCalls: true, ...policy }
  const { rows } = await api.db.superuser.query(
    "UPDATE organization SET capture_version = capture_version + 1 WHERE id = $1 RETURNING capture_version AS version",
    [id],
  )
  await api.db.superuser.query(
    `INSERT INTO capture_policy (organization_id, version, policy, support_dump_includes, created_at, actor_type, actor_id, actor_name)
     VALUES ($1, $2, $3, false, now(), 'system', 'test', 'test')`,
    [id, rows[0].version, JSON.stringify(whole)],
  )
  api.platform.capturePolicies.forget(id)
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${tenant.key}`, connection: "close" })
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
  const response = await fetch(`${base}${path}`, { ...init, headers })
  await response.arrayBuffer()
  return response
}

/** The recorded calls of the tenant, once the server has seen the end of its responses, and what was answered is written. */
async function calls(): Promise<readonly AuditEvent[]> {
  await Promise.all(ends)
  await api.platform.ownCalls.settle()
  const log = await readLog(api, tenant.organization)
  return log.filter(({ operation }) => operation === "api.call")
}

describe("a call to the API of this console", () => {
  test("leaves nothing while the policy does not say so", async () => {
    await call("/api/v1/key")
    await save({ ownCalls: false })
    await call("/api/v1/key")
    await save({ enabled: false })
    await call("/api/v1/key")
    expect(await calls()).toEqual([])
  })

  test("leaves one event: who, what, from where, how long, how much, and how it ended", async () => {
    await save({})
    const response = await call("/api/v1/key?text=1", { headers: { "user-agent": "curl/8" } })
    const recorded = await calls()
    expect(recorded).toHaveLength(1)
    expect(recorded[0]).toMatchObject({
      operation: "api.call",
      description: "GET /api/v1/key",
      actor: { type: "api_key", name: "test" },
      status: "success",
      statusCode: "200",
      requestId: response.headers.get("x-request-id"),
      source: { ip: "127.0.0.1", userAgent: "curl/8" },
      http: { method: "GET", path: "/api/v1/key", status: 200, requestBytes: 0 },
      metadata: {
        call: { endpoint: "/api/v1/key", level: "metadata", policyVersion: 1, profile: "generic" },
        operations: ["api_key.describe"],
      },
    })
    expect(recorded[0]?.http?.responseBytes).toBeGreaterThan(100)
    expect(recorded[0]?.http?.durationMs).toBeGreaterThan(0)
    expect(JSON.stringify(recorded[0])).not.toContain("text=1")
  })

  test("leaves one event however many operations a page runs", async () => {
    await save({})
    await call("/acme/admin/settings")
    const recorded = await calls()
    expect(recorded.map(({ http: facts, metadata }) => [facts?.path, metadata.operations])).toEqual([
      ["/acme/admin/settings", ["application.list", "organization.find"]],
    ])
    expect(recorded[0]?.actor).toMatchObject({ type: "system", id: "page" })
  })

  test("is recorded when it was refused, with the reason", async () => {
    await save({})
    const weak = await tenant.makeKey(["LOG-INGESTION"])
    const response = await call("/api/v1/events", { headers: { authorization: `Bearer ${weak}` } })
    expect(response.status).toBe(403)
    expect(await calls()).toMatchObject([
      { status: "denied", statusCode: "403", statusMessage: expect.stringContaining("LOG-") },
    ])
  })

  test("has the bodies that the policy wants, and no secret", async () => {
    await save({ default: { call: true, data: true, resultData: true } })
    const secret = "hunter2-is-not-shown"
    const body = JSON.stringify({ text: "a-harmless-marker", password: secret })
    const headers = { "content-type": "application/json" }
    await call("/api/v1/events/search", { method: "POST", body, headers })
    const [event] = await calls()
    const text = JSON.stringify(event)
    expect(text).toContain("a-harmless-marker")
    expect(text).not.toContain(secret)
    expect(text).not.toContain(tenant.key)
    expect(event?.metadata.call).toMatchObject({ level: "request-response", response: expect.anything() })
  })

  test("is not recorded when it is ingestion, health, a prefetch or a number that a page asks for", async () => {
    await save({})
    const headers = { "content-type": "application/json" }
    const sent = await call("/api/v1/events", { method: "POST", body: JSON.stringify(anEvent()), headers })
    expect(sent.status).toBe(201)
    await call("/api/health")
    await call("/acme/admin/settings", { headers: { "next-router-prefetch": "1" } })
    await call("/acme/admin/settings", { headers: { "sec-purpose": "prefetch;anonymous-client-ip" } })
    await call("/acme/admin/audit-logs/count?window=1d")
    expect(await calls()).toEqual([])
    await call("/acme/admin/settings")
    expect(await calls()).toHaveLength(1)
  })

  test("whose client goes away before the end is a failure", async () => {
    await save({})
    const client = http.request(`${base}/acme/never-ends`, { headers: { authorization: "none" } })
    client.on("error", () => {})
    client.end()
    const [answer] = await once(client, "response")
    await once(answer, "data")
    client.destroy()
    expect(await calls()).toMatchObject([
      { status: "failure", statusMessage: "The client went away", http: { path: "/acme/never-ends" } },
    ])
  })

  test("is counted by endpoint and class, also when the policy ignores it", async () => {
    await save({ ignore: ["/api/v1/key"] })
    await call("/api/v1/key")
    await call("/api/v1/key")
    await call("/api/v1/events/search", {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    })
    expect(await calls()).toHaveLength(1)
    await api.platform.ownCounts.flush()
    const { rows } = await api.db.superuser.query(
      "SELECT endpoint, method, class, calls::int FROM capture_count WHERE organization_id = $1 ORDER BY endpoint",
      [tenant.organization.id],
    )
    expect(rows).toEqual([
      { endpoint: "/api/v1/events/search", method: "POST", class: "4xx", calls: 1 },
      { endpoint: "/api/v1/key", method: "GET", class: "2xx", calls: 2 },
    ])
  })

  test("of nobody who is known is only counted", async () => {
    await save({})
    await call("/api/v1/key")
    expect(await calls()).toHaveLength(1)
    const { counts } = api.platform.ownCalls
    const before = counts.withoutOrganization
    const refused = await call("/api/v1/key", { headers: { authorization: "Bearer aud_nobody" } })
    expect(refused.status).toBe(401)
    expect(await calls()).toHaveLength(1)
    expect(counts.withoutOrganization).toBe(before + 1)
  })

  test("is answered all the same when it cannot be recorded, which is counted and logged", async () => {
    await save({})
    await call("/api/v1/key")
    await calls()
    await api.db.owner.query(`
      CREATE FUNCTION public.refusing() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no room'; END$$;
      CREATE TRIGGER refusing BEFORE INSERT ON ledger.event FOR EACH ROW EXECUTE FUNCTION public.refusing()`)
    vi.stubEnv("LOG_LEVEL", "warn")
    const lines: string[] = []
    const write = vi.spyOn(process.stderr, "write").mockImplementation(text => lines.push(String(text)) > 0)
    try {
      const before = api.platform.ownCalls.counts.dropped
      expect((await call("/api/v1/key")).status).toBe(200)
      expect(await calls()).toHaveLength(1)
      expect(api.platform.ownCalls.counts.dropped).toBe(before + 1)
      expect(lines.join("")).toContain('"event":"own_calls.dropped"')
    } finally {
      write.mockRestore()
      vi.unstubAllEnvs()
      await api.db.owner.query("DROP FUNCTION public.refusing CASCADE")
    }
  })
})
