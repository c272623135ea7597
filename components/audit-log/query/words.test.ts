import { describe, expect, it } from "vitest"
import { type AuditQuery, plainQuery } from "@/lib/audit/query/query"
import { assertInstant } from "@/lib/audit/time/instant"
import { valuesOf } from "@/test/query-values"
import { conditionsOf, describeWindow, nameWindow } from "./words"

const window = {
  from: assertInstant("2025-05-01T00:00:00.000000Z"),
  before: assertInstant("2025-06-08T00:00:00.000000Z"),
}
const range = (from: string | null, to: string | null): AuditQuery => ({
  ...plainQuery,
  window: { kind: "range", from, to },
})

describe("the window is said aloud, with its end and its zone", () => {
  it.each([
    [plainQuery, "Last 30 days, until now, times in UTC"],
    [{ ...plainQuery, excludeToday: true }, "Last 30 days, not today, times in UTC"],
    [{ ...plainQuery, window: { kind: "preset", preset: "yesterday" } }, "Yesterday, times in UTC"],
    [{ ...plainQuery, window: { kind: "all" } }, "All time, times in UTC"],
    [range("2025-06-01", "2025-06-07"), "2025-06-01 – 2025-06-07, end included, times in UTC"],
    [range("2025-06-01", "2025-06-01"), "2025-06-01, end included, times in UTC"],
    [range("2025-06-01T10:30", null), "Since 2025-06-01 10:30, until now, times in UTC"],
    [range("2026-08", "2026-08"), "August 2026, end included, times in UTC"],
    [range("2026-06", "2026-08"), "June 2026 – August 2026, end included, times in UTC"],
    [range("2026", "2026"), "2026, end included, times in UTC"],
    [range(null, "2025-06"), "Until June 2025, end included, times in UTC"],
    [
      { ...range("2025-06-01", "2025-06-07"), zone: "Europe/Berlin" },
      "2025-06-01 – 2025-06-07, end included, times in Europe/Berlin (UTC+02:00)",
    ],
  ] satisfies [AuditQuery, string][])("%#: %s", (query, words) => {
    expect(describeWindow(query, window)).toBe(words)
  })

  it("shows instants as the clocks of the zone show them, the last moment that belongs to the window included", () => {
    const fixed = range("2025-05-31T22:00:00.000000Z", "2025-06-07T21:59:59.999999Z")
    expect(nameWindow({ ...fixed, zone: "Europe/Berlin" })).toBe("2025-06-01 00:00:00 – 2025-06-07 23:59:59")
  })
})

describe("the filter is taken apart", () => {
  const query: AuditQuery = {
    ...plainQuery,
    include: valuesOf({ app: ["billing", "store"], status: ["failure"] }),
    exclude: valuesOf({ actor: ["cron", "robot"], ip: ["10.0.0.0/8"] }),
    text: "key",
  }

  it("gives one condition for each value, so that each can be removed alone", () => {
    expect(conditionsOf(query).map(({ field, side, value }) => `${side} ${field} ${value}`)).toEqual([
      "include app billing",
      "include app store",
      "include status failure",
      "exclude actor cron",
      "exclude actor robot",
      "exclude ip 10.0.0.0/8",
    ])
  })

  it("a value keeps its place when it changes sides, so that the focus on it stays", () => {
    const places = (other: AuditQuery) => conditionsOf(other).map(({ value }) => value)
    const before: AuditQuery = { ...plainQuery, include: valuesOf({ actor: ["a", "b", "c"] }) }
    const after: AuditQuery = {
      ...plainQuery,
      include: valuesOf({ actor: ["b", "c"] }),
      exclude: valuesOf({ actor: ["a"] }),
    }
    expect(places(after)).toEqual(places(before))
  })
})
