import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import type { SentQuery, SentRequest, SentTimestamp } from "./messages"
import { readSearch } from "./read-search"

const everything = {
  user: "",
  ...{ from: null, to: null, userIds: [], operations: [], targets: [], success: null, sourceIps: [] },
  ...{ ascending: false, page: 1, perPage: 128 },
}

/** The faults of a request, as `pointer: message`. */
function faultsOf(sent: SentRequest): readonly string[] {
  try {
    readSearch(sent)
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid" })
    if (error instanceof AppError) return error.faults.map(({ pointer, message }) => `${pointer}: ${message}`)
  }
  return []
}

const asked = (query: SentQuery) => readSearch({ query })
const window = (from: SentTimestamp | null, to: SentTimestamp | null) => {
  const { from: first, to: last } = asked({ timestamp_from: from, timestamp_to: to })
  return [first, last]
}

describe("a search", () => {
  test.each<readonly [string, SentRequest]>([
    ["nothing", {}],
    ["null for everything", { user_app_id: null, query: null, pagination: null }],
    ["empty messages", { user_app_id: {}, query: {}, pagination: {} }],
    ["null for every filter", { query: { timestamp_from: null, timestamp_to: null, success: null } }],
    ["zeros", { pagination: { page: 0, per_page: 0 }, sort_ascending: false }],
    ["the event type that is none", { query: { operations: [0] } }],
    ["the same twice", { query: { operations: [0, 0] } }],
  ])("for %s is the first 128 of everything", (_, sent) => {
    expect(readSearch(sent)).toEqual(everything)
  })

  test("has every filter that was sent", () => {
    const search = readSearch({
      user_app_id: { user_id: "me", app_id: "ignored" },
      query: {
        timestamp_from: { seconds: "1737072000" },
        timestamp_to: { seconds: "1737158399", nanos: 999_999_000 },
        user_ids: ["alfrick", "ada", "alfrick"],
        operations: [300, 4711, 902, 300, 0],
        targets: [{ app: { id: "test-app2" } }, { model_version: { id: "v" } }],
        success: { value: true },
        source_ips: ["127.0.0.0", "127.0.0.1"],
      },
      sort_ascending: true,
      pagination: { page: 2, per_page: 1_000 },
    })
    expect(search).toEqual({
      user: "me",
      from: "2025-01-17T00:00:00.000000Z",
      to: "2025-01-17T23:59:59.999999Z",
      userIds: ["alfrick", "ada"],
      operations: [300, 4711, 902, 0],
      targets: [
        { type: "app", id: "test-app2" },
        { type: "model_version", id: "v" },
      ],
      success: true,
      sourceIps: ["127.0.0.0", "127.0.0.1"],
      ascending: true,
      page: 2,
      perPage: 1_000,
    })
  })

  test("for a success that is present and empty is one for failures, and without one it is for both", () => {
    expect([asked({ success: {} }), asked({ success: { value: false } }), asked({})]).toMatchObject([
      { success: false },
      { success: false },
      { success: null },
    ])
  })
})

describe("the window of a search", () => {
  test("whose times are present and empty is the first moment of 1970", () => {
    expect(window({}, {})).toEqual(["1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00.000000Z"])
  })

  test("holds exactly the microseconds that lie within, both ends included", () => {
    const at = (nanos: number) => ({ seconds: "1737115495", nanos })
    expect(window(at(449_860_000), at(449_860_000))).toEqual([
      "2025-01-17T12:04:55.449860Z",
      "2025-01-17T12:04:55.449860Z",
    ])
    expect(window(at(449_860_001), at(449_860_999))).toEqual([
      "2025-01-17T12:04:55.449861Z",
      "2025-01-17T12:04:55.449860Z",
    ])
    expect(window(at(999_999_999), at(999_999_999))).toEqual([
      "2025-01-17T12:04:56.000000Z",
      "2025-01-17T12:04:55.999999Z",
    ])
  })

  test("reaches to the ends of the log when its times lie beyond them", () => {
    const [past, future] = [{ seconds: "-62135596800" }, { seconds: "253402300799", nanos: 999_999_999 }]
    const [before, after] = ["1969-12-31T23:59:59.999999Z", "2200-01-01T00:00:00.000000Z"]
    expect(window(past, future)).toEqual([before, after])
    expect(window(future, past)).toEqual([after, before])
    expect(window({ seconds: "-1", nanos: 500_000_000 }, null)).toEqual([before, null])
  })
})

describe("a request is refused with a pointer for", () => {
  test.each<readonly [string, SentRequest, readonly string[]]>([
    [
      "seconds beyond 2^53, which a double would round",
      { query: { timestamp_from: { seconds: "9007199254740993" } } },
      ["/query/timestamp_from: has seconds outside the years 1 to 9999"],
    ],
    [
      "the largest seconds",
      { query: { timestamp_to: { seconds: "9223372036854775807" } } },
      ["/query/timestamp_to: has seconds outside the years 1 to 9999"],
    ],
    [
      "a second before the year 1",
      { query: { timestamp_to: { seconds: "-62135596801" } } },
      ["/query/timestamp_to: has seconds outside the years 1 to 9999"],
    ],
    [
      "a second after the year 9999",
      { query: { timestamp_from: { seconds: "253402300800" } } },
      ["/query/timestamp_from: has seconds outside the years 1 to 9999"],
    ],
    [
      "negative nanos",
      { query: { timestamp_from: { nanos: -1 } } },
      ["/query/timestamp_from: has nanos outside 0 to 999999999"],
    ],
    [
      "a billion nanos",
      { query: { timestamp_to: { nanos: 1_000_000_000 } } },
      ["/query/timestamp_to: has nanos outside 0 to 999999999"],
    ],
    ["an empty oneof", { query: { targets: [{}] } }, ["/query/targets/0: names no target"]],
    [
      "a oneof with two members",
      { query: { targets: [{ app: { id: "a" } }, { app: { id: "a" }, model: { id: "m" } }] } },
      ["/query/targets/1: names more than one target"],
    ],
    [
      "a target without id",
      { query: { targets: [{ app: {} }, { model: { id: "" } }, { user: { id: "u" } }] } },
      ["/query/targets/0/app/id: is missing", "/query/targets/1/model/id: is missing"],
    ],
    [
      "more than a thousand a page",
      { pagination: { per_page: 1_001 } },
      ["/pagination/per_page: may be at most 1000"],
    ],
    [
      "as many a page as the number can be",
      { pagination: { per_page: 4_294_967_295 } },
      ["/pagination/per_page: may be at most 1000"],
    ],
    [
      "texts that the database cannot look for",
      { query: { user_ids: ["a\0"], source_ips: ["\0"], targets: [{ app: { id: "\0" } }] } },
      [
        "/query/user_ids/0: must not contain the character U+0000",
        "/query/targets/0/app/id: must not contain the character U+0000",
        "/query/source_ips/0: must not contain the character U+0000",
      ],
    ],
  ])("%s", (_, sent, faults) => {
    expect(faultsOf(sent)).toEqual(faults)
  })

  test("many faults at once, of which the first hundred are listed", () => {
    const faults = faultsOf({ query: { targets: Array.from({ length: 5_000 }, () => ({})) } })
    expect(faults).toHaveLength(101)
    expect(faults.at(-1)).toBe(": and 4900 more")
  })
})
