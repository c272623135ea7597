import type { Window } from "@/lib/audit/query/selection"
import { addMicroseconds, epochMicroseconds, type Instant, instantFromEpochMicroseconds } from "./instant"
import { endOfLocal, localAt, type Microseconds, startOfLocal } from "./zone"

const second = 1_000_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Events outside these years are rejected, so no time range goes beyond them. */
const firstYear = 1970
const lastYear = 2199

/** A time range by name: a duration that ends now, or a whole day or month of the zone's calendar. */
interface PresetWindow {
  readonly label: string
  readonly length:
    | { readonly unit: "microsecond"; readonly count: number }
    | { readonly unit: "day" | "month"; readonly back: number }
}

/** The time ranges that have a name in a query string, in the order of the picker. */
export const presets = {
  "15m": { label: "Last 15 minutes", length: { unit: "microsecond", count: 15 * minute } },
  "1h": { label: "Last hour", length: { unit: "microsecond", count: hour } },
  "24h": { label: "Last 24 hours", length: { unit: "microsecond", count: day } },
  today: { label: "Today", length: { unit: "day", back: 0 } },
  yesterday: { label: "Yesterday", length: { unit: "day", back: 1 } },
  "7d": { label: "Last 7 days", length: { unit: "microsecond", count: 7 * day } },
  "30d": { label: "Last 30 days", length: { unit: "microsecond", count: 30 * day } },
  "90d": { label: "Last 90 days", length: { unit: "microsecond", count: 90 * day } },
  "1y": { label: "Last 365 days", length: { unit: "microsecond", count: 365 * day } },
  "this-month": { label: "This month", length: { unit: "month", back: 0 } },
  "last-month": { label: "Last month", length: { unit: "month", back: 1 } },
} as const satisfies Record<string, PresetWindow>

export type Preset = keyof typeof presets

/** The time range of a query that names none. */
export const defaultPreset: Preset = "30d"

/** The time range as it was written. Both ends of a range are included; a missing one is open (`to`: up to now). */
export type QueryWindow =
  | { readonly kind: "preset"; readonly preset: Preset }
  | { readonly kind: "range"; readonly from: string | null; readonly to: string | null }
  | { readonly kind: "all" }

/** What is needed to turn a written time range into instants. */
export interface WindowContext {
  readonly zone: string
  readonly excludeToday: boolean
  readonly now: Instant
}

/**
 * Clocks of producers may be minutes ahead of ours: a time range that ends now includes events with a time up to this much
 * later. Calendar days and months, and typed ends, stay exact.
 */
export const aheadMicroseconds = 5 * minute

/** Returns whether a time range ends at the time of the query, instead of at a typed end or the end of a calendar day. */
export function endsNow(asked: QueryWindow): boolean {
  if (asked.kind === "preset") return presets[asked.preset].length.unit === "microsecond"
  return asked.kind === "range" && asked.to === null
}

/** Returns whether the text is the name of a preset. */
export function isPreset(text: string): text is Preset {
  return Object.hasOwn(presets, text)
}

/** Returns the half-open time range, or null when it is empty. */
export function resolveWindow(asked: QueryWindow, context: WindowContext): Window | null {
  const now = toMicroseconds(context.now)
  const span = spanOf(asked, context.zone, now)
  const today = localDate(localAt(context.zone, now))
  const before = context.excludeToday
    ? Math.min(span.before, startOfLocal(context.zone, civil(today.year, today.month, today.day)))
    : span.before
  const from = Math.max(span.from, civil(firstYear, 1, 1))
  const end = Math.min(before, civil(lastYear + 1, 1, 1))
  return from < end ? { from: toInstant(from), before: toInstant(end) } : null
}

/**
 * Returns the range after one that ends now: events in it claim a time in the future. Null for a range that ended earlier,
 * and when nothing is left after it.
 */
export function afterWindow(window: Window, now: Instant): Window | null {
  const end = toInstant(civil(lastYear + 1, 1, 1))
  return window.before > now && window.before < end ? { from: window.before, before: end } : null
}

/** Returns a time range with exactly these instants, whenever and wherever it is read. */
export function fixedWindow(window: Window): QueryWindow {
  return { kind: "range", from: window.from, to: addMicroseconds(window.before, -1) }
}

interface Span {
  readonly from: Microseconds
  readonly before: Microseconds
}

