import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, lines, readLog, type Sent, startApi, templateOf } from "@/app/api/fixtures/api"
import type { AuditEvent } from "@/lib/audit/event/event"
import { RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"
import type { Method } from "@/lib/http/methods"
import { endpoints } from "@/lib/operations/openapi/openapi"

let api: Api
let served: Served
let validator: Ajv2020

interface Served {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >
}
interface Answer {
  readonly content: Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>
}

beforeAll(async () => {
  api = await startApi(() => ({ OUTBOUND_ALLOW: "127.0.0.1" }))
  served = await (await api.call("GET", "/api/v1/openapi.json")).json()
  validator = new Ajv2020({ strict: false, allErrors: true })
  validator.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  validator.addFormat("base64", /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/)
  validator.addFormat("date-time", /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/)
  validator.addSchema({ $id: "served", ...served })
})
afterAll(() => api.close())

const validators = new Map<string, ValidateFunction>()

/** Returns the validator for one response, as the served document describes it. */
function validatorFor(method: string, template: string, status: number, type: string): ValidateFunction {
  const described = served.paths[template]?.[method]?.responses[status]
  const key = `${method} ${template} ${status} ${type}`
  if (!described) throw new Error(`${key} is not described`)
  const known = validators.get(key)
  if (known) return known
  const schema = described.content[type]?.schema
  if (!schema) throw new Error(`${key} has no schema`)
  // Within the document a reference begins at its root.
  const text = JSON.stringify(schema).replaceAll('"#/', '"served#/')
  const made = validator.compile(JSON.parse(text))
  validators.set(key, made)
  return made
}

const seen = new Set<string>()

/** Calls the API and validates the response against the served description. */
async function call(method: Method, address: string, sent: Sent = {}) {
  const response = await api.call(method, address, sent)
  const text = await response.text()
  const type = response.headers.get("content-type")?.split(";")[0] ?? ""
  const [pathname = ""] = address.split("?")
  const template = templateOf(pathname)
  if (response.status === 304) {
    expect(text).toBe("")
    expect(served.paths[template]?.[method.toLowerCase()]?.responses[304]).toBeDefined()
    seen.add(`${method.toLowerCase()} ${template} 304`)
    return { status: 304, text, values: [] }
  }
  const validate = validatorFor(method.toLowerCase(), template, response.status, type)
  const values =
    type === "text/csv" ? [text] : type === "application/jsonl" ? linesOf(text) : [JSON.parse(text)]
  for (const value of values) {
    validate(value)
    expect(validate.errors ?? [], `${method} ${address}: ${JSON.stringify(value).slice(0, 2000)}`).toEqual([])
  }
  seen.add(`${method.toLowerCase()} ${template} ${response.status}`)
  return { status: response.status, text, values }
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line))
const post = (body: unknown, sent: Sent = {}) =>
  call("POST", "/api/v1/events", { body: typeof body === "string" ? body : JSON.stringify(body), ...sent })
const ndjson = { type: "application/x-ndjson" }

/** Events of every form that the API accepts: the fullest, the smallest, and ids of no known version. */
const shapes: readonly Record<string, unknown>[] = [
  anEvent({
    id: "01234567-89ab-cdef-0123-456789abcdef",
    changes: [{ path: "", before: null, after: { a: 1 } }],
  }),
  anEvent({
    id: randomUUID().toUpperCase(),
    source: { userAgent: "curl" },
    statusCode: 7,
    occurredAt: "2026-11-20 10:00:00",
  }),
  anEvent({
    ...{
      occurredAt: undefined,
      requestId: "",
      traceId: "",
      statusCode: "",
      statusMessage: "",
      details: [""],
    },
    actor: { type: "anonymous", name: "", email: "", role: "", attributes: {} },
    source: { ip: "", peerIp: "::ffff:203.0.113.9", userAgent: "" },
    http: { method: "", path: "", route: "", status: 0, durationMs: 0, requestBytes: 2 ** 53 - 1 },
  }),
  anEvent({
    actor: {
      type: "staff",
      id: "s",
      sessionHash: "A".repeat(64),
      onBehalfOf: { type: "user", id: "u" },
      credential: { type: "k", id: "1", name: "" },
    },
    metadata: { "": [null, true, 0.1, { deep: ["\u{1f602}"] }] },
    targets: [{ type: "t", id: "\u{1f602}".repeat(256), name: "", attributes: {} }],
    ...{
      operation: "a.b",
      family: "f",
      description: "d",
      operationCode: 2 ** 31 - 1,
      environment: "e",
      sourceId: "s",
    },
  }),
  anEvent({ rawFormat: "x", rawWithheld: "too large" }),
  anEvent({
    ...{ rawFormat: "x", raw: "YQ==", occurredAt: "2026-11-20T00:00:00Z" },
    ...{ occurredAtText: "20 Nov 2026", occurredAtAssumed: "time" },
  }),
]

