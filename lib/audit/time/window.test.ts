import { describe, expect, it } from "vitest"
import { assertInstant, type Instant } from "./instant"
import {
  afterWindow,
  fixedWindow,
  type Preset,
  parseTypedTime,
  presets,
  type QueryWindow,
  resolveWindow,
} from "./window"

const now = assertInstant("2025-11-20T09:30:00.123456Z")

function resolve(asked: QueryWindow, zone = "UTC", excludeToday = false, at: Instant = now) {
  return resolveWindow(asked, { zone, excludeToday, now: at })
}

const range = (from: string | null, to: string | null): QueryWindow => ({ kind: "range", from, to })
const preset = (name: Preset): QueryWindow => ({ kind: "preset", preset: name })

describe("presets", () => {
  it.each([
    ["15m", "2025-11-20T09:15:00.123456Z"],
    ["1h", "2025-11-20T08:30:00.123456Z"],
    ["24h", "2025-11-19T09:30:00.123456Z"],
    ["7d", "2025-11-13T09:30:00.123456Z"],
    ["30d", "2025-10-21T09:30:00.123456Z"],
    ["90d", "2025-08-22T09:30:00.123456Z"],
    ["1y", "2024-11-20T09:30:00.123456Z"],
  ] as const)("%s ends with this very microsecond, and takes in five minutes more", (name, from) => {
    expect(resolve(preset(name))).toEqual({ from, before: "2025-11-20T09:35:00.123457Z" })
  })

  it.each([
    ["today", "2025-11-20T05:00:00.000000Z", "2025-11-21T05:00:00.000000Z"],
    ["yesterday", "2025-11-19T05:00:00.000000Z", "2025-11-20T05:00:00.000000Z"],
    ["this-month", "2025-11-01T04:00:00.000000Z", "2025-12-01T05:00:00.000000Z"],
    ["last-month", "2025-10-01T04:00:00.000000Z", "2025-11-01T04:00:00.000000Z"],
  ] as const)(
    "%s is a stretch of the zone's calendar, whatever its clocks do in it",
    (name, from, before) => {
      expect(resolve(preset(name), "America/New_York")).toEqual({ from, before })
    },
  )

  it("today is the day of the zone, not of UTC", () => {
    const evening = assertInstant("2025-11-20T22:30:00.000000Z")
    expect(resolve(preset("today"), "Asia/Tokyo", false, evening)?.from).toBe("2025-11-20T15:00:00.000000Z")
    expect(resolve(preset("today"), "America/Lima", false, evening)?.from).toBe("2025-11-20T05:00:00.000000Z")
  })

  it("last month of January is December of the year before", () => {
    const january = assertInstant("2026-01-31T12:00:00.000000Z")
    expect(resolve(preset("last-month"), "UTC", false, january)).toEqual({
      from: "2025-12-01T00:00:00.000000Z",
      before: "2026-01-01T00:00:00.000000Z",
    })
  })

  it.each(Object.keys(presets) as Preset[])(
    "%s without today ends at the zone's last midnight, or is empty",
    name => {
      const window = resolve(preset(name), "Asia/Kathmandu", true)
      const empty = ["15m", "1h", "today"].includes(name)
      if (empty) expect(window).toBeNull()
      else {
        // A time range that ended before today keeps its end.
        const end = name === "last-month" ? "2025-10-31T18:15:00.000000Z" : "2025-11-19T18:15:00.000000Z"
        expect(window?.before).toBe(end)
      }
    },
  )
})

describe("what claims a later time", () => {
  const later = (asked: QueryWindow, excludeToday = false) => {
    const window = resolve(asked, "UTC", excludeToday)
    return window && afterWindow(window, now)
  }
  const end = "2200-01-01T00:00:00.000000Z"

  it.each([
    [preset("24h"), "2025-11-20T09:35:00.123457Z"],
    [range("2025-06-01", null), "2025-11-20T09:35:00.123457Z"],
    [preset("today"), "2025-11-21T00:00:00.000000Z"],
    [range("2025-06-01", "2026"), "2027-01-01T00:00:00.000000Z"],
  ])("than %o lies after its end", (asked, from) => {
    expect(later(asked)).toEqual({ from, before: end })
  })

  it("is not told of a window that ended before, nor of one that has no end", () => {
    expect(later(preset("yesterday"))).toBeNull()
    expect(later(preset("30d"), true)).toBeNull()
    expect(later({ kind: "all" })).toBeNull()
    expect(later(range("2025-06-01", "2199"))).toBeNull()
  })
})

