import { Client } from "@opensearch-project/opensearch"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { type Batch, SinkError, type Written } from "@/lib/sinks/sink"
import { instant } from "@/test/events"
import { acme, batchOf, globex } from "@/test/sinks/batch"
import { startCluster, type TestCluster } from "@/test/sinks/elasticsearch"
import { outboundFor } from "@/test/sinks/outbound-for"
import { sinkPage } from "@/test/sinks/page"
import { elasticsearch } from "./elasticsearch"

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())
beforeEach(() => {
  Object.assign(cluster.rules, {
    mostBytes: 100 * 1024 * 1024,
    refuse: () => null,
    items: (items: readonly JsonObject[]) => items,
    authorizations: null,
    ignoresFilter: false,
    dataStreams: [],
  })
})

let indices = 0

/** Opens a connection to an index of its own. */
async function openSink(more: JsonObject = {}, credentials: Readonly<Record<string, string>> = {}) {
  const index = `index-${indices++}`
  const url = `http://127.0.0.1:${cluster.port}`
  const settings = elasticsearch.settings.parse({ url, index, ...more })
  const connection = await elasticsearch.open({
    settings,
    credentials,
    outbound: outboundFor(["127.0.0.0/8"]),
    directory: null,
    now: () => new Date("2026-11-20T10:00:00Z"),
  })
  return {
    index: settings.index,
    write: (batch: Batch) => connection.write(batch, new AbortController().signal),
    failure: async (batch: Batch): Promise<SinkError> => {
      const outcome = await connection
        .write(batch, new AbortController().signal)
        .catch((error: unknown) => error)
      if (outcome instanceof SinkError) return outcome
      throw new Error(`Expected a SinkError and got ${JSON.stringify(outcome)}`)
    },
  }
}

const documentsOf = (index: string) => cluster.documents.filter(one => one.index === index)
const requestsDuring = async (work: () => Promise<unknown>) => {
  const before = cluster.requests.length
  await work()
  return cluster.requests.slice(before)
}
const results = (written: Written) =>
  "items" in written
    ? written.items.map(item => (item === "taken" ? item : Object.keys(item)[0]))
    : written.all

