import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, readSent, startApi, type Tenant } from "@/app/api/fixtures/api"
import { eventPage, foundEvent, problem } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
let other: Tenant
const ids: string[] = []
beforeAll(async () => {
  api = await startApi()
  other = await api.makeTenant()
  const vision = await api.tenant.makeKey(["LOG-INGESTION"], "vision")
  for (let at = 0; at < 60; at += 1) ids.push(randomUUID())
  const sent = ids.map((id, at) =>
    anEvent({
      id,
      // Three of each share their time, so that pages must not lose any at a boundary.
      occurredAt: `2026-11-${String(1 + Math.floor(at / 3)).padStart(2, "0")}T12:00:00Z`,
      operation: at % 2 === 0 ? "invoice.approve" : "workflow.create",
      status: at % 5 === 0 ? "failure" : "success",
      actor: { type: "user", id: at % 3 === 0 ? "ada" : "bob", name: at % 3 === 0 ? "Ada" : "Bob" },
      requestId: `request-${Math.floor(at / 3)}`,
    }),
  )
  const asApp = (key: string, events: readonly unknown[]) =>
    api.call("POST", "/api/v1/events", { key, body: JSON.stringify(events) })
  expect((await asApp(api.tenant.key, sent.slice(0, 40))).status).toBe(201)
  expect((await asApp(vision, sent.slice(40))).status).toBe(201)
  expect((await asApp(other.key, [anEvent()])).status).toBe(201)
})
afterAll(() => api.close())

/** November 2026, without the console's own events. */
const window = "from=2026-11-01&to=2026-11-30&-app=auditorium"

async function get(path: string, key?: string) {
  const response = await api.call("GET", path, key === undefined ? {} : { key })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

async function pages(query: string): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null = ""
  while (cursor !== null) {
    const { status, body } = await get(`/api/v1/events?${query}${cursor && `&cursor=${cursor}`}`)
    expect(status).toBe(200)
    const page = eventPage.parse(body)
    found.push(...page.events.map(event => event.id))
    cursor = page.nextCursor
  }
  return found
}

describe("searching", () => {
  test("gives every event once, newest first, over pages whose borders share an instant", async () => {
    const found = await pages(`${window}&limit=7`)
    expect(found).toHaveLength(60)
    expect(new Set(found)).toEqual(new Set(ids))
    expect(found).toEqual(await pages(`${window}&limit=100`))
    expect((await pages(`${window}&order=oldest&limit=7`)).reverse()).toEqual(found)
  })

  test("narrows by each filter, and the JSON form means the same", async () => {
    const cases: readonly [string, Record<string, unknown>, number][] = [
      ["app=billing", { include: { app: ["billing"] } }, 40],
      [
        "operation=invoice.approve&status=failure",
        { include: { operation: ["invoice.approve"], status: ["failure"] } },
        6,
      ],
      ["actor=ada&actor=bob", { include: { actor: ["ada", "bob"] } }, 60],
      ["-actor=ada", { exclude: { actor: ["ada"] } }, 40],
      ["request=request-3", { include: { request: ["request-3"] } }, 3],
      [
        "ip=198.51.100.0/24&text=invoice.app",
        { include: { ip: ["198.51.100.0/24"] }, text: "invoice.app" },
        30,
      ],
    ]
    for (const [query, object, expected] of cases) {
      const byAddress = await pages(`${window}&${query}&limit=100`)
      expect([query, byAddress.length]).toEqual([query, expected])
      const whole = { from: "2026-11-01", to: "2026-11-30", limit: 100, ...object }
      const exclude = { app: ["auditorium"], ...(object.exclude as object) }
      const response = await api.call("POST", "/api/v1/events/search", {
        body: JSON.stringify({ ...whole, exclude }),
      })
      const page = eventPage.parse(await response.json())
      expect(page.events.map(event => event.id)).toEqual(byAddress)
    }
  })

  test("fixes a query when it is asked: later events are on no later page of it", async () => {
    const first = await get(`/api/v1/events?${window}&limit=50`)
    const late = await api.call("POST", "/api/v1/events", {
      body: JSON.stringify(anEvent({ occurredAt: "2026-11-02T00:00:00Z", operation: "late.come" })),
    })
    const { id } = await late.json()
    const next = await get(`/api/v1/events?${window}&limit=50&cursor=${first.body.nextCursor}`)
    expect(next.body.events.map((event: { id: string }) => event.id)).not.toContain(id)
    expect(next.body.asOf).toBe(first.body.asOf)
    const again = await get(`/api/v1/events?${first.body.fixedQuery}&limit=100`)
    expect(again.body.events).toHaveLength(60)
  })

  test("in recorded order lets a puller come back for more with its last cursor", async () => {
    const start = await get("/api/v1/events?order=recorded&limit=100")
    const indexes = start.body.events.map((event: { index: number }) => event.index)
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b))
    const sent = await (
      await api.call("POST", "/api/v1/events", { body: JSON.stringify(anEvent({ operation: "late.come" })) })
    ).json()
    const next = await get(`/api/v1/events?order=recorded&limit=100&cursor=${start.body.nextCursor}`)
    expect(next.body.events.map((event: { id: string }) => event.id)).toContain(sent.id)
  })

  test("names the apps of its events", async () => {
    const { body } = await get(`/api/v1/events?${window}&limit=100`)
    expect(body.apps.map((app: { slug: string }) => app.slug).sort()).toEqual(["billing", "vision"])
  })
})

