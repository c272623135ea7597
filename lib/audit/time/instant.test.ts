import { describe, expect, test } from "vitest"
import {
  addMicroseconds,
  assertInstant,
  cutInstant,
  epochMicroseconds,
  instantFromDate,
  instantFromEpochMicroseconds,
  instantToDate,
  isInstant,
  monthStart,
  parseInstant,
} from "./instant"

function instantOf(text: string): string {
  const parsed = parseInstant(text)
  return parsed.ok ? parsed.instant : parsed.message
}

describe("an RFC 3339 date-time becomes its instant to the microsecond", () => {
  test.each([
    ["2025-01-17T12:04:55.449860Z", "2025-01-17T12:04:55.449860Z"],
    ["2025-10-21T09:49:08.908Z", "2025-10-21T09:49:08.908000Z"],
    ["2025-10-21t09:49:08z", "2025-10-21T09:49:08.000000Z"],
    ["2025-10-21 09:49:08.1+02:00", "2025-10-21T07:49:08.100000Z"],
    ["2025-10-21T23:30:00.000001-05:45", "2025-10-22T05:15:00.000001Z"],
    ["2025-10-21T09:49:08-00:00", "2025-10-21T09:49:08.000000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"],
    ["2199-12-31T23:59:59.999999Z", "2199-12-31T23:59:59.999999Z"],
    ["1969-12-31T23:30:00-01:00", "1970-01-01T00:30:00.000000Z"],
    ["2200-01-01T00:00:00+00:01", "2199-12-31T23:59:00.000000Z"],
  ])("%s", (text, instant) => {
    expect(instantOf(text)).toBe(instant)
  })

  test("a text without zone is taken as UTC, and said to be", () => {
    expect(parseInstant("2025-10-21 09:49:08")).toEqual({
      ok: true,
      instant: "2025-10-21T09:49:08.000000Z",
      assumedZone: true,
      canonicalText: false,
    })
    expect(parseInstant("2025-10-21T09:49:08+00:00")).toMatchObject({ assumedZone: false })
  })

  test("only the instant's own spelling is canonical", () => {
    expect(parseInstant("2025-10-21T09:49:08.908000Z")).toMatchObject({ canonicalText: true })
    expect(parseInstant("2025-10-21T09:49:08.908Z")).toMatchObject({ canonicalText: false })
    expect(parseInstant("2025-10-21T09:49:08.908000z")).toMatchObject({ canonicalText: false })
  })
})

describe("what cannot be kept exactly is refused in words", () => {
  test.each([
    ["2025-02-29T00:00:00Z", "a day that does not exist: 2025-02-29"],
    ["2100-02-29T00:00:00Z", "a day that does not exist"],
    ["2025-13-01T00:00:00Z", "a day that does not exist"],
    ["2025-00-10T00:00:00Z", "a day that does not exist"],
    ["2025-04-31T00:00:00Z", "a day that does not exist"],
    ["2025-01-01T24:00:00Z", "a time of day that does not exist: 24:00:00"],
    ["2025-01-01T00:60:00Z", "a time of day that does not exist"],
    ["2025-01-01T00:00:61Z", "a time of day that does not exist"],
    ["2016-12-31T23:59:60Z", "a leap second"],
    ["2025-01-01T00:00:00+24:00", "an offset that does not exist"],
    ["2025-01-01T00:00:00+01:60", "an offset that does not exist"],
    ["2025-01-01T00:00:00.1234567Z", "more than six digits"],
    ["1969-12-31T23:59:59.999999Z", "outside the years 1970 to 2199"],
    ["1970-01-01T00:00:00+01:00", "outside the years"],
    ["2200-01-01T00:00:00Z", "outside the years"],
    ["0000-01-01T00:00:00+23:00", "outside the years"],
    ["9999-12-31T23:00:00-23:00", "outside the years"],
    ["2025-01-01", "must be a date and time"],
    ["2025-01-01T00:00Z", "must be a date and time"],
    ["2025-01-01T00:00:00.Z", "must be a date and time"],
    ["2025-01-01T00:00:00,5Z", "must be a date and time"],
    ["2025-01-01T00:00:00+0100", "must be a date and time"],
    ["2025-1-1T00:00:00Z", "must be a date and time"],
    ["1737115495", "must be a date and time"],
    ["", "must be a date and time"],
    [" 2025-01-01T00:00:00Z", "must be a date and time"],
    ["2025-01-01T00:00:00Z\n", "must be a date and time"],
    ["٢٠٢٥-01-01T00:00:00Z", "must be a date and time"],
  ])("%j", (text, message) => {
    expect(parseInstant(text)).toEqual({ ok: false, message: expect.stringContaining(message) })
  })
})

