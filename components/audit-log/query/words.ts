import { formatInstant, formatZone } from "@/components/time/format"
import { type FieldName, fieldNames } from "@/lib/audit/query/fields"
import type { AuditQuery, Side } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import { type QueryValue, spellValue } from "@/lib/audit/query/value"
import { addMicroseconds, instantFromEpochMicroseconds } from "@/lib/audit/time/instant"
import { spellTypedTime } from "@/lib/audit/time/spell"
import { parseTypedTime, presets } from "@/lib/audit/time/window"

/** The part of a filter that one pill shows. */
export interface Condition {
  readonly field: FieldName
  readonly side: Side
  /** The value as a query string has it. */
  readonly value: string
  readonly compared: QueryValue
}

const sides: readonly Side[] = ["include", "exclude"]

/**
 * Returns every filter value, in the order of the fields and then of the values: one that changes sides keeps its place.
 * Without the text.
 */
export function conditionsOf(query: AuditQuery): readonly Condition[] {
  return fieldNames.flatMap(field =>
    sides
      .flatMap(side =>
        (query[side][field] ?? []).map(compared => ({
          field,
          side,
          value: spellValue(compared),
          compared,
        })),
      )
      .sort((one, other) => (one.value < other.value ? -1 : 1)),
  )
}

/** Returns the time range in a few words for its button: "Last 30 days", "2025-06-01 – 2025-06-07". */
export function nameWindow(query: AuditQuery): string {
  const { window } = query
  if (window.kind === "all") return "All time"
  if (window.kind === "preset") {
    return query.excludeToday ? `${presets[window.preset].label}, not today` : presets[window.preset].label
  }
  const [from, to] = [shorten(window.from, query.zone, "from"), shorten(window.to, query.zone, "to")]
  if (from === null) return `Until ${to ?? "now"}`
  if (to === null) return `Since ${from}`
  return from === to ? from : `${from} – ${to}`
}

/**
 * Returns the time range as a sentence: where it begins, where it ends (included), and in which zone; `window` is the range
 * that was searched, if one was.
 */
export function describeWindow(query: AuditQuery, window: Window | null): string {
  const zone = window ? formatZone(window.before, query.zone) : query.zone.replaceAll("_", " ")
  return `${nameWindow(query)}${ending(query)}, times in ${zone}`
}

function ending({ window, excludeToday }: AuditQuery): string {
  if (excludeToday) return window.kind === "preset" ? "" : ", without today"
  if (window.kind === "all") return ""
  if (window.kind === "range") {
    if (window.to !== null) return ", end included"
    return window.from === null ? "" : ", until now"
  }
  const closed: readonly string[] = ["yesterday", "last-month"]
  return closed.includes(window.preset) ? "" : ", until now"
}

/** Returns a typed time as typed; one with its own offset as the zone's clocks show it, to the second. */
function shorten(text: string | null, zone: string, side: "from" | "to"): string | null {
  if (text === null) return null
  const typed = parseTypedTime(text)
  if (!typed || typed.offset === null) return spellTypedTime(text)
  const start = instantFromEpochMicroseconds(BigInt(typed.start - typed.offset))
  const last = addMicroseconds(instantFromEpochMicroseconds(BigInt(typed.next - typed.offset)), -1)
  return formatInstant(side === "from" ? start : last, zone, "second")
}
