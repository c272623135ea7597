import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isObject, type JsonObject } from "@/lib/audit/json/value"
import { type Batch, SinkError } from "@/lib/sinks/sink"
import { instant } from "@/test/events"
import { batchOf } from "@/test/sinks/batch"
import type { PeerAnswer } from "@/test/sinks/http-peer"
import { outboundFor } from "@/test/sinks/outbound-for"
import { sinkPage } from "@/test/sinks/page"
import { startCollector, type TestCollector } from "@/test/sinks/splunk"
import { epochSeconds, splunkBody } from "./encode"
import { splunkSettings } from "./settings"
import { splunk, splunkKind } from "./splunk"

const token = "0b6a3c52-93b5-4d3f-8f0e-0c1d2e3f4a5b"
let collector: TestCollector
beforeAll(async () => {
  collector = await startCollector(token)
})
afterAll(() => collector.close())
beforeEach(() => {
  Object.assign(collector.rules, {
    tokens: [token],
    disabledTokens: [],
    indexes: ["main"],
    confirmsAfter: null,
    mostBytes: 1024 * 1024,
    answerTo: () => null,
    refuse: () => null,
  })
})

/** The waiting for acknowledgments is short: how often is asked is what counts. */
async function openSink(more: JsonObject = {}, asks = 3, credential = token) {
  const kind = splunkKind({ withinMs: asks - 1, everyMs: 1 })
  const connection = await kind.open({
    settings: kind.settings.parse({ url: `http://127.0.0.1:${collector.port}`, ...more }),
    credentials: { token: credential },
    outbound: outboundFor(["127.0.0.1"]),
    directory: null,
    now: () => new Date("2026-11-20T10:00:00Z"),
  })
  const write = (batch: Batch, signal = new AbortController().signal) => connection.write(batch, signal)
  return {
    write,
    failure: async (batch: Batch, signal?: AbortSignal): Promise<SinkError> => {
      const outcome = await write(batch, signal).catch((error: unknown) => error)
      if (outcome instanceof SinkError) return outcome
      throw new Error(`Expected a SinkError and got ${JSON.stringify(outcome)}`)
    },
  }
}

const reply = (status: number, code: number, text: string, more: JsonObject = {}): PeerAnswer => ({
  status,
  body: JSON.stringify({ text, code, ...more }),
})
const indexedDuring = async (work: () => Promise<unknown>) => {
  const before = collector.indexed.length
  await work()
  return collector.indexed.slice(before)
}