describe("typed ranges", () => {
  it.each([
    ["2025", "2026-01-01T00:00:00.000000Z"],
    ["2025-02", "2025-03-01T00:00:00.000000Z"],
    ["2025-12", "2026-01-01T00:00:00.000000Z"],
    ["2024-02-28", "2024-02-29T00:00:00.000000Z"],
    ["2025-12-31", "2026-01-01T00:00:00.000000Z"],
    ["2025-06-01T23", "2025-06-02T00:00:00.000000Z"],
    ["2025-06-01T23:59", "2025-06-02T00:00:00.000000Z"],
    ["2025-06-01 23:59:59", "2025-06-02T00:00:00.000000Z"],
    ["2025-06-01T10:00:00.5", "2025-06-01T10:00:00.600000Z"],
    ["2025-06-01T10:00:00.999999", "2025-06-01T10:00:01.000000Z"],
    ["2025-06-01T10:00+02:00", "2025-06-01T08:01:00.000000Z"],
    ["2025-06-01T10:00:00.000001Z", "2025-06-01T10:00:00.000002Z"],
  ])("an end typed as %s holds everything that reads so", (to, before) => {
    expect(resolve(range("1999", to))?.before).toBe(before)
  })

  it.each([
    ["2025", "2025-01-01T00:00:00.000000Z"],
    ["2025-02", "2025-02-01T00:00:00.000000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000000Z"],
    ["2025-06-01T23", "2025-06-01T23:00:00.000000Z"],
    ["2025-06-01T10:00:00.5", "2025-06-01T10:00:00.500000Z"],
    ["2025-06-01T10:00-11:30", "2025-06-01T21:30:00.000000Z"],
  ])("a start typed as %s is its first moment", (from, instant) => {
    expect(resolve(range(from, null), "UTC", false, assertInstant("2030-01-01T00:00:00.000000Z"))?.from).toBe(
      instant,
    )
  })

  it("an open start is the first year an event can have, an open end is now", () => {
    expect(resolve(range(null, "2025-06-01"))?.from).toBe("1970-01-01T00:00:00.000000Z")
    expect(resolve(range("2025-06-01", null))?.before).toBe("2025-11-20T09:35:00.123457Z")
    expect(resolve({ kind: "all" })).toEqual({
      from: "1970-01-01T00:00:00.000000Z",
      before: "2200-01-01T00:00:00.000000Z",
    })
  })

  it("a range that ends before it starts, or that no clock ever showed, is empty", () => {
    expect(resolve(range("2025-06-02", "2025-06-01"))).toBeNull()
    // On this island 30 December 2011 did not exist.
    expect(resolve(range("2011-12-30", "2011-12-30"), "Pacific/Apia")).toBeNull()
    expect(resolve(range("2025-06-02", "2025-06-02"))).not.toBeNull()
  })

  it("a range without today ends at the last midnight unless it ended before", () => {
    expect(resolve(range("2025-11-01", "2025-11-30"), "UTC", true)?.before).toBe(
      "2025-11-20T00:00:00.000000Z",
    )
    expect(resolve(range("2025-11-01", "2025-11-05"), "UTC", true)?.before).toBe(
      "2025-11-06T00:00:00.000000Z",
    )
  })

  it("the first and last day of all stay within the years of events in every zone", () => {
    for (const zone of ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"]) {
      const window = resolve(range("1970-01-01", "2199-12-31"), zone)
      expect(window && window.from >= "1970-01-01T00:00:00.000000Z").toBe(true)
      expect(window && window.before <= "2200-01-01T00:00:00.000000Z").toBe(true)
    }
  })

  it.each([
    "",
    "yesterday",
    "25-01-01",
    "1969-12-31",
    "2200",
    "2025-13",
    "2025-00",
    "2025-02-29",
    "2025-06-31",
    "2025-06-01T24",
    "2025-06-01T10:60",
    "2025-06-01T10:00:60",
    "2025-06-01T10:00:00.1234567",
    "2025-06-01T10:00 02:00",
    "2025-06-01T10:00+24:00",
    "2025-06-01Z",
    "2025-6-1",
    " 2025-06-01",
    "2025-06-01T",
    "٢٠٢٥",
  ])("%j is no time", text => expect(parseTypedTime(text)).toBeNull())
})

describe("days in zones", () => {
  // Zone, day, and its first and last microsecond in UTC.
  const days: [string, string, string, string][] = [
    ["UTC", "2025-06-01", "2025-06-01T00:00:00.000000Z", "2025-06-01T23:59:59.999999Z"],
    ["Asia/Kathmandu", "2025-06-01", "2025-05-31T18:15:00.000000Z", "2025-06-01T18:14:59.999999Z"],
    ["Australia/Eucla", "2025-06-01", "2025-05-31T15:15:00.000000Z", "2025-06-01T15:14:59.999999Z"],
    ["Pacific/Kiritimati", "2025-06-01", "2025-05-31T10:00:00.000000Z", "2025-06-01T09:59:59.999999Z"],
    ["Pacific/Pago_Pago", "2025-06-01", "2025-06-01T11:00:00.000000Z", "2025-06-02T10:59:59.999999Z"],
    // 23 hours, 25 hours, and 24.5 hours.
    ["Europe/Berlin", "2025-03-30", "2025-03-29T23:00:00.000000Z", "2025-03-30T21:59:59.999999Z"],
    ["Europe/Berlin", "2025-10-26", "2025-10-25T22:00:00.000000Z", "2025-10-26T22:59:59.999999Z"],
    ["Australia/Lord_Howe", "2025-04-06", "2025-04-05T13:00:00.000000Z", "2025-04-06T13:29:59.999999Z"],
    // Days whose first hour does not exist, and one whose first hour comes twice.
    ["Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00.000000Z", "2022-03-27T20:59:59.999999Z"],
    ["America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00.000000Z", "2017-10-16T01:59:59.999999Z"],
    ["America/Havana", "2025-11-02", "2025-11-02T04:00:00.000000Z", "2025-11-03T04:59:59.999999Z"],
  ]

  it.each(days)(
    "in %s the range of %s holds its first and last microsecond and no other day's",
    (zone, day, first, last) => {
      const window = resolve(range(day, day), zone)
      expect(window?.from).toBe(first)
      expect(window && fixedWindow(window)).toEqual(range(first, last))
    },
  )

  it.each(days)("in %s %s as today is the same day", (zone, day, first, last) => {
    for (const at of [first, last]) {
      expect(resolve(preset("today"), zone, false, assertInstant(at))).toEqual(resolve(range(day, day), zone))
    }
  })

  it("a fixed window means the same instants in every zone and at any time", () => {
    for (const [zone, day] of days) {
      const window = resolve(range(day, day), zone)
      if (!window) throw new Error("every day here exists")
      const later = assertInstant("2031-01-01T00:00:00.000000Z")
      expect(resolve(fixedWindow(window), "Asia/Tokyo", false, later)).toEqual(window)
    }
  })
})