describe("a bulk write", () => {
  it("is judged item by item, whatever the status of the request", async () => {
    const { write, index } = await openSink()
    cluster.rules.refuse = ({ position }) =>
      position === 1
        ? {
            status: 429,
            type: "es_rejected_execution_exception",
            reason: "rejected execution of coordinating operation",
          }
        : position === 3
          ? {
              status: 400,
              type: "document_parsing_exception",
              reason: "[1:9] failed to parse field [metadata.a] of type [long]",
            }
          : null
    const written = await write(batchOf([{}, {}, {}, {}, {}]))
    expect(written).toEqual({
      items: [
        "taken",
        { retry: "429 es_rejected_execution_exception: rejected execution of coordinating operation" },
        "taken",
        {
          refused: "400 document_parsing_exception: [1:9] failed to parse field [metadata.a] of type [long]",
        },
        "taken",
      ],
    })
    expect(documentsOf(index)).toHaveLength(3)
  })

  it("takes a document that is already there for stored, and stores it once", async () => {
    const { write, index } = await openSink()
    const batch = batchOf([{}, {}, {}])
    cluster.rules.refuse = ({ position }) => (position === 2 ? { status: 503, type: "x", reason: "y" } : null)
    expect(results(await write(batch))).toEqual(["taken", "taken", "retry"])
    cluster.rules.refuse = () => null
    expect(await write(batch)).toEqual({ all: "taken" })
    expect(documentsOf(index).map(({ id }) => id)).toEqual(batch.events.map(event => event.documentId))
  })

  it.each<[string, (items: readonly JsonObject[]) => readonly JsonValue[], readonly string[]]>([
    ["fewer items", items => items.slice(0, 2), ["taken", "taken", "retry", "retry"]],
    ["another order", items => [...items].reverse(), ["taken", "taken", "refused", "taken"]],
    [
      "no status in one",
      items => items.with(1, { create: { _id: idOf(items[1]) } }),
      ["taken", "retry", "refused", "taken"],
    ],
    [
      "no id in one",
      items => items.with(0, { create: { status: 201 } }),
      ["retry", "taken", "refused", "taken"],
    ],
    ["another action", items => items.map(item => ({ index: item.create ?? null })), []],
    [
      "a status that is a text",
      items => items.with(0, { create: { _id: idOf(items[0]), status: "201" } }),
      ["retry", "taken", "refused", "taken"],
    ],
    [
      "a success with an error",
      items => items.with(0, { create: { _id: idOf(items[0]), status: 201, error: { type: "strange" } } }),
      ["retry", "taken", "refused", "taken"],
    ],
    [
      "two answers about one document",
      items => items.with(1, { create: { _id: idOf(items[0]), status: 503 } }),
      ["retry", "retry", "refused", "taken"],
    ],
    ["no items", () => [], []],
    ["nonsense", () => [null, 1, "create", [], { create: null }], []],
  ])(
    "of which the answer has %s calls nothing stored that is not surely stored",
    async (_, items, expected) => {
      const { write, failure, index } = await openSink()
      cluster.rules.items = items
      cluster.rules.refuse = ({ position }) =>
        position === 2 ? { status: 400, type: "a", reason: "b" } : null
      const batch = batchOf([{}, {}, {}, {}])
      if (expected.length === 0) expect(await failure(batch)).toMatchObject({ trouble: "later" })
      else expect(results(await write(batch))).toEqual(expected)
      // What is sent again arrives.
      Object.assign(cluster.rules, { items: (same: readonly JsonObject[]) => same, refuse: () => null })
      expect(await write(batch)).toEqual({ all: "taken" })
      expect(documentsOf(index)).toHaveLength(4)
    },
  )

  it("whose answer is larger than what is read of it goes on with the events that are not answered yet", async () => {
    const { write, index } = await openSink()
    cluster.rules.ignoresFilter = true
    const batch = batchOf(Array.from({ length: 500 }, () => ({})))
    const requests = await requestsDuring(async () => expect(await write(batch)).toEqual({ all: "taken" }))
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.length).toBeLessThan(6)
    expect(documentsOf(index)).toHaveLength(500)
  })

  it("asks for no more of the answer than is read of it", async () => {
    const { write } = await openSink()
    const batch = batchOf(Array.from({ length: 500 }, () => ({})))
    const requests = await requestsDuring(async () => expect(await write(batch)).toEqual({ all: "taken" }))
    expect(requests).toHaveLength(1)
  })

  it("that is too large as a whole is refused event by event, with both sizes", async () => {
    const { write } = await openSink()
    cluster.rules.mostBytes = 2_000
    const [first] = (
      (await write(batchOf([{ description: "x".repeat(3_000) }, {}]))) as { items: readonly JsonObject[] }
    ).items
    expect(first?.refused).toMatch(
      /^Answered 413: .* request of \d{4} bytes \(2 events; this one has 3\d{3} bytes\)$/,
    )
  })

  it.each([
    [403, "cluster_block_exception", "index [a] blocked by: [FORBIDDEN/8/index write (api)];"],
    [403, "security_exception", "action [indices:data/write/bulk] is unauthorized"],
    [404, "index_not_found_exception", "no such index [a] and [action.auto_create_index] is [false]"],
    [400, "invalid_index_name_exception", "Invalid index name"],
    [400, "index_closed_exception", "closed"],
  ])(
    "of which items fail with %i %s loses nothing: an administrator must look",
    async (status, type, reason) => {
      const { write, failure } = await openSink()
      cluster.rules.refuse = () => ({ status, type, reason })
      expect(await failure(batchOf([{}, {}]))).toMatchObject({
        trouble: "configuration",
        message: expect.stringContaining(type),
      })
      cluster.rules.refuse = ({ position }) => (position === 0 ? { status, type, reason } : null)
      expect(results(await write(batchOf([{}, {}], { first: 2 })))).toEqual(["retry", "taken"])
    },
  )

  it("that nothing of can be stored for now waits as a whole", async () => {
    const { failure } = await openSink()
    cluster.rules.refuse = () => ({ status: 429, type: "es_rejected_execution_exception", reason: "full" })
    expect(await failure(batchOf([{}, {}]))).toMatchObject({
      trouble: "later",
      message: "429 es_rejected_execution_exception: full",
    })
  })

  it("with a wrong key is a matter of configuration, and the answer that repeats the key is shown without it", async () => {
    cluster.rules.authorizations = ["ApiKey right"]
    const { failure } = await openSink({}, { apiKey: "d3Jvbmc6a2V5LXRoYXQtaXMtd3Jvbmc=" })
    const { trouble, message } = await failure(batchOf([{}]))
    expect(trouble).toBe("configuration")
    expect(message).toBe(
      "Answered 401: security_exception: unable to authenticate with provided credentials: ApiKey [secret]",
    )
    const { write } = await openSink({}, { apiKey: "right" })
    expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
  })

  it("goes to a data stream as well, which takes nothing without @timestamp", async () => {
    const { write, index } = await openSink()
    cluster.rules.dataStreams = [index]
    expect(results(await write(batchOf([{}])))).toEqual(["refused"])
    const batch = batchOf([{}])
    const [event] = batch.events
    if (event === undefined) throw new Error("The batch is empty.")
    const stamped = { ...event, line: `{"@timestamp":"2026-11-20T10:11:12.345Z","a":1}` }
    expect(await write({ ...batch, events: [stamped] })).toEqual({ all: "taken" })
  })
})

