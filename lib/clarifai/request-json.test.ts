import { describe, expect, test } from "vitest"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { documentedEntries, documentedInputs, eventOf } from "@/test/clarifai/documented"
import { entryOf } from "./entry"
import { eventTypes } from "./event-types"
import { readSearch } from "./read-search"
import { requestOfJson } from "./request-json"
import { targetTypes } from "./target-types"

const app = "0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
const search = (body: JsonValue) => readSearch(requestOfJson(body))

function faultsOf(body: JsonValue): readonly string[] {
  try {
    requestOfJson(body)
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid" })
    if (error instanceof AppError) return error.faults.map(({ pointer, message }) => `${pointer}: ${message}`)
  }
  return []
}

const query: JsonObject = {
  timestamp_from: "2024-05-01T00:00:00Z",
  timestamp_to: "2024-05-31T23:59:59.123456789+02:00",
  user_ids: ["alfrick"],
  operations: ["MODEL_CREATE", 400, "APPLICATION_CREATE"],
  targets: [{ model_version: { id: "v" } }, { user: { id: "u" } }],
  success: true,
  source_ips: ["127.0.0.1"],
}
const whole: JsonObject = {
  user_app_id: { user_id: "me", app_id: "x" },
  query,
  sort_ascending: true,
  pagination: { page: 2, per_page: "20" },
}

/** The same body with every name in lowerCamelCase. */
function inCamelCase(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      inCamelCase(member),
    ]),
  )
}

describe("a body", () => {
  test("is read in the names of the protocol and in those of its JSON mapping", () => {
    expect(search(whole)).toEqual({
      user: "me",
      from: "2024-05-01T00:00:00.000000Z",
      to: "2024-05-31T21:59:59.123456Z",
      userIds: ["alfrick"],
      operations: [300, 400, 600],
      targets: [
        { type: "model_version", id: "v" },
        { type: "user", id: "u" },
      ],
      success: true,
      sourceIps: ["127.0.0.1"],
      ascending: true,
      page: 2,
      perPage: 20,
    })
    expect(inCamelCase(whole)).toHaveProperty("query.timestampFrom")
    expect(search(inCamelCase(whole))).toEqual(search(whole))
  })

  test("may have null for what is absent", () => {
    const nulls = Object.fromEntries(Object.keys(query).map(name => [name, null]))
    expect(search({ ...whole, query: nulls })).toEqual(search({ ...whole, query: {} }))
    expect(search({ query: null, pagination: null, sort_ascending: null, user_app_id: null })).toEqual(
      search({}),
    )
  })

  test("may name every event type or give its number", () => {
    expect(eventTypes).toHaveLength(49)
    for (const { name, code } of eventTypes.slice(1)) {
      expect([name, search({ query: { operations: [name] } }).operations]).toEqual([name, [code]])
      expect(search({ query: { operations: [code] } }).operations).toEqual([code])
    }
    expect(search({ query: { operations: ["EVENT_TYPE_NOT_SET"] } }).operations).toEqual([])
    expect(search({ query: { operations: [4711, -1, 2 ** 31 - 1] } }).operations).toEqual([
      4711,
      -1,
      2 ** 31 - 1,
    ])
  })

  test("may repeat the targets of an entry that we answered", () => {
    for (const [at, input] of documentedInputs(app).entries()) {
      const targets = JSON.parse(JSON.stringify(documentedEntries[at]?.targets))
      const { targets: shown } = entryOf(eventOf(input))
      expect(search({ query: { targets } }).targets).toEqual(shown.map(({ type, id }) => ({ type, id })))
    }
    for (const { type } of targetTypes) {
      const targets = [{ [type]: { id: "i" } }]
      expect(search({ query: { targets } }).targets).toEqual([{ type, id: "i" }])
    }
  })

  test.each([
    ["2024-08-25T00:00:00Z", "2024-08-25T00:00:00.000000Z"],
    ["2024-08-25T00:00:00.5Z", "2024-08-25T00:00:00.500000Z"],
    ["2024-08-25T00:00:00.000001Z", "2024-08-25T00:00:00.000001Z"],
    ["2024-08-25T00:00:00.000000001Z", "2024-08-25T00:00:00.000001Z"],
    ["2024-08-25T01:30:00-02:30", "2024-08-25T04:00:00.000000Z"],
    ["2024-02-29t23:59:59z", "2024-02-29T23:59:59.000000Z"],
    ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z"],
    ["9999-12-31T23:59:59.999999999Z", "2200-01-01T00:00:00.000000Z"],
  ])("may begin at %s", (text, instant) => {
    expect(search({ query: { timestamp_from: text } }).from).toBe(instant)
  })
})

