import { formatInstant } from "@/components/time/format"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import { addMicroseconds, epochMicroseconds } from "@/lib/audit/time/instant"
import { aheadMicroseconds, endsNow, fixedWindow, type QueryWindow } from "@/lib/audit/time/window"

export type Direction = "earlier" | "later"

/**
 * Returns the time range moved by its own length, next to where it was. Whole days stay whole days and whole months whole
 * months of the zone's calendar, whatever the clock changes; anything else moves exactly, to the microsecond.
 */
export function shiftWindow(query: AuditQuery, window: Window, direction: Direction): QueryWindow {
  const sign = direction === "earlier" ? -1 : 1
  const days = wholeDays(query, window)
  if (!days) return shiftSpan(window, sign, endsNow(query.window) && !query.excludeToday)
  const months = wholeMonths(days)
  if (months !== null) {
    return range(civil(days.from, 0, sign * months), civil(addDays(days.to, 1), 0, sign * months), -1)
  }
  const count = sign * (daysBetween(days.from, days.to) + 1)
  return range(addDays(days.from, count), addDays(days.to, count), 0)
}

interface Days {
  readonly from: string
  readonly to: string
}

/**
 * The first and the last day, when the time range consists of whole days: given as dates, or by the name of a day or month.
 */
function wholeDays({ window: written, zone, excludeToday }: AuditQuery, window: Window): Days | null {
  if (written.kind === "range") {
    const isDay = (text: string | null) => text !== null && /^\d{4}-\d{2}(-\d{2})?$/.test(text)
    if (!isDay(written.from) || !isDay(written.to)) return null
  } else if (written.kind === "all" || !/^(today|yesterday|this-month|last-month)$/.test(written.preset)) {
    return null
  }
  if (excludeToday) return null
  return {
    from: formatInstant(window.from, zone, "day"),
    to: formatInstant(addMicroseconds(window.before, -1), zone, "day"),
  }
}

/** The number of whole months, or null. */
function wholeMonths({ from, to }: Days): number | null {
  const after = addDays(to, 1)
  if (!from.endsWith("-01") || !after.endsWith("-01")) return null
  const index = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  return index(after) - index(from)
}

function shiftSpan(window: Window, sign: -1 | 1, endsNow: boolean): QueryWindow {
  // The minutes after now, which a time range that ends now includes, are not part of its length.
  const ahead = endsNow ? aheadMicroseconds : 0
  const length = Number(epochMicroseconds(window.before) - epochMicroseconds(window.from)) - ahead
  return fixedWindow(
    sign === -1
      ? { from: addMicroseconds(window.from, -length), before: window.from }
      : { from: window.before, before: addMicroseconds(window.before, length) },
  )
}

function range(from: string, to: string, toDays: number): QueryWindow {
  return { kind: "range", from, to: addDays(to, toDays) }
}

function addDays(day: string, count: number): string {
  return civil(day, count, 0)
}

/** Returns a calendar day moved by days and months. */
function civil(day: string, days: number, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number)
  return new Date(Date.UTC(year, month - 1 + months, date + days)).toISOString().slice(0, 10)
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000
}