describe("an importer keeps what it can", () => {
  test("digits beyond the sixth are cut, not rounded", () => {
    expect(cutInstant("2025-01-01T00:00:00.9999999999Z")).toMatchObject({
      instant: "2025-01-01T00:00:00.999999Z",
    })
  })
  test("a leap second is the last microsecond before it, whatever the offset", () => {
    expect(cutInstant("2016-12-31T23:59:60.5Z")).toMatchObject({ instant: "2016-12-31T23:59:59.999999Z" })
    expect(cutInstant("2017-01-01T00:59:60+01:00")).toMatchObject({ instant: "2016-12-31T23:59:59.999999Z" })
  })
  test("what is no date stays refused", () => {
    expect(cutInstant("2025-02-30T00:00:00.123456789Z").ok).toBe(false)
  })
})

describe("an instant", () => {
  const instant = assertInstant("2025-01-17T12:04:55.449860Z")

  test("goes through microseconds and back without a loss, from 1970 to 2199", () => {
    for (const text of [
      "1970-01-01T00:00:00.000001Z",
      "2025-01-17T12:04:55.449860Z",
      "2199-12-31T23:59:59.999999Z",
    ]) {
      expect(instantFromEpochMicroseconds(epochMicroseconds(assertInstant(text)))).toBe(text)
    }
    expect(epochMicroseconds(instant)).toBe(1737115495449860n)
    expect(instantFromEpochMicroseconds(-1n)).toBe("1969-12-31T23:59:59.999999Z")
  })

  test("moves by microseconds across any border", () => {
    expect(addMicroseconds(assertInstant("2023-12-31T23:59:59.999999Z"), 1)).toBe(
      "2024-01-01T00:00:00.000000Z",
    )
    expect(addMicroseconds(assertInstant("2024-01-01T00:00:00.000000Z"), -1)).toBe(
      "2023-12-31T23:59:59.999999Z",
    )
    expect(addMicroseconds(assertInstant("2199-12-31T23:59:59.999999Z"), 1)).toBe(
      "2200-01-01T00:00:00.000000Z",
    )
    expect(() => addMicroseconds(instant, 0.5)).toThrow(RangeError)
  })

  test("becomes a Date by cutting, and a Date becomes an instant", () => {
    expect(instantToDate(instant).toISOString()).toBe("2025-01-17T12:04:55.449Z")
    expect(instantFromDate(new Date("2025-01-17T12:04:55.449Z"))).toBe("2025-01-17T12:04:55.449000Z")
    expect(() => instantFromDate(new Date(Number.NaN))).toThrow(RangeError)
  })

  test("is recognised in its one spelling only", () => {
    expect(isInstant("2025-01-17T12:04:55.449860Z")).toBe(true)
    for (const text of [
      "2025-01-17T12:04:55.449Z",
      "2025-02-30T00:00:00.000000Z",
      "2025-01-01T24:00:00.000000Z",
      "now",
    ]) {
      expect(isInstant(text)).toBe(false)
      expect(() => assertInstant(text)).toThrow("not an instant")
    }
  })
})

test.each([
  ["2026-11-30T23:59:59.999999Z", 0, "2026-11-01T00:00:00.000000Z"],
  ["2026-11-30T23:59:59.999999Z", 1, "2026-12-01T00:00:00.000000Z"],
  ["2026-12-31T12:00:00.000000Z", 2, "2027-02-01T00:00:00.000000Z"],
  ["2026-01-31T12:00:00.000000Z", -1, "2025-12-01T00:00:00.000000Z"],
])("the month of %s and %i more begins at %s", (instant, months, start) => {
  expect(monthStart(assertInstant(instant), months)).toBe(start)
})