describe("a body is refused with a pointer for", () => {
  const date = "must be a date and time like 2024-08-25T00:00:00Z (RFC 3339)"
  const uint32 = "must be a whole number from 0 to 4294967295"
  const type = "must be the name of an event type, such as MODEL_CREATE, or its number"

  test.each<readonly [string, JsonValue, readonly string[]]>([
    ["another value", [], [": must be an object"]],
    ["null", null, [": must be an object"]],
    [
      "unknown members, wherever they are",
      {
        users: 1,
        query: {
          operation: [300],
          "a/b": 1,
          targets: [{ model: { id: "m", version: "v" } }, { thing: { id: "x" } }],
        },
        pagination: { perPage: 2, limit: 3 },
      },
      [
        "/users: is not known here",
        "/query/operation: is not known here",
        "/query/a~1b: is not known here",
        "/query/targets/0/model/version: is not known here",
        "/query/targets/1/thing: is not known here",
        "/pagination/limit: is not known here",
      ],
    ],
    [
      "a member in both spellings",
      { query: { user_ids: ["a"], userIds: ["b"] } },
      ["/query/user_ids: was sent in two spellings"],
    ],
    [
      "wrong kinds of values, in the protocol's spelling",
      {
        query: { userIds: "a", operations: 300, success: "true", timestampFrom: 7, targets: {} },
        sortAscending: 1,
      },
      [
        "/query/user_ids: must be a list",
        "/query/operations: must be a list",
        "/query/success: must be true, false or null",
        `/query/timestamp_from: ${date}`,
        "/query/targets: must be a list",
        "/sort_ascending: must be true or false",
      ],
    ],
    [
      "what is inside a list",
      {
        query: {
          user_ids: [7, null],
          operations: ["MODEL_TRAIN", "300", 1.5, 2 ** 31, null],
          targets: [null, 7],
        },
      },
      [
        "/query/user_ids/0: must be a text",
        "/query/user_ids/1: must not be null",
        `/query/operations/0: ${type}`,
        `/query/operations/1: ${type}`,
        `/query/operations/2: ${type}`,
        `/query/operations/3: ${type}`,
        "/query/operations/4: must not be null",
        "/query/targets/0: must not be null",
        "/query/targets/1: must be an object",
      ],
    ],
    [
      "a wrapper object instead of the bare value",
      { query: { success: { value: true }, timestamp_to: { seconds: 1 } } },
      ["/query/success: must be true, false or null", `/query/timestamp_to: ${date}`],
    ],
    [
      "numbers that are none of 32 bits",
      { pagination: { page: 4_294_967_296, per_page: -1 } },
      [`/pagination/page: ${uint32}`, `/pagination/per_page: ${uint32}`],
    ],
    [
      "numbers in texts that are none",
      { pagination: { page: "1e3", per_page: "99999999999" } },
      [`/pagination/page: ${uint32}`, `/pagination/per_page: ${uint32}`],
    ],
    [
      "names that every object has",
      { query: { constructor: 1, toString: 2 } },
      ["/query/constructor: is not known here", "/query/toString: is not known here"],
    ],
  ])("%s", (_, body, faults) => {
    expect(faultsOf(body)).toEqual(faults)
  })

  test.each([
    ...[
      "2024-08-25",
      "2024-08-25T00:00:00",
      "2024-08-25 00:00:00Z",
      "2024-02-30T00:00:00Z",
      "2024-08-25T24:00:00Z",
    ],
    ...[
      "2024-08-25T00:00:60Z",
      "2024-08-25T00:00:00.1234567890Z",
      "2024-08-25T00:00:00+24:00",
      "1724544000",
      "",
    ],
    ...["2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z"],
  ])("a time like %j", text => {
    expect(faultsOf({ query: { timestamp_from: text } })).toEqual([`/query/timestamp_from: ${date}`])
  })
})