describe("a query that is not understood", () => {
  test.each([
    ["windw=30d", "/windw"],
    ["operation=", "/operation"],
    ["status=maybe", "/status"],
    ["ip=1.2.3", "/ip"],
    ["app=unknown", "/app"],
    ["-app=unknown", "/-app"],
    ["limit=101", "/limit"],
    ["limit=0", "/limit"],
    ["zone=Mars/Base", "/zone"],
    ["from=yesterday", "/from"],
    ["order=random", "/order"],
    ["cursor=abc", "/cursor"],
    ["offset=100", "/offset"],
  ])("%s is 422 at %s, never a search without it", async (query, pointer) => {
    const { status, body } = await get(`/api/v1/events?${query}`)
    expect([status, problem.parse(body).errors?.[0]?.pointer]).toEqual([422, pointer])
  })

  test.each([
    [{ include: { operation: "a.b" } }, 422, "/include/operation"],
    [{ include: { app: ["unknown"] } }, 422, "/include/app"],
    [{ filter: {} }, 422, "/filter"],
    [[], 422, ""],
  ])("as JSON %j is %d at %s", async (query, expected, pointer) => {
    const response = await api.call("POST", "/api/v1/events/search", { body: JSON.stringify(query) })
    expect([response.status, (await response.json()).errors[0].pointer]).toEqual([expected, pointer])
  })

  test("as broken JSON is 400, as a large body 413", async () => {
    expect((await api.call("POST", "/api/v1/events/search", { body: '{"limit":' })).status).toBe(400)
    expect((await api.call("POST", "/api/v1/events/search", { body: " ".repeat(70_000) })).status).toBe(413)
  })
})

describe("a cursor", () => {
  const cursorOf = async (query: string, key?: string) =>
    (await get(`/api/v1/events?${query}`, key)).body.nextCursor

  test("of another query, another organization or changed by a letter is refused", async () => {
    const cursor: string = await cursorOf(`${window}&limit=5`)
    const changed = `${cursor[0] === "A" ? "B" : "A"}${cursor.slice(1)}`
    const foreign = await cursorOf("window=all&limit=1", other.key)
    const attempts = [
      `${window}&limit=5&status=success&cursor=${cursor}`,
      `${window}&limit=5&order=oldest&cursor=${cursor}`,
      `${window}&limit=5&cursor=${changed}`,
      `${window}&limit=5&cursor=${cursor}=`,
      `window=all&limit=1&cursor=${foreign}`,
    ]
    for (const query of attempts) {
      const { status, body } = await get(`/api/v1/events?${query}`)
      expect([query, status, body.errors[0].pointer]).toEqual([query, 422, "/cursor"])
    }
    expect((await get(`/api/v1/events?${window}&limit=50&cursor=${cursor}`)).status).toBe(200)
  })
})