const fixtures = ["clarifai.json", "clearml.jsonl", "cloudtrail.json"].map(name =>
  readFileSync(path.resolve("lib/formats/fixtures", name), "utf8"),
)

function foreign(appId: string): string[] {
  return fixtures.flatMap(text => {
    const texts = text.startsWith('{"@timestamp"') ? text.trimEnd().split("\n") : [text]
    const format = formatFor("auto", texts[0] ?? "")
    const ids = new RecordIds(appId, format.name)
    return texts.flatMap(each => [...format.read(each, { ids })].flatMap(({ event }) => event ?? []))
  })
}

let isFilled = false

async function fill(): Promise<void> {
  if (isFilled) return
  isFilled = true
  const [app] = api.tenant.apps
  for (const shape of shapes) expect(await post(shape)).toMatchObject({ status: 201 })
  await post(foreign(app?.id ?? "").join("\n"), ndjson)
}

describe("every answer of every operation is as the served description says", () => {
  test("to events of all shapes, one and many, kept or not", async () => {
    await fill()
    const id = randomUUID()
    const event = anEvent({ id })
    const batch = [event, 7, anEvent({ id: "nonsense", status: "no" }), anEvent({ id, description: "other" })]
    expect((await post(event)).status).toBe(201)
    expect((await post(event)).status).toBe(200)
    expect((await post({ ...event, description: "Other" })).status).toBe(409)
    expect((await post({ operation: "X", "a/b~": 1 })).status).toBe(422)
    expect((await post([...batch, anEvent()])).status).toBe(201)
    expect((await post(batch)).status).toBe(200)
    expect((await post([7, { ...event, description: "Other" }])).status).toBe(422)
    expect((await post("{")).status).toBe(400)
    expect((await post(lines(batch), ndjson)).status).toBe(200)
    expect((await post("", ndjson)).status).toBe(422)
    expect((await post("{}", { type: "text/plain" })).status).toBe(415)
    expect((await post(`${" ".repeat(1024 * 1024)}{}`)).status).toBe(413)
  })

  test("to questions, exports and look-ups of own and of imported events", async () => {
    const log = await readLog(api, api.tenant.organization)
    expect(log.some(event => event.changes.some(change => change.path === ""))).toBe(true)
    for (const order of ["newest", "oldest", "recorded"]) {
      const page = await call("GET", `/api/v1/events?window=all&limit=100&order=${order}`)
      expect(page.values[0].events.length).toBeGreaterThan(15)
    }
    await call("GET", "/api/v1/events?window=all&limit=1")
    expect((await call("GET", "/api/v1/events?nothing=1")).status).toBe(422)
    const search = (body: string, sent: Sent = {}) => call("POST", "/api/v1/events/search", { body, ...sent })
    expect((await search('{"window":"all","limit":100}')).status).toBe(200)
    expect((await search('{"limit":0}')).status).toBe(422)
    expect((await search("{")).status).toBe(400)
    expect((await search("{}", { type: "text/plain" })).status).toBe(415)
    expect((await search(`{}${" ".repeat(2 * 1024 * 1024)}`)).status).toBe(413)
    expect(
      (await call("GET", "/api/v1/events/export?format=jsonl&window=all&order=recorded")).values,
    ).toHaveLength(log.length + 1)
    expect((await call("GET", "/api/v1/events/export?format=csv&window=all")).status).toBe(200)
    expect((await call("GET", "/api/v1/events/export?format=pdf")).status).toBe(422)
    for (const event of log) expect((await call("GET", `/api/v1/events/${event.id}`)).status).toBe(200)
    expect((await call("GET", `/api/v1/events/${randomUUID()}`)).status).toBe(404)
    expect((await call("GET", "/api/v1/key")).status).toBe(200)
  })

  test("to readers and writers of the capture policy, as it is ours and as UCP's settings, and to reports of counts", async () => {
    const manager = await api.tenant.makeKey(["CAPTURE-MANAGEMENT"])
    const producer = await api.tenant.makeKey(["LOG-INGESTION"])
    const policyPath = "/api/v1/capture/policy"
    const first = await api.call("GET", policyPath, { key: manager })
    const { policy } = await first.json()
    const etag = first.headers.get("etag") ?? ""
    expect((await call("GET", policyPath, { key: producer })).status).toBe(200)
    expect((await call("GET", policyPath, { key: manager, headers: { "if-none-match": etag } })).status).toBe(
      304,
    )

    const ucpPath = "/api/ucp/config/logging"
    const settings = { logLevel: "INFO", auditLevel: "metadata", supportDumpIncludeAuditLogs: false }
    expect((await call("GET", ucpPath, { key: manager })).status).toBe(200)
    const good = { [policyPath]: { policy: { ...policy, enabled: true } }, [ucpPath]: settings }
    const bad: Readonly<Record<string, unknown>> = {
      [policyPath]: { policy: { ...policy, rules: 7 } },
      [ucpPath]: { ...settings, auditLevel: "all" },
    }
    for (const [path, body] of Object.entries(good)) {
      const put = (sent: Sent) => call("PUT", path, { key: manager, ...sent })
      const text = JSON.stringify(body)
      expect((await put({ body: text })).status).toBe(200)
      expect((await put({ body: text, headers: { "if-match": '"never"' } })).status).toBe(412)
      expect((await put({ body: JSON.stringify(bad[path]) })).status).toBe(422)
      expect((await put({ body: "{" })).status).toBe(400)
      expect((await put({ body: text, type: "text/plain" })).status).toBe(415)
      expect((await put({ body: `${text}${" ".repeat(2 * 1024 * 1024)}` })).status).toBe(413)
    }

    const report = (members: object = {}) =>
      JSON.stringify({
        ...{
          instance: randomUUID(),
          sequence: 1,
          kind: "express",
          version: "0.1.0",
          policyVersion: 0,
          dropped: 0,
        },
        ...{ counts: [], ...members },
      })
    const tell = (sent: Sent) => call("POST", "/api/v1/capture/counts", { key: producer, ...sent })
    expect((await tell({ body: report() })).status).toBe(200)
    expect((await tell({ body: report({ counts: 7 }) })).status).toBe(422)
    expect((await tell({ body: "{" })).status).toBe(400)
    expect((await tell({ body: report(), type: "text/plain" })).status).toBe(415)
    expect((await tell({ body: `${report()}${" ".repeat(2 * 1024 * 1024)}` })).status).toBe(413)
  })

  test("to those who manage sinks", async () => {
    const key = await api.tenant.makeKey(["SINK-MANAGEMENT", "LOG-MANAGEMENT"])
    const sinks = "/api/v1/sinks"
    const send = (method: Method, path: string, body?: unknown, sent: Sent = {}) =>
      call(method, path, { key, ...(body !== undefined && { body: JSON.stringify(body) }), ...sent })
    const secret = `whsec_${Buffer.alloc(32).toString("base64")}`
    const settings = { url: "http://127.0.0.1:1/hook" }
    const draft = { kind: "webhook", settings, credentials: { secret } }
    const creation = { name: "Hook", ...draft, begin: { at: "beginning" } }

    const { values, status } = await send("POST", sinks, creation)
    expect(status).toBe(201)
    expect((await send("POST", sinks, creation)).status).toBe(409)
    const one = `${sinks}/${values[0].id}`
    const none = `${sinks}/${randomUUID()}`
    expect((await send("GET", sinks)).values[0].sinks).toHaveLength(1)
    expect((await send("GET", `${sinks}/kinds`)).values[0].kinds.length).toBeGreaterThan(5)
    expect((await send("GET", one)).status).toBe(200)
    expect((await send("PATCH", one, { version: 1, name: "Renamed" })).status).toBe(200)
    expect((await send("PATCH", one, { version: 1, name: "Again" })).status).toBe(409)
    expect((await send("PATCH", none, { version: 1 })).status).toBe(404)
    expect((await send("POST", `${sinks}/test`, { draft })).values[0].taken).toBe(false)
    expect((await send("POST", `${one}/test`)).status).toBe(200)
    expect((await send("POST", `${one}/pause`)).status).toBe(200)
    expect((await send("POST", `${one}/pause`)).status).toBe(409)
    expect((await send("POST", `${one}/resume`)).status).toBe(200)
    expect((await send("POST", `${one}/resume`)).status).toBe(409)

    const range = { first: 0, past: 2 }
    expect((await send("GET", `${one}/range?first=0&past=2`)).values[0]).toMatchObject({ events: 2 })
    const replaying = await send("POST", `${one}/replays`, { range })
    expect(replaying.status).toBe(201)
    for (let count = 1; count < 5; count++) await send("POST", `${one}/replays`, { range })
    expect((await send("POST", `${one}/replays`, { range })).status).toBe(409)
    const [{ id: replayId }] = replaying.values[0].replays
    expect((await send("DELETE", `${one}/replays/${replayId}`)).status).toBe(200)
    const members = [values[0].id, api.tenant.organization.id]
    await api.db.superuser.query(
      `INSERT INTO sink_delivery (id, sink_id, organization_id, cursor_id, first, past, batch_id, at, duration_ms, outcome, events, taken, refused, bytes)
       VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), 0, 1, gen_random_uuid(), now(), 1, 'later', 1, 0, 0, 9)`,
      members,
    )
    await api.db.superuser.query(
      `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, dead_at, first_refused_at, last_refused_at, reason)
       VALUES (gen_random_uuid(), $1, $2, 0, gen_random_uuid(), 3, now(), now(), now(), 'Refused.')`,
      members,
    )
    expect(
      (await send("GET", `${one}/deliveries?troubledOnly=true&hours=2`)).values[0].deliveries,
    ).toHaveLength(1)
    expect((await send("GET", `${one}/dead-letters?limit=1`)).values[0].deadLetters).toHaveLength(1)
    expect((await send("POST", `${one}/dead-letters/retry`, {})).values[0]).toEqual({ retried: 1 })

    for (const { method, path: template, refusals, requestBody } of endpoints) {
      if (!template.startsWith(sinks)) continue
      const verb = method.toUpperCase() as Method
      const filled = template.replace("{replayId}", randomUUID())
      if (requestBody) {
        const address = filled.replace("{id}", values[0].id)
        expect((await send(verb, address, undefined, { body: "{" })).status).toBe(400)
        expect((await send(verb, address, undefined, { body: "{}", type: "text/plain" })).status).toBe(415)
        expect((await send(verb, address, undefined, { body: `{}${" ".repeat(600 * 1024)}` })).status).toBe(
          413,
        )
        expect((await send(verb, address, { nothing: "like this" })).status).toBe(422)
      }
      if (!refusals.includes(404)) continue
      const body = { retry: {}, replays: { range } }[template.split("/").at(-1) ?? ""] ?? { version: 1 }
      const query = template.endsWith("/range") ? "?first=0&past=1" : ""
      const unknown = `${filled.replace("{id}", randomUUID())}${query}`
      expect((await send(verb, unknown, requestBody ? body : undefined)).status).toBe(404)
      if (!requestBody) expect((await send(verb, filled.replace("{id}", "nonsense"))).status).toBe(422)
    }
    expect((await send("DELETE", one)).status).toBe(200)
  })

  test("to callers without a key, and to keys that may not", async () => {
    const weak = await api.tenant.makeKey(["LOG-INGESTION"])
    const strong = await api.tenant.makeKey(["LOG-MANAGEMENT"])
    for (const { method, path: template } of endpoints) {
      const address = template.replace("{id}", randomUUID()).replace("{replayId}", randomUUID())
      const body = method === "get" ? {} : { body: "{}" }
      const verb = method.toUpperCase() as Method
      expect((await call(verb, address, { key: null, ...body })).status).toBe(401)
      if (template === "/api/v1/key") continue
      // What producers do, and what they may read: refused to readers of the log.
      const isForProducers =
        (template === "/api/v1/events" && verb === "POST") ||
        template === "/api/v1/capture/counts" ||
        (template === "/api/v1/capture/policy" && verb === "GET")
      const key = isForProducers ? strong : weak
      expect((await call(verb, address, { key, ...body })).status).toBe(403)
    }
  })

  test("and every status that the description gives to an operation's own doing was seen", () => {
    const own = endpoints.flatMap(({ method, path: template, answers, refusals }) =>
      [...Object.keys(answers), 401, ...refusals, ...(template === "/api/v1/key" ? [] : [403])].map(
        status => `${method} ${template} ${status}`,
      ),
    )
    // These need a failing database, a clock or a dropped month: their response is the same document, and is tested in
    // refusals.test.ts, find-event.test.ts and (for what an environment locks) capture/locked.test.ts and sinks/server.test.ts.
    const elsewhere = /504$|408$|410$|^put .* 409$|^delete .* 409$|\/test 409$/
    expect(own.filter(each => !elsewhere.test(each) && !seen.has(each))).toEqual([])
  })
})

