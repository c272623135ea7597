import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { batchOf } from "@/test/sinks/batch"
import { type ElasticsearchSinks, startElasticsearch } from "@/test/sinks/elasticsearch-sinks"
import { verdicts } from "@/test/sinks/verdicts"

let sinks: ElasticsearchSinks
beforeAll(async () => {
  sinks = await startElasticsearch()
})
afterAll(() => sinks.cluster.close())
beforeEach(() => sinks.cluster.reset())

describe("a bulk write", () => {
  it("is judged item by item, whatever the status of the request", async () => {
    const { write, index } = await sinks.open()
    sinks.cluster.rules.refuse = ({ position }) =>
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
    expect(sinks.documentsOf(index)).toHaveLength(3)
  })

  it("takes a document that is already there for stored, and stores it once", async () => {
    const { write, index } = await sinks.open()
    const batch = batchOf([{}, {}, {}])
    sinks.cluster.rules.refuse = ({ position }) =>
      position === 2 ? { status: 503, type: "x", reason: "y" } : null
    expect(verdicts(await write(batch))).toEqual(["taken", "taken", "retry"])
    sinks.cluster.rules.refuse = () => null
    expect(await write(batch)).toEqual({ all: "taken" })
    expect(sinks.documentsOf(index).map(({ id }) => id)).toEqual(batch.events.map(event => event.documentId))
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
      items => items.with(0, { create: { _id: idOf(items[1]), status: 503 } }),
      ["retry", "retry", "refused", "taken"],
    ],
    ["no items", () => [], []],
    ["nonsense", () => [null, 1, "create", [], { create: null }], []],
  ])(
    "of which the answer has %s calls nothing stored that is not surely stored",
    async (_, items, expected) => {
      const { write, failure, index } = await sinks.open()
      sinks.cluster.rules.items = items
      sinks.cluster.rules.refuse = ({ position }) =>
        position === 2 ? { status: 400, type: "a", reason: "b" } : null
      const batch = batchOf([{}, {}, {}, {}])
      if (expected.length === 0) expect(await failure(batch)).toMatchObject({ trouble: "later" })
      else expect(verdicts(await write(batch))).toEqual(expected)
      // What is sent again arrives.
      Object.assign(sinks.cluster.rules, { items: (same: readonly JsonObject[]) => same, refuse: () => null })
      expect(await write(batch)).toEqual({ all: "taken" })
      expect(sinks.documentsOf(index)).toHaveLength(4)
    },
  )

  it("whose answer is larger than what is read of it goes on with the events that are not answered yet", async () => {
    const { write, index } = await sinks.open()
    sinks.cluster.rules.ignoresFilter = true
    const batch = batchOf(Array.from({ length: 500 }, () => ({})))
    const requests = await sinks.requestsDuring(async () =>
      expect(await write(batch)).toEqual({ all: "taken" }),
    )
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.length).toBeLessThan(6)
    expect(sinks.documentsOf(index)).toHaveLength(500)
  })

  it("asks for no more of the answer than is read of it", async () => {
    const { write } = await sinks.open()
    const batch = batchOf(Array.from({ length: 500 }, () => ({})))
    const requests = await sinks.requestsDuring(async () =>
      expect(await write(batch)).toEqual({ all: "taken" }),
    )
    expect(requests).toHaveLength(1)
  })

  it("that is too large as a whole is refused event by event, with both sizes", async () => {
    const { write } = await sinks.open()
    sinks.cluster.rules.mostBytes = 2_000
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
      const { write, failure } = await sinks.open()
      sinks.cluster.rules.refuse = () => ({ status, type, reason })
      expect(await failure(batchOf([{}, {}]))).toMatchObject({
        trouble: "configuration",
        message: expect.stringContaining(type),
      })
      sinks.cluster.rules.refuse = ({ position }) => (position === 0 ? { status, type, reason } : null)
      expect(verdicts(await write(batchOf([{}, {}], { first: 2 })))).toEqual(["retry", "taken"])
    },
  )

  it("that nothing of can be stored for now waits as a whole", async () => {
    const { failure } = await sinks.open()
    sinks.cluster.rules.refuse = () => ({
      status: 429,
      type: "es_rejected_execution_exception",
      reason: "full",
    })
    expect(await failure(batchOf([{}, {}]))).toMatchObject({
      trouble: "later",
      message: "429 es_rejected_execution_exception: full",
    })
  })

  it("with a wrong key is a matter of configuration, and the answer that repeats the key is shown without it", async () => {
    sinks.cluster.rules.authorizations = ["ApiKey right"]
    const { failure } = await sinks.open({}, { apiKey: "d3Jvbmc6a2V5LXRoYXQtaXMtd3Jvbmc=" })
    const { trouble, message } = await failure(batchOf([{}]))
    expect(trouble).toBe("configuration")
    expect(message).toBe(
      "Answered 401: security_exception: unable to authenticate with provided credentials: ApiKey [secret]",
    )
    const { write } = await sinks.open({}, { apiKey: "right" })
    expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
  })

  it("goes to a data stream as well, which takes nothing without @timestamp", async () => {
    const { write, index } = await sinks.open()
    sinks.cluster.rules.dataStreams = [index]
    expect(verdicts(await write(batchOf([{}])))).toEqual(["refused"])
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
