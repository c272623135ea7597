import { describe, expect, test } from "vitest"
import { assertInstant } from "@/lib/audit/time/instant"
import { formatInstant, formatOffset, formatRelative, formatZone } from "./format"

const at = assertInstant

describe("a moment as text for people", () => {
  test("shows what the clocks of the zone show, on both sides of a change to summer time", () => {
    expect(formatInstant(at("2026-03-29T00:59:59.999999Z"), "Europe/Berlin")).toBe("2026-03-29 01:59:59")
    expect(formatInstant(at("2026-03-29T01:00:00.000000Z"), "Europe/Berlin")).toBe("2026-03-29 03:00:00")
    expect(formatOffset(at("2026-03-29T00:59:59.999999Z"), "Europe/Berlin")).toBe("UTC+01:00")
    expect(formatOffset(at("2026-03-29T01:00:00.000000Z"), "Europe/Berlin")).toBe("UTC+02:00")
  })

  test("keeps the microseconds and cuts instead of rounding into the next second", () => {
    const instant = at("2025-10-21T23:59:59.999999Z")
    expect(formatInstant(instant, "UTC", "microsecond")).toBe("2025-10-21 23:59:59.999999")
    expect(formatInstant(instant, "UTC", "second")).toBe("2025-10-21 23:59:59")
    expect(formatInstant(instant, "UTC", "minute")).toBe("2025-10-21 23:59")
    expect(formatInstant(instant, "Asia/Kolkata", "day")).toBe("2025-10-22")
  })

  test("names offsets of half hours and west of Greenwich", () => {
    const instant = at("2026-01-15T12:00:00.000000Z")
    expect(formatOffset(instant, "America/St_Johns")).toBe("UTC-03:30")
    expect(formatOffset(instant, "Asia/Kathmandu")).toBe("UTC+05:45")
    expect(formatZone(instant, "America/New_York")).toBe("America/New York (UTC-05:00)")
    expect(formatZone(instant, "UTC")).toBe("UTC")
  })

  test("tells the distance in the largest whole unit", () => {
    const now = new Date("2026-01-15T12:00:00Z")
    expect(formatRelative(at("2026-01-15T11:59:30.000000Z"), now)).toBe("now")
    expect(formatRelative(at("2026-01-15T10:01:00.000000Z"), now)).toBe("1 hour ago")
    expect(formatRelative(at("2026-01-18T12:00:00.000000Z"), now)).toBe("in 3 days")
    expect(formatRelative(at("2023-01-15T12:00:00.000000Z"), now)).toBe("3 years ago")
  })
})
