import { describe, expect, test } from "vitest"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonValue } from "@/lib/audit/json/value"
import { timeOf } from "./foreign-time"

const at = "2025-10-21T09:49:08.000000Z"

/** The time as the API keeps it. */
function kept(value: JsonValue, epochs: Parameters<typeof timeOf>[1] = []) {
  const { details, ...time } = timeOf(value, epochs)
  const event = {
    operation: "a.b",
    status: "success",
    actor: { type: "user", id: "u" },
    rawFormat: "x",
    rawWithheld: "y",
  }
  const parsed = parseEvent({ ...event, ...time }, { organizationId: "o", appId: "a", newId: () => "i" })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const { occurredAt, occurredAtText, occurredAtAssumed } = parsed.prepared.content
  return { occurredAt, occurredAtText, occurredAtAssumed, details }
}

describe("the time of a foreign record", () => {
  test.each<[string, string, "none" | "zone" | "time"]>([
    ["2025-10-21T09:49:08+0000", at, "none"],
    ["2025-10-21T11:49:08.000+0200", at, "none"],
    ["2025-10-21 09:49:08 UTC", at, "none"],
    ["2025-10-21 09:49:08.123456789 +0000", "2025-10-21T09:49:08.123456Z", "none"],
    ["2025-10-21T11:49:08+02", at, "none"],
    ["2025-10-21T04:49:08 -05", at, "none"],
    ["2025-10-21 09:49:08,250", "2025-10-21T09:49:08.250000Z", "zone"],
    ["2025-10-21T09:49Z", "2025-10-21T09:49:00.000000Z", "none"],
    ["20251021T094908Z", at, "none"],
    ["2025-10-21 09:49:08 GMT", at, "none"],
    ["2025-10-21 11:49:08 UTC+02:00", at, "none"],
    ["Tue, 21 Oct 2025 09:49:08 +0000", at, "none"],
    ["21 Oct 2025 11:49:08 +0200 (CEST)", at, "none"],
    ["Tue, 21 Oct 2025 09:49:08 GMT", at, "none"],
    ["Tue, 21 Oct 2025 05:49:08 EDT", at, "none"],
    ["21 Oct 2025 09:49", "2025-10-21T09:49:00.000000Z", "zone"],
    ["2025-10-21", "2025-10-21T00:00:00.000000Z", "time"],
    ["20251021", "2025-10-21T00:00:00.000000Z", "time"],
  ])("%j is %s, keeps its text and says what it assumes: %s", (text, occurredAt, occurredAtAssumed) => {
    expect(kept(text)).toEqual({ occurredAt, occurredAtText: text, occurredAtAssumed, details: [] })
  })

  test.each<[JsonValue, readonly ("seconds" | "milliseconds")[], string]>([
    [1761040148, ["seconds"], at],
    [1761040148.25, ["seconds"], "2025-10-21T09:49:08.250000Z"],
    ["1761040148.123456789", ["seconds"], "2025-10-21T09:49:08.123456Z"],
    [1761040148908, ["milliseconds"], "2025-10-21T09:49:08.908000Z"],
    ["1761040148908", ["seconds", "milliseconds"], "2025-10-21T09:49:08.908000Z"],
    [1761040148, ["seconds", "milliseconds"], at],
    [0, ["milliseconds"], "1970-01-01T00:00:00.000000Z"],
    ["20251021", ["seconds", "milliseconds"], "2025-10-21T00:00:00.000000Z"],
  ])("%j is a number in %j: %s", (value, epochs, occurredAt) => {
    expect(kept(value, epochs)).toMatchObject({ occurredAt, occurredAtText: String(value), details: [] })
  })

  test("in RFC 3339 goes on as before", () => {
    expect(timeOf("2025-10-21T11:49:08.9081234+02:00")).toEqual({
      occurredAt: "2025-10-21T09:49:08.908123Z",
      details: [],
    })
    expect(timeOf("2025-10-21 09:49:08")).toEqual({ occurredAt: "2025-10-21T09:49:08.000000", details: [] })
    expect(timeOf(null)).toEqual({ details: [] })
  })

  test.each<JsonValue>([
    ...[
      "redacted",
      "2025-13-01",
      "2025-02-30",
      "2025-10-21T25:00:00+0000",
      "31 Foo 2025 10:00:00 GMT",
      "10:00",
    ],
    ...[1761040148, "1761040148908", "0000-00-00", "1 Jan 1969 00:00:00 GMT", "99999999999999999999"],
  ])("%j without a word of the format is none, and is said", value => {
    expect(timeOf(value)).toEqual({ details: [`The time of the record cannot be read: ${value}`] })
  })
})

test("the API itself stays strict: other spellings are refused, and only an importer may say what it assumed", () => {
  const event = { operation: "a.b", status: "success", actor: { type: "user", id: "u" } }
  const faults = (members: Record<string, JsonValue>) => {
    const parsed = parseEvent({ ...event, ...members }, { organizationId: "o", appId: "a", newId: () => "i" })
    return parsed.ok ? [] : parsed.faults.map(({ pointer }) => pointer)
  }
  const imported = { rawFormat: "x", rawWithheld: "y" }
  for (const occurredAt of ["2025-10-21", "2025-10-21T09:49:08+0000", "1761040148"]) {
    expect(faults({ occurredAt })).toEqual(["/occurredAt"])
    expect(faults({ ...imported, occurredAt })).toEqual(["/occurredAt"])
  }
  const said = { occurredAt: at, occurredAtText: "x", occurredAtAssumed: "time" }
  expect(faults(said).toSorted()).toEqual(["/occurredAtAssumed", "/occurredAtText"])
  expect(faults({ ...imported, ...said })).toEqual([])
  expect(faults({ ...imported, occurredAtText: "x" })).toEqual(["/occurredAt"])
  expect(faults({ ...imported, ...said, occurredAtAssumed: "received" })).toEqual(["/occurredAtAssumed"])
})