function spanOf(asked: QueryWindow, zone: string, now: Microseconds): Span {
  const afterNow = now + aheadMicroseconds + 1
  const first = civil(firstYear, 1, 1)
  const end = civil(lastYear + 1, 1, 1)
  if (asked.kind === "all") return { from: first, before: end }
  if (asked.kind === "range") {
    return {
      from: asked.from === null ? first : boundaryOf(parseOrThrow(asked.from), zone, "start"),
      before: asked.to === null ? afterNow : boundaryOf(parseOrThrow(asked.to), zone, "end"),
    }
  }
  const { length } = presets[asked.preset]
  if (length.unit === "microsecond") return { from: now - length.count, before: afterNow }
  const today = localDate(localAt(zone, now))
  const unitsBack = (back: number) =>
    length.unit === "day"
      ? civil(today.year, today.month, today.day - back)
      : civil(today.year, today.month - back, 1)
  return {
    from: startOfLocal(zone, unitsBack(length.back)),
    before: endOfLocal(zone, unitsBack(length.back - 1)),
  }
}

/** A typed time: the civil time at which it begins, the one at which the next of its precision begins, and its own offset. */
export interface TypedTime {
  readonly text: string
  readonly start: Microseconds
  readonly next: Microseconds
  /** Null = in the query's zone. */
  readonly offset: Microseconds | null
}

const typedForm =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/**
 * Returns the meaning of a typed year, month, date or time, or null when it has none: 2025, 2025-06, 2025-06-01,
 * 2025-06-01T10, T10:30, T10:30:15, T10:30:15.123456; times may have a `Z` or an offset.
 */
export function parseTypedTime(text: string): TypedTime | null {
  const parts = typedForm.exec(text)
  if (!parts) return null
  const [, years = "", months, days, hours, minutes, seconds, fraction, zone] = parts
  const [year, month, date] = [Number(years), Number(months ?? 1), Number(days ?? 1)]
  if (year < firstYear || year > lastYear || !isDate(year, month, date)) return null
  const [h, m, s] = [Number(hours ?? 0), Number(minutes ?? 0), Number(seconds ?? 0)]
  if (h > 23 || m > 59 || s > 59) return null
  const offset = zone === undefined ? null : parseOffset(zone)
  if (Number.isNaN(offset)) return null
  const start =
    civil(year, month, date) + h * hour + m * minute + s * second + Number((fraction ?? "").padEnd(6, "0"))
  const next = () => {
    if (months === undefined) return civil(year + 1, 1, 1)
    if (days === undefined) return civil(year, month + 1, 1)
    if (hours === undefined) return start + day
    if (minutes === undefined) return start + hour
    if (seconds === undefined) return start + minute
    return start + (fraction === undefined ? second : 10 ** (6 - fraction.length))
  }
  return { text: text.replace(" ", "T"), start, next: next(), offset }
}

function boundaryOf(typed: TypedTime, zone: string, side: "start" | "end"): Microseconds {
  const local = side === "start" ? typed.start : typed.next
  if (typed.offset !== null) return local - typed.offset
  return side === "start" ? startOfLocal(zone, local) : endOfLocal(zone, local)
}

/** The query parser accepted the text, so it can be read. */
function parseOrThrow(text: string): TypedTime {
  const typed = parseTypedTime(text)
  if (!typed) throw new RangeError("An unreadable time reached a window")
  return typed
}

function parseOffset(text: string): Microseconds {
  if (text === "Z") return 0
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4, 6))]
  if (hours > 23 || minutes > 59) return Number.NaN
  return (text.startsWith("-") ? -1 : 1) * (hours * hour + minutes * minute)
}

/** A civil time in microseconds; months and days beyond their end continue into the next, as in `Date.UTC`. */
function civil(year: number, month: number, dayOfMonth: number): Microseconds {
  return Date.UTC(year, month - 1, dayOfMonth) * 1000
}

function isDate(year: number, month: number, dayOfMonth: number): boolean {
  const date = localDate(civil(year, month, dayOfMonth))
  return date.year === year && date.month === month && date.day === dayOfMonth
}

function localDate(local: Microseconds) {
  const date = new Date(Math.floor(local / 1000))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function toMicroseconds(instant: Instant): Microseconds {
  return Number(epochMicroseconds(instant))
}

function toInstant(at: Microseconds): Instant {
  return instantFromEpochMicroseconds(BigInt(at))
}