describe("the objects of a batch", () => {
  it("have the time at which the event occurred, in seconds with six digits, as it is", () => {
    expect(epochSeconds(instant("2026-11-20T10:11:12.345678Z"))).toBe("1795169472.345678")
    expect(epochSeconds(instant("1970-01-01T00:00:00.000001Z"))).toBe("0.000001")
    expect(epochSeconds(instant("2199-12-31T23:59:59.999999Z"))).toBe("7258118399.999999")
    const { events } = batchOf([{ occurredAt: instant("2026-11-20T10:11:12.000000Z") }])
    const settings = splunkSettings.parse({ url: "https://splunk.example.com:8088" })
    expect(splunkBody(settings, events)).toMatch(/^\{"time":1795169472\.000000,/)
  })

  it("have an indexed id by which a search drops repetitions, and the index and source of the settings", async () => {
    const batch = batchOf([{}, {}])
    const { write } = await openSink({ index: "main", source: "auditorium", sourcetype: "audit", host: "h" })
    const indexed = await indexedDuring(() => write(batch))
    expect(indexed).toEqual(
      batch.events.map(({ entry, documentId }) => ({
        time: 1795169472.345678,
        host: "h",
        source: "auditorium",
        sourcetype: "audit",
        index: "main",
        fields: { auditorium_id: documentId },
        event: entry,
      })),
    )
  })

  it("leave to the token what the settings leave out", async () => {
    const { write } = await openSink()
    const [object] = await indexedDuring(() => write(batchOf([{}])))
    expect(Object.keys(object ?? {})).toEqual(["time", "sourcetype", "fields", "event"])
  })
})

describe("an answer with code", () => {
  it("0 takes the batch", async () => {
    const { write } = await openSink()
    expect(await write(batchOf([{}, {}]))).toEqual({ all: "taken" })
  })

  it.each([
    [403, 1, "Token disabled", "configuration"],
    [401, 2, "Token is required", "configuration"],
    [401, 3, "Invalid authorization", "configuration"],
    [403, 4, "Invalid token", "configuration"],
    [400, 5, "No data", "later"],
    [400, 7, "Incorrect index", "configuration"],
    [500, 8, "Internal server error", "later"],
    [503, 9, "Server is busy", "later"],
    [400, 10, "Data channel is missing", "configuration"],
    [400, 11, "Invalid data channel", "configuration"],
    [400, 14, "ACK is disabled", "configuration"],
    [400, 16, "Query string authorization is not enabled", "configuration"],
    [503, 23, "Server is shutting down", "later"],
    [429, 26, "Queue at capacity", "later"],
    [410, 99, "Gone", "gone"],
    [200, 9, "Server is busy", "later"],
    [200, 6, "Invalid data format", "later"],
    [404, 404, "Not found", "configuration"],
    [400, 999, "Unknown", "configuration"],
  ])("%i/%i (%s) is about the whole batch: %s%s", async (status, code, text, trouble) => {
    collector.rules.answerTo = () => reply(status, code, text)
    const { failure } = await openSink()
    expect(await failure(batchOf([{}, {}]))).toMatchObject({
      trouble,
      message: `Answered ${status}, code ${code}: ${text}`,
    })
  })

  it.each([
    [6, "Invalid data format"],
    [12, "Event field is required"],
    [13, "Event field cannot be blank"],
    [15, "Error in handling indexed fields"],
  ])("%i (%s) refuses the event that it names, and the others are sent without it", async (code, text) => {
    collector.rules.refuse = event => (event.description === "bad" ? [code, text] : null)
    const { write } = await openSink()
    const batch = batchOf([{}, { description: "bad" }, {}, {}, { description: "bad" }])
    const refused = { refused: `Answered 400, code ${code}: ${text}` }
    const indexed = await indexedDuring(async () =>
      expect(await write(batch)).toEqual({ items: ["taken", refused, "taken", "taken", refused] }),
    )
    const ids = new Set(indexed.map(({ event }) => isObject(event) && event.index))
    expect([...ids].sort()).toEqual([0, 2, 3])
  })

  it.each([undefined, -1, 30, 1.5, "1", null])(
    "6 that names the event %j names none: the request is halved until the refused one stands alone",
    async number => {
      const named: JsonObject = number === undefined ? {} : { "invalid-event-number": number }
      const { write } = await openSink()
      const batch = batchOf([{}, {}, {}, { description: "bad" }, {}])
      collector.rules.answerTo = ({ body }) =>
        body.includes('"bad"') ? reply(400, 6, "Invalid data format", named) : null
      const written = await write(batch)
      expect(written).toEqual({
        items: [
          "taken",
          "taken",
          "taken",
          { refused: expect.stringContaining("code 6: Invalid data format") },
          "taken",
        ],
      })
    },
  )

  it("6 for one event, and a failure after it, keeps what is sure of the beginning", async () => {
    const { write, failure } = await openSink()
    collector.rules.answerTo = ({ body }) => {
      if (body.includes('"last"') && !body.includes('"bad"')) return reply(503, 9, "Server is busy")
      return body.includes('"bad"')
        ? reply(400, 6, "Invalid data format", { "invalid-event-number": 1 })
        : null
    }
    expect(await write(batchOf([{}, { description: "bad" }, { description: "last" }]))).toEqual({
      items: ["taken", { refused: expect.any(String) }, { retry: "Answered 503, code 9: Server is busy" }],
    })
    expect(await failure(batchOf([{ description: "last" }, { description: "bad" }]))).toMatchObject({
      trouble: "later",
    })
  })

  it("6 for every event is believed a hundred times, and then the rest waits", async () => {
    collector.rules.refuse = () => [6, "Invalid data format"]
    const { write } = await openSink()
    const written = await write(batchOf(Array.from({ length: 150 }, () => ({}))))
    const items = "items" in written ? written.items : []
    expect(items.filter(item => typeof item === "object" && "refused" in item)).toHaveLength(101)
    expect(items.at(-1)).toEqual({ retry: expect.stringContaining("Too many") })
  })
})

it("a wrong, a disabled and a missing index of a real collector are matters of configuration", async () => {
  collector.rules.disabledTokens = ["off"]
  for (const [credential, code] of [
    ["wrong", 4],
    ["off", 1],
  ] as const) {
    const { failure } = await openSink({}, 1, credential)
    expect(await failure(batchOf([{}]))).toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining(`code ${code}:`),
    })
  }
  const { failure } = await openSink({ index: "other" })
  expect(await failure(batchOf([{}]))).toMatchObject({
    trouble: "configuration",
    message: expect.stringContaining("code 7:"),
  })
})

