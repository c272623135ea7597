import { type Instant, instantToDate } from "@/lib/audit/time/instant"
import { localAt, offsetAt } from "@/lib/audit/time/zone"

/** The precision of a displayed time: its day, or also the time of day to the minute, the second or the microsecond. */
export type TimeFormat = "day" | "minute" | "second" | "microsecond"

const lengths: Readonly<Record<TimeFormat, number>> = { day: 10, minute: 16, second: 19, microsecond: 26 }

/**
 * Returns `2026-03-29 03:00:00` as the clocks of the zone show it, cut (never rounded) to the format. The same on server
 * and browser; year first, so that month and day cannot be confused.
 */
export function formatInstant(instant: Instant, zone: string, format: TimeFormat = "second"): string {
  const shown = new Date(localAt(zone, toMicroseconds(instant)) / 1000).toISOString()
  // Offsets are whole seconds, so the digits of the second are those of the instant itself.
  const exact = `${shown.slice(0, 10)} ${shown.slice(11, 19)}.${instant.slice(20, 26)}`
  return exact.slice(0, lengths[format])
}

/** Returns how far the zone was ahead of UTC at that time: `UTC`, `UTC+02:00`, `UTC-03:30`. */
export function formatOffset(instant: Instant, zone: string): string {
  const minutes = Math.round(offsetAt(zone, toMicroseconds(instant)) / 60_000_000)
  if (minutes === 0) return "UTC"
  const size = Math.abs(minutes)
  const pad = (part: number) => String(part).padStart(2, "0")
  return `UTC${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/** Returns the zone and its offset at that time: `Europe/Berlin (UTC+02:00)`, or `UTC`. */
export function formatZone(instant: Instant, zone: string): string {
  const offset = formatOffset(instant, zone)
  return zone === "UTC" ? "UTC" : `${zone.replaceAll("_", " ")} (${offset})`
}

const relativeSteps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: "year", seconds: 31_556_952 },
  { unit: "month", seconds: 2_629_746 },
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
]

/** Returns the distance from `now` in its largest whole unit: `3 hours ago`, `in 2 days`, `now` within a minute. */
export function formatRelative(instant: Instant, now: Date): string {
  const seconds = (instantToDate(instant).getTime() - now.getTime()) / 1000
  const step = relativeSteps.find(candidate => Math.abs(seconds) >= candidate.seconds)
  if (!step) return "now"
  return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(
    Math.trunc(seconds / step.seconds),
    step.unit,
  )
}

/** Returns the milliseconds since 1970-01-01T00:00:00Z, cut. */
export function epochMilliseconds(instant: Instant): number {
  return instantToDate(instant).getTime()
}

function toMicroseconds(instant: Instant): number {
  return instantToDate(instant).getTime() * 1000
}