describe("an event that is exported as JSON Lines and read again with the same key", () => {
  /** Returns what the command would send for an exported file. */
  function readAgain(exported: string): string[] {
    const ids = new RecordIds(api.tenant.apps[0]?.id ?? "", "auditorium")
    const format = formatFor("auditorium", "")
    return exported
      .trimEnd()
      .split("\n")
      .flatMap(line => [...format.read(line, { ids })].flatMap(({ event }) => event ?? []))
  }
  const exportAll = async () =>
    (await call("GET", "/api/v1/events/export?format=jsonl&window=all&order=recorded")).text
  const outcomes = async (events: readonly string[]) =>
    (await post(events.join("\n"), ndjson)).values[0].results.map((each: { outcome: string }) => each.outcome)

  test("is a duplicate, whether it is the console's own, a producer's or an imported one", async () => {
    await fill()
    const exported = await exportAll()
    const events: AuditEvent[] = linesOf(exported)
    expect(new Set(events.map(event => event.appId)).size).toBeGreaterThan(1)
    expect(events.some(event => event.occurredAtAssumed === "received")).toBe(true)
    const before = (await readLog(api, api.tenant.organization)).length
    expect(await outcomes(readAgain(exported))).toEqual(events.map(() => "duplicate"))
    expect(await readLog(api, api.tenant.organization)).toHaveLength(before)
  })

  const changed: readonly [string, (event: AuditEvent) => object][] = [
    ["description", ({ description }) => ({ description: `${description}.` })],
    ["actor", ({ actor: { id, ...others } }) => ({ actor: { ...others, id: `${id}x` } })],
    ["time", ({ occurredAt, occurredAtText }) => otherYear(occurredAtText ?? occurredAt)],
    ["status", ({ status }) => ({ status: status === "unknown" ? "denied" : "unknown" })],
    ["family", ({ family }) => ({ family: `${family}x` })],
    ["origin", ({ source }) => ({ source: { ...source, ipText: "elsewhere" } })],
    ["changes", ({ changes }) => ({ changes: [...changes, { path: "", before: 1, after: 2 }] })],
    ["metadata", ({ metadata }) => ({ metadata: { ...metadata, x: 1 } })],
  ]
  const otherYear = (text: string) => {
    const time = `${text.slice(0, 3)}${text.charAt(3) === "1" ? "2" : "1"}${text.slice(4)}`
    return { occurredAt: time, occurredAtText: undefined }
  }

  test.each(changed)("is a conflict when one character of its %s is another", async (_, change) => {
    const exported = linesOf(await exportAll()).filter(
      event => event.raw === undefined && event.rawFormat === undefined,
    )
    const others = exported.map(event => JSON.stringify({ ...event, ...change(event) }))
    expect(exported.length).toBeGreaterThan(8)
    expect(await outcomes(readAgain(others.join("\n")))).toEqual(exported.map(() => "conflict"))
  })
})