it("an event that is too large is refused with both sizes, and those that only were too large together are delivered", async () => {
  collector.rules.mostBytes = 5_000
  const { write } = await openSink()
  const written = await write(batchOf([{}, { description: "x".repeat(6_000) }, {}, {}, {}, {}]))
  expect(written).toEqual({
    items: [
      "taken",
      {
        refused: expect.stringMatching(
          /^Answered 413: .*maximum is 5000\) \(the event has 6\d{3} bytes, the request with it 6\d{3}\)$/,
        ),
      },
      ...Array.from({ length: 4 }, () => "taken"),
    ],
  })
})

it.each<[string, PeerAnswer]>([
  ["a page", { status: 200, body: "<html>" }],
  ["nothing", { status: 200 }],
  ["no content", { status: 204 }],
  ["a code that is a text", { status: 200, body: '{"text":"Success","code":"0"}' }],
  ["a list", { status: 200, body: '[{"code":0}]' }],
])("a success with %s has stored nothing", async (_, answer) => {
  collector.rules.answerTo = () => answer
  const { failure } = await openSink()
  expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later" })
})

it("a token that an answer repeats is not shown", async () => {
  collector.rules.answerTo = () => reply(400, 999, `No such token: ${token}`)
  const { failure } = await openSink()
  expect((await failure(batchOf([{}]))).message).toBe("Answered 400, code 999: No such token: [secret]")
})

it.each([
  ["7", 7_000],
  ["Fri, 20 Nov 2026 10:00:30 GMT", 30_000],
  ["999999", 3_600_000],
  ["soon", undefined],
])("a busy collector that asks for a pause of %s gets %s ms", async (header, retryAfterMs) => {
  collector.rules.answerTo = () => ({
    ...reply(503, 9, "Server is busy"),
    headers: { "retry-after": header },
  })
  const { failure } = await openSink()
  expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later", retryAfterMs })
})