describe("one event", () => {
  test("is found whole", async () => {
    const { status, body } = await get(`/api/v1/events/${ids[0]}`)
    expect(status).toBe(200)
    expect(foundEvent.parse(body)).toMatchObject({
      event: { id: ids[0] },
      raw: null,
      app: { slug: "billing" },
    })
    expect((await get(`/api/v1/events/${ids[0]?.toUpperCase()}`)).body.event.id).toBe(ids[0])
  })

  test("of another organization, unknown or no id at all is the same 404", async () => {
    const [foreign] = await readSent(api, other)
    const answers = []
    for (const id of [foreign?.id, randomUUID(), "1", "%27%20OR%201=1", "null"]) {
      const { status, body, headers } = await get(`/api/v1/events/${id}`)
      const names = [...headers.keys()].sort()
      answers.push({ status, names, ...body, requestId: "" })
    }
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, code: "not-found" })
  })

  test("that was imported comes with its original bytes", async () => {
    const original = Buffer.from([0, 255, 10, 13, 0xe2, 0x82])
    const sent = anEvent({
      id: randomUUID(),
      occurredAt: "2025-01-01T00:00:00Z",
      rawFormat: "test",
      raw: original.toString("base64"),
    })
    expect((await api.call("POST", "/api/v1/events", { body: JSON.stringify(sent) })).status).toBe(201)
    expect((await get(`/api/v1/events/${sent.id}`)).body.raw).toBe(original.toString("base64"))
  })
})

describe("a key", () => {
  test("that may only write is 403 on every reading address, and one that may only read on writing", async () => {
    const writer = await api.tenant.makeKey(["LOG-INGESTION"])
    for (const path of ["/api/v1/events", `/api/v1/events/${ids[0]}`, "/api/v1/events/export"]) {
      const { status, body } = await get(path, writer)
      expect([path, status, body.code, body.events]).toEqual([path, 403, "forbidden", undefined])
    }
    const search = await api.call("POST", "/api/v1/events/search", { key: writer, body: "{}" })
    expect(search.status).toBe(403)
    const reader = await api.tenant.makeKey(["LOG-MANAGEMENT"])
    const written = await api.call("POST", "/api/v1/events", { key: reader, body: JSON.stringify(anEvent()) })
    expect(written.status).toBe(403)
  })

  test("without the permission is told so before its body is looked at", async () => {
    const reader = await api.tenant.makeKey(["LOG-MANAGEMENT"])
    expect((await api.call("POST", "/api/v1/events", { key: reader, body: "{" })).status).toBe(403)
    const writer = await api.tenant.makeKey(["LOG-INGESTION"])
    expect((await get("/api/v1/events?no-such-parameter=1", writer)).status).toBe(403)
  })

  test("of another organization sees that one only", async () => {
    const { body } = await get("/api/v1/events?window=all&limit=100", other.key)
    const organizations = new Set(
      body.events.map((event: { organizationId: string }) => event.organizationId),
    )
    expect([...organizations]).toEqual([other.organization.id])
  })

  test.each([["LOG-EXPORT"], ["LOG-OWN"]] as const)(
    "of %s alone reads nothing but what it did itself",
    async scope => {
      const own = await api.tenant.makeKey([scope])
      expect((await get("/api/v1/events?window=all", own)).body.events).toEqual([])
      const refused = await api.call("POST", "/api/v1/events", { key: own, body: "{}" })
      expect(refused.status).toBe(403)
      const { body } = await get("/api/v1/events?window=all", own)
      expect(body.events).toMatchObject([{ operation: "event.ingest", status: "denied" }])
      const exported = await api.call("GET", "/api/v1/events/export?format=jsonl&window=all", { key: own })
      expect(exported.status).toBe(scope === "LOG-EXPORT" ? 200 : 403)
      if (exported.status !== 200) return
      const actors = (await exported.text())
        .trimEnd()
        .split("\n")
        .map(line => JSON.parse(line).actor.id)
      expect(new Set(actors)).toEqual(new Set([body.events[0].actor.id]))
    },
  )

  test("tells its holder what it is", async () => {
    const key = await api.tenant.makeKey(["LOG-INGESTION"], "vision")
    const { status, body } = await get("/api/v1/key", key)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      organization: { slug: api.tenant.organization.slug },
      app: { slug: "vision" },
      permissions: ["LOG-INGESTION"],
    })
  })
})
