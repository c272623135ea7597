import { describe, expect, it } from "vitest"
import { endOfLocal, isZone, localAt, offsetAt, startOfLocal } from "./zone"

const utc = (text: string) => Date.parse(`${text}Z`) * 1000
const shown = (at: number) => new Date(at / 1000).toISOString().slice(0, 19)

describe("zones", () => {
  it.each([
    "UTC",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "Etc/GMT+12",
  ])("%s is the name of a zone", name => expect(isZone(name)).toBe(true))

  it.each(["", "+02:00", "Europe/Atlantis", "Europe/Berlin ", "../etc/passwd", "UTC+1", "\0UTC"])(
    "%j is no zone",
    name => expect(isZone(name)).toBe(false),
  )

  it.each([
    ["Asia/Kathmandu", "2025-01-01T00:00:00", 345],
    ["America/St_Johns", "2025-01-01T00:00:00", -210],
    ["Pacific/Kiritimati", "2025-01-01T00:00:00", 840],
    ["Pacific/Pago_Pago", "2025-01-01T00:00:00", -660],
    ["Australia/Lord_Howe", "2025-07-01T00:00:00", 630],
    ["Africa/Monrovia", "1971-01-01T00:00:00", -44.5],
    ["UTC", "2199-12-31T23:59:59", 0],
  ])("the offset of %s at %s is %d minutes", (zone, at, minutes) => {
    expect(offsetAt(zone, utc(at))).toBe(minutes * 60_000_000)
  })
})

describe("local times of days on which clocks change", () => {
  it.each([
    // Clocks jump from midnight to one o'clock: the day begins at one.
    ["America/Sao_Paulo", "2017-10-15T00:00:00", "2017-10-15T03:00:00"],
    ["Asia/Beirut", "2022-03-27T00:00:00", "2022-03-26T22:00:00"],
    ["Africa/Cairo", "2023-04-28T00:00:00", "2023-04-27T22:00:00"],
    // A skipped half hour gives the moment of the jump.
    ["Australia/Lord_Howe", "2025-10-05T02:15:00", "2025-10-04T15:30:00"],
    ["Europe/Berlin", "2025-03-30T02:30:00", "2025-03-30T01:00:00"],
  ])("in %s %s, which clocks skip, is the moment of the jump", (zone, local, moment) => {
    expect(shown(startOfLocal(zone, utc(local)))).toBe(moment)
    expect(shown(endOfLocal(zone, utc(local)))).toBe(moment)
  })

  it.each([
    ["Europe/Berlin", "2025-10-26T02:30:00", "2025-10-26T00:30:00", "2025-10-26T01:30:00"],
    ["Australia/Lord_Howe", "2025-04-06T01:45:00", "2025-04-05T14:45:00", "2025-04-05T15:15:00"],
  ])(
    "in %s %s, which clocks show twice, starts with the first and ends with the second",
    (zone, local, first, last) => {
      expect(shown(startOfLocal(zone, utc(local)))).toBe(first)
      expect(shown(endOfLocal(zone, utc(local)))).toBe(last)
    },
  )

  it("a midnight that is shown twice ends the day before at its first showing", () => {
    // In Havana one o'clock becomes midnight again.
    const midnight = utc("2025-11-02T00:00:00")
    expect(shown(startOfLocal("America/Havana", midnight))).toBe("2025-11-02T04:00:00")
    expect(shown(endOfLocal("America/Havana", midnight))).toBe("2025-11-02T04:00:00")
  })

  it("an evening that is repeated belongs to its day whole", () => {
    // In São Paulo the clocks of a Saturday went from midnight back to eleven.
    const sunday = utc("2018-02-18T00:00:00")
    expect(shown(startOfLocal("America/Sao_Paulo", sunday))).toBe("2018-02-18T03:00:00")
    expect(shown(endOfLocal("America/Sao_Paulo", sunday))).toBe("2018-02-18T03:00:00")
  })

  it("a minute past midnight that clocks show twice belongs to both days", () => {
    // In St. John's the clocks went from 00:01 back to 23:01 of the day before.
    const sunday = utc("2006-10-29T00:00:00")
    expect(shown(startOfLocal("America/St_Johns", sunday))).toBe("2006-10-29T02:30:00")
    expect(shown(endOfLocal("America/St_Johns", sunday))).toBe("2006-10-29T03:30:00")
  })

  it("a day that an island skipped begins and ends at the same moment", () => {
    const skipped = utc("2011-12-30T00:00:00")
    const next = utc("2011-12-31T00:00:00")
    expect(shown(startOfLocal("Pacific/Apia", skipped))).toBe("2011-12-30T10:00:00")
    expect(endOfLocal("Pacific/Apia", next)).toBe(startOfLocal("Pacific/Apia", skipped))
  })

  it("in every zone a time starts no later than it ends, and nothing before its start shows it", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      // 401 hours reach other times of the day and other days of the week each time.
      for (
        let local = utc("2025-01-01T00:00:00");
        local < utc("2026-01-01T00:00:00");
        local += 401 * 3_600_000_000
      ) {
        const start = startOfLocal(zone, local)
        expect(start).toBeLessThanOrEqual(endOfLocal(zone, local))
        expect(localAt(zone, start)).toBeGreaterThanOrEqual(local)
        expect(localAt(zone, start - 1)).toBeLessThan(local)
      }
    }
  })
})