describe("indexer acknowledgment", () => {
  const acknowledgment = true
  const asked = () => collector.requests.filter(({ url }) => url === "/services/collector/ack").length

  it("that comes late is waited for", async () => {
    collector.rules.confirmsAfter = 2
    const { write } = await openSink({ acknowledgment }, 3)
    const before = asked()
    expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
    // Before the first batch, whether the token has it; then until it is confirmed.
    expect(asked() - before).toBe(1 + 3)
    expect(await write(batchOf([{}], { first: 1 }))).toEqual({ all: "taken" })
  })

  it("that never comes means that the batch is sent again", async () => {
    collector.rules.confirmsAfter = Number.POSITIVE_INFINITY
    const { failure } = await openSink({ acknowledgment }, 3)
    const before = asked()
    expect(await failure(batchOf([{}]))).toMatchObject({
      trouble: "later",
      message: expect.stringContaining("did not confirm"),
    })
    expect(asked() - before).toBe(1 + 3)
  })

  it("of another batch confirms nothing", async () => {
    const { failure } = await openSink({ acknowledgment }, 2)
    collector.rules.confirmsAfter = 0
    collector.rules.answerTo = () => ({
      status: 200,
      body: '{"text":"Success","code":0,"ackId":4,"acks":{"0":true,"5":true,"40":true}}',
    })
    expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later" })
  })

  it("that the token does not have is noticed before anything is sent", async () => {
    const { failure } = await openSink({ acknowledgment })
    const indexed = await indexedDuring(async () => {
      expect(await failure(batchOf([{}]))).toMatchObject({
        trouble: "configuration",
        message: expect.stringContaining("code 14"),
      })
    })
    expect(indexed).toEqual([])
  })

  it("without an id in the answer is a matter of configuration", async () => {
    collector.rules.answerTo = () => ({ status: 200, body: '{"text":"Success","code":0,"acks":{"0":false}}' })
    const { failure } = await openSink({ acknowledgment })
    expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "configuration" })
  })

  it("is asked for in a channel of the connection's own, so that two that run beside each other do not confirm for one another", async () => {
    collector.rules.confirmsAfter = 0
    const before = collector.requests.length
    for (const sink of [await openSink({ acknowledgment }), await openSink({ acknowledgment })])
      await sink.write(batchOf([{}]))
    const channels = collector.requests
      .slice(before)
      .map(({ headers }) => headers["x-splunk-request-channel"])
    expect(new Set(channels).size).toBe(2)
    expect(new Set(channels.slice(0, channels.length / 2)).size).toBe(1)
  })

  it("is no longer waited for when the attempt is stopped", async () => {
    collector.rules.confirmsAfter = Number.POSITIVE_INFINITY
    const stop = new AbortController()
    collector.rules.refuse = event => {
      if (isObject(event)) stop.abort()
      return null
    }
    const { failure } = await openSink({ acknowledgment }, 1_000_000)
    expect(await failure(batchOf([{}]), stop.signal)).toMatchObject({ trouble: "later" })
  })
})

it("the documented curl lines are answered as documented", async () => {
  const url = `http://127.0.0.1:${collector.port}/services/collector/event`
  const post = async (authorization: string | null, body: string) => {
    const headers: Record<string, string> = authorization === null ? {} : { authorization }
    const response = await fetch(url, { method: "POST", headers, body })
    return [response.status, await response.json()]
  }
  const batched =
    '{"event": "Pony 1 has left the barn"}{"event": "Pony 2 has left the barn"}{"event": "Pony 3"}'
  expect(await post(`Splunk ${token}`, batched)).toEqual([200, { text: "Success", code: 0 }])
  expect(
    await post(
      `Splunk ${token}`,
      '{"event": {"a": 1}, "time": 1433188255.253, "fields": {"club": "glee", "wins": ["a", "b"]}}',
    ),
  ).toEqual([200, { text: "Success", code: 0 }])
  expect(await post(null, batched)).toEqual([401, { text: "Token is required", code: 2 }])
  expect(await post(`Bearer ${token}`, batched)).toEqual([401, { text: "Invalid authorization", code: 3 }])
  expect(await post("Splunk no", batched)).toEqual([403, { text: "Invalid token", code: 4 }])
  expect(await post(`Splunk ${token}`, "")).toEqual([400, { text: "No data", code: 5 }])
  expect(await post(`Splunk ${token}`, '{"event": "a"}{"event": "b"')).toEqual([
    400,
    { text: "Invalid data format", code: 6, "invalid-event-number": 1 },
  ])
  expect(await post(`Splunk ${token}`, '{"event": "a", "index": "no"}')).toEqual([
    400,
    { text: "Incorrect index", code: 7, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${token}`, "{}")).toEqual([
    400,
    { text: "Event field is required", code: 12, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${token}`, '{"event": ""}')).toEqual([
    400,
    { text: "Event field cannot be blank", code: 13, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${token}`, '{"event": "a", "fields": {"a": {"b": 1}}}')).toEqual([
    400,
    { text: "Error in handling indexed fields", code: 15, "invalid-event-number": 0 },
  ])
})

it("the page of the kind documents every setting, and its example fits", () => {
  const page = sinkPage("splunk")
  expect(splunk.settings.parse(page.settings)).toMatchObject(page.settings)
  const names = [...splunk.fields.map(field => field.name)]
  expect([...page.documented].sort()).toEqual(names.sort())
})
