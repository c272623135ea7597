import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isObject, type JsonObject } from "@/lib/audit/json/value"
import { instant } from "@/test/events"
import { batchOf } from "@/test/sinks/batch"
import type { PeerAnswer } from "@/test/sinks/http-peer"
import { sinkPage } from "@/test/sinks/page"
import type { TestCollector } from "@/test/sinks/splunk"
import { indexedDuring, openSplunk, splunkReply, splunkToken, startSplunk } from "@/test/sinks/splunk-sinks"
import { epochSeconds, splunkBody } from "./encode"
import { splunkSettings } from "./settings"
import { splunk } from "./splunk"

let collector: TestCollector
beforeAll(async () => {
  collector = await startSplunk()
})
afterAll(() => collector.close())
beforeEach(() => collector.reset())

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
    const { write } = await openSplunk(collector, {
      index: "main",
      source: "auditorium",
      sourcetype: "audit",
      host: "h",
    })
    const indexed = await indexedDuring(collector, () => write(batch))
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
    const { write } = await openSplunk(collector)
    const [object] = await indexedDuring(collector, () => write(batchOf([{}])))
    expect(Object.keys(object ?? {})).toEqual(["time", "sourcetype", "fields", "event"])
  })
})

describe("an answer with code", () => {
  it("0 takes the batch", async () => {
    const { write } = await openSplunk(collector)
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
  ])("%i/%i (%s) is about the whole batch: %s", async (status, code, text, trouble) => {
    collector.rules.answerTo = () => splunkReply(status, code, text)
    const { failure } = await openSplunk(collector)
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
    const { write } = await openSplunk(collector)
    const batch = batchOf([{}, { description: "bad" }, {}, {}, { description: "bad" }])
    const refused = { refused: `Answered 400, code ${code}: ${text}` }
    const indexed = await indexedDuring(collector, async () =>
      expect(await write(batch)).toEqual({ items: ["taken", refused, "taken", "taken", refused] }),
    )
    const ids = new Set(indexed.map(({ event }) => isObject(event) && event.index))
    expect([...ids].sort()).toEqual([0, 2, 3])
  })

  it.each([undefined, -1, 30, 1.5, "1", null])(
    "6 that names the event %j names none: the request is halved until the refused one stands alone",
    async number => {
      const named: JsonObject = number === undefined ? {} : { "invalid-event-number": number }
      const { write } = await openSplunk(collector)
      const batch = batchOf([{}, {}, {}, { description: "bad" }, {}])
      collector.rules.answerTo = ({ body }) =>
        body.includes('"bad"') ? splunkReply(400, 6, "Invalid data format", named) : null
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
    const { write, failure } = await openSplunk(collector)
    collector.rules.answerTo = ({ body }) => {
      if (body.includes('"last"') && !body.includes('"bad"')) return splunkReply(503, 9, "Server is busy")
      return body.includes('"bad"')
        ? splunkReply(400, 6, "Invalid data format", { "invalid-event-number": 1 })
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
    const { write } = await openSplunk(collector)
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
    const { failure } = await openSplunk(collector, {}, { token: credential })
    expect(await failure(batchOf([{}]))).toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining(`code ${code}:`),
    })
  }
  const { failure } = await openSplunk(collector, { index: "other" })
  expect(await failure(batchOf([{}]))).toMatchObject({
    trouble: "configuration",
    message: expect.stringContaining("code 7:"),
  })
})

it("an event that is too large is refused with both sizes, and those that only were too large together are delivered", async () => {
  collector.rules.mostBytes = 5_000
  const { write } = await openSplunk(collector)
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
  const { failure } = await openSplunk(collector)
  expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later" })
})

it("a token that an answer repeats is not shown", async () => {
  collector.rules.answerTo = () => splunkReply(400, 999, `No such token: ${splunkToken}`)
  const { failure } = await openSplunk(collector)
  expect((await failure(batchOf([{}]))).message).toBe("Answered 400, code 999: No such token: [secret]")
})

it.each([
  ["7", 7_000],
  ["Fri, 20 Nov 2026 10:00:30 GMT", 30_000],
  ["999999", 3_600_000],
  ["soon", undefined],
])("a busy collector that asks for a pause of %s gets %s ms", async (header, retryAfterMs) => {
  collector.rules.answerTo = () => ({
    ...splunkReply(503, 9, "Server is busy"),
    headers: { "retry-after": header },
  })
  const { failure } = await openSplunk(collector)
  expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later", retryAfterMs })
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
  expect(await post(`Splunk ${splunkToken}`, batched)).toEqual([200, { text: "Success", code: 0 }])
  expect(
    await post(
      `Splunk ${splunkToken}`,
      '{"event": {"a": 1}, "time": 1433188255.253, "fields": {"club": "glee", "wins": ["a", "b"]}}',
    ),
  ).toEqual([200, { text: "Success", code: 0 }])
  expect(await post(null, batched)).toEqual([401, { text: "Token is required", code: 2 }])
  expect(await post(`Bearer ${splunkToken}`, batched)).toEqual([
    401,
    { text: "Invalid authorization", code: 3 },
  ])
  expect(await post("Splunk no", batched)).toEqual([403, { text: "Invalid token", code: 4 }])
  expect(await post(`Splunk ${splunkToken}`, "")).toEqual([400, { text: "No data", code: 5 }])
  expect(await post(`Splunk ${splunkToken}`, '{"event": "a"}{"event": "b"')).toEqual([
    400,
    { text: "Invalid data format", code: 6, "invalid-event-number": 1 },
  ])
  expect(await post(`Splunk ${splunkToken}`, '{"event": "a", "index": "no"}')).toEqual([
    400,
    { text: "Incorrect index", code: 7, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${splunkToken}`, "{}")).toEqual([
    400,
    { text: "Event field is required", code: 12, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${splunkToken}`, '{"event": ""}')).toEqual([
    400,
    { text: "Event field cannot be blank", code: 13, "invalid-event-number": 0 },
  ])
  expect(await post(`Splunk ${splunkToken}`, '{"event": "a", "fields": {"a": {"b": 1}}}')).toEqual([
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
