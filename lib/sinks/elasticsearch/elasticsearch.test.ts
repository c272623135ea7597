import { Client } from "@opensearch-project/opensearch"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import { instant } from "@/test/events"
import { acme, batchOf, globex } from "@/test/sinks/batch"
import { startCluster } from "@/test/sinks/elasticsearch"
import { type ElasticsearchSinks, startElasticsearch } from "@/test/sinks/elasticsearch-sinks"
import { sinkPage } from "@/test/sinks/page"
import { verdicts } from "@/test/sinks/verdicts"
import { elasticsearch } from "./elasticsearch"

let sinks: ElasticsearchSinks
beforeAll(async () => {
  sinks = await startElasticsearch()
})
afterAll(() => sinks.cluster.close())
beforeEach(() => sinks.cluster.reset())

describe("documents", () => {
  it("of two organizations with the same event ids are two documents", async () => {
    const { write, index } = await sinks.open()
    for (const organization of [acme, globex]) await write(batchOf([{}], { organization }))
    const ids = sinks.documentsOf(index).map(({ id }) => id)
    expect(ids.map(id => id.split(":")[0])).toEqual([acme.id, globex.id])
    expect(new Set(ids.map(id => id.split(":")[1])).size).toBe(1)
  })

  it.each([
    ["monthly", "202501"],
    ["quarterly", "2025q1"],
    ["yearly", "2025"],
  ])("go %s to the index of the time at which they occurred, in lower case", async (suffix, expected) => {
    const { write, index } = await sinks.open({ suffix })
    await write(batchOf([{ occurredAt: instant("2025-01-31T23:59:59.999999Z") }]))
    expect(sinks.documentsOf(`${index}.${expected}`)).toHaveLength(1)
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
    const { write, index } = await sinks.open({ bulkEnabled: false })
    const batch = batchOf([{}, {}, {}, {}])
    const wait = batch.events[2]?.documentId
    sinks.cluster.rules.refuse = ({ id }) =>
      id === wait
        ? { status: 503, type: "unavailable_shards_exception", reason: "primary shard is not active" }
        : null
    const requests = await sinks.requestsDuring(async () => {
      expect(verdicts(await write(batch))).toEqual(["taken", "taken", "retry", "retry"])
    })
    expect(requests.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`)).toEqual(
      batch.events.slice(0, 3).map(event => `PUT /${index}/_create/${event.documentId}`),
    )
    sinks.cluster.rules.refuse = ({ id }) =>
      id === batch.events[3]?.documentId
        ? { status: 400, type: "document_parsing_exception", reason: "no" }
        : null
    expect(verdicts(await write(batch))).toEqual(["taken", "taken", "taken", "refused"])
  })

  it("wait init_timout_sec after a cluster that never answered, and no longer once it has", async () => {
    const url = `http://127.0.0.1:${sinks.cluster.port}`
    const { failure, write } = await sinks.open({ url, initTimeoutSeconds: 42 })
    await sinks.cluster.faults.down()
    const first = await failure(batchOf([{}]))
    await sinks.cluster.heal()
    expect(first).toMatchObject({ trouble: "later", retryAfterMs: 42_000 })
    await write(batchOf([{}]))
    await sinks.cluster.faults.breaks()
    const later = await failure(batchOf([{}]))
    await sinks.cluster.heal()
    expect(later).toMatchObject({ trouble: "later", retryAfterMs: undefined })
  })

  it("end a bulk write that is not answered within bulk_write_timeout_sec", async () => {
    const { failure } = await sinks.open({ bulkWriteTimeoutSeconds: 0 })
    await sinks.cluster.faults.silent()
    const error = await failure(batchOf([{}]))
    await sinks.cluster.heal()
    expect(error).toMatchObject({ trouble: "later", cause: { trouble: "timeout" } })
  })
})

it("another node is asked when one cannot be reached", async () => {
  const gone = await startCluster()
  await gone.close()
  const { write, index } = await sinks.open({
    url: `http://127.0.0.1:${gone.port}`,
    otherUrls: [`http://127.0.0.1:${sinks.cluster.port}`],
  })
  expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
  expect(sinks.documentsOf(index)).toHaveLength(1)
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
  await expect(sinks.open({}, { username: "a" })).rejects.toMatchObject({ trouble: "credentials" })
})

it("the stand-in answers the official client as it answers ours", async () => {
  const client = new Client({ node: `http://127.0.0.1:${sinks.cluster.port}`, maxRetries: 0 })
  sinks.cluster.rules.refuse = ({ document }) =>
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
  expect(sinks.documentsOf("official").map(({ document }) => document.number)).toEqual([0, 1, 2, 4])
  // The official client counts a conflict as failed too.
  expect(await load()).toMatchObject({ successful: 0, failed: 5 })
  const unended = await fetch(`http://127.0.0.1:${sinks.cluster.port}/_bulk`, {
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