function idOf(item: JsonObject | undefined): string {
  const action = Object.values(item ?? {})[0]
  return typeof action === "object" && action !== null && !isArray(action) ? String(action._id) : ""
}

describe("documents", () => {
  it("of two organizations with the same event ids are two documents", async () => {
    const { write, index } = await openSink()
    for (const organization of [acme, globex]) await write(batchOf([{}], { organization }))
    const ids = documentsOf(index).map(({ id }) => id)
    expect(ids.map(id => id.split(":")[0])).toEqual([acme.id, globex.id])
    expect(new Set(ids.map(id => id.split(":")[1])).size).toBe(1)
  })

  it.each([
    ["monthly", "202501"],
    ["quarterly", "2025q1"],
    ["yearly", "2025"],
  ])("go %s to the index of the time at which they occurred, in lower case", async (suffix, expected) => {
    const { write, index } = await openSink({ suffix })
    await write(batchOf([{ occurredAt: instant("2025-01-31T23:59:59.999999Z") }]))
    expect(documentsOf(`${index}.${expected}`)).toHaveLength(1)
  })
})

describe("the five settings of ClearML's adapter", () => {
  const batching = (settings: JsonObject) =>
    elasticsearch.batching(
      elasticsearch.settings.parse({ url: "https://es.example.com", index: "a", ...settings }),
    )

  it("have its standard values: 60, true, 5, 15, 100", () => {
    expect(elasticsearch.settings.parse({ url: "https://es.example.com", index: "a" })).toMatchObject({
      initTimeoutSeconds: 60,
      bulkEnabled: true,
      bulkWriteDelaySeconds: 5,
      bulkWriteTimeoutSeconds: 15,
      bulkMinItems: 100,
    })
  })

  it("begin a bulk write with bulk_min_items, or when the oldest event has waited bulk_write_delay_sec", () => {
    expect(batching({})).toMatchObject({ least: 100, longestWaitMs: 5_000 })
    expect(batching({ bulkMinItems: 7, bulkWriteDelaySeconds: 0.5 })).toMatchObject({
      least: 7,
      longestWaitMs: 500,
    })
    expect(batching({ bulkMinItems: 100_000 }).least).toBe(batching({}).mostEvents)
    expect(batching({ bulkEnabled: false })).toMatchObject({ least: 1, longestWaitMs: 0 })
  })

  it("write one document a request without bulk_enabled, and stop at the first that has to wait", async () => {
    const { write, index } = await openSink({ bulkEnabled: false })
    const batch = batchOf([{}, {}, {}, {}])
    const wait = batch.events[2]?.documentId
    cluster.rules.refuse = ({ id }) =>
      id === wait
        ? { status: 503, type: "unavailable_shards_exception", reason: "primary shard is not active" }
        : null
    const requests = await requestsDuring(async () => {
      expect(results(await write(batch))).toEqual(["taken", "taken", "retry", "retry"])
    })
    expect(requests.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`)).toEqual(
      batch.events.slice(0, 3).map(event => `PUT /${index}/_create/${event.documentId}`),
    )
    cluster.rules.refuse = ({ id }) =>
      id === batch.events[3]?.documentId
        ? { status: 400, type: "document_parsing_exception", reason: "no" }
        : null
    expect(results(await write(batch))).toEqual(["taken", "taken", "taken", "refused"])
  })

  it("wait init_timout_sec after a cluster that never answered, and no longer once it has", async () => {
    const url = `http://127.0.0.1:${cluster.port}`
    const { failure, write } = await openSink({ url, initTimeoutSeconds: 42 })
    await cluster.faults.down()
    const first = await failure(batchOf([{}]))
    await cluster.heal()
    expect(first).toMatchObject({ trouble: "later", retryAfterMs: 42_000 })
    await write(batchOf([{}]))
    await cluster.faults.breaks()
    const later = await failure(batchOf([{}]))
    await cluster.heal()
    expect(later).toMatchObject({ trouble: "later", retryAfterMs: undefined })
  })

  it("end a bulk write that is not answered within bulk_write_timeout_sec", async () => {
    const { failure } = await openSink({ bulkWriteTimeoutSeconds: 0 })
    await cluster.faults.silent()
    const error = await failure(batchOf([{}]))
    await cluster.heal()
    expect(error).toMatchObject({ trouble: "later", cause: { trouble: "timeout" } })
  })
})

it("another node is asked when one cannot be reached", async () => {
  const gone = await startCluster()
  await gone.close()
  const { write, index } = await openSink({
    url: `http://127.0.0.1:${gone.port}`,
    otherUrls: [`http://127.0.0.1:${cluster.port}`],
  })
  expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
  expect(documentsOf(index)).toHaveLength(1)
})

it.each([
  ["Audit", "capital letters"],
  ["audit log", "space"],
  ["audit,log", "may not contain"],
  ["audit*", "may not contain"],
  ["-audit", "may not begin"],
  [".security", "may not begin"],
  ["ünïÇode", "capital letters"],
  ["a".repeat(201), "at most 200"],
  ["", "1 character"],
])("an index named %j is refused with its place", (index, words) => {
  const { error } = elasticsearch.settings.safeParse({ url: "https://es.example.com", index })
  expect(error?.issues).toEqual([
    expect.objectContaining({ path: ["index"], message: expect.stringContaining(words) }),
  ])
})

it.each([
  "ftp://es.example.com",
  "es.example.com:9200",
  "https://a:b@es.example.com",
  "https://es.example.com/?a=1",
  "https://es.example.com/#a",
  "",
  "https://",
])("an address such as %j is refused with its place", url => {
  const { error } = elasticsearch.settings.safeParse({ url, index: "a" })
  expect(error?.issues.map(issue => issue.path)).toEqual([["url"]])
})

it("a user name without a password is no credential", async () => {
  await expect(openSink({}, { username: "a" })).rejects.toMatchObject({ trouble: "credentials" })
})

it("the stand-in answers the official client as it answers ours", async () => {
  const client = new Client({ node: `http://127.0.0.1:${cluster.port}`, maxRetries: 0 })
  cluster.rules.refuse = ({ document }) =>
    document.number === 3 ? { status: 400, type: "document_parsing_exception", reason: "three" } : null
  const dropped: unknown[] = []
  const load = () =>
    client.helpers.bulk({
      datasource: Array.from({ length: 5 }, (_, number) => ({ number })),
      onDocument: ({ number }: { number: number }) => ({
        create: { _index: "official", _id: `id-${number}` },
      }),
      onDrop: ({ status, document }) => dropped.push([status, document]),
      retries: 0,
    })
  expect(await load()).toMatchObject({ total: 5, successful: 4, failed: 1 })
  expect(dropped).toEqual([[400, { number: 3 }]])
  expect(documentsOf("official").map(({ document }) => document.number)).toEqual([0, 1, 2, 4])
  // The official client counts a conflict as failed too.
  expect(await load()).toMatchObject({ successful: 0, failed: 5 })
  const unended = await fetch(`http://127.0.0.1:${cluster.port}/_bulk`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: '{"create":{"_index":"official","_id":"a"}}\n{}',
  })
  expect(unended.status).toBe(400)
  await client.close()
})

it("the page of the kind documents every setting, and its example fits", () => {
  const page = sinkPage("elasticsearch")
  expect(elasticsearch.settings.parse(page.settings)).toMatchObject(page.settings)
  const names = ["otherUrls", ...elasticsearch.fields.map(field => field.name)]
  expect([...page.documented].sort()).toEqual(names.sort())
})
