import type { JsonValue } from "@/lib/audit/json/value"
import { cutInstant, type Instant, type ParsedInstant } from "@/lib/audit/time/instant"
import { textOf } from "./foreign-values"

/** What a number means as a time in a format: nothing unless the format says so. */
export type Epoch = "seconds" | "milliseconds"

/** The members of an event that say when it occurred, and a sentence when the record does not say it legibly. */
export interface ForeignTime {
  readonly occurredAt?: string
  readonly occurredAtText?: string
  readonly occurredAtAssumed?: "none" | "zone" | "time"
  readonly details: readonly string[]
}

interface ReadTime {
  readonly instant: Instant
  readonly assumed: "none" | "zone" | "time"
}

/**
 * Returns the time of a record as the API takes it. RFC 3339 goes on as before; other spellings are read to an instant and keep
 * their own text beside it, with what they leave out. What is no time is left out and said in `details`: the event occurred when
 * it is received, as far as anybody can tell. `epochs` are the units in which the format may write a number; of two, the size tells.
 */
export function timeOf(value: JsonValue | undefined, epochs: readonly Epoch[] = []): ForeignTime {
  const text = textOf(value, 100)
  if (text === undefined) return { details: [] }
  const parsed = cutInstant(text)
  // A text without zone goes on without one, so that the server says what it assumed.
  if (parsed.ok)
    return { occurredAt: parsed.assumedZone ? parsed.instant.slice(0, -1) : parsed.instant, details: [] }
  // Eight digits in a text are a date.
  const isEpoch = typeof value === "number" || !/^\d{8}$/.test(text)
  const read = (isEpoch ? readEpoch(text, epochs) : null) ?? readSpelling(text.trim())
  if (read === null) return { details: [`The time of the record cannot be read: ${text}`] }
  return { occurredAt: read.instant, occurredAtText: text, occurredAtAssumed: read.assumed, details: [] }
}

/** Returns a number of ours with so many digits. */
function padded(number: number | bigint, digits: number): string {
  return number.toString(10).padStart(digits, "0")
}

/** Numbers below this are seconds up to the year 5138, numbers above are milliseconds since 1973. */
const leastMilliseconds = 100_000_000_000

function readEpoch(text: string, epochs: readonly Epoch[]): ReadTime | null {
  const [, whole, fraction = ""] = /^(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text) ?? []
  const [only] = epochs
  if (whole === undefined || only === undefined) return null
  const unit = epochs.length === 1 ? only : Number(whole) < leastMilliseconds ? "seconds" : "milliseconds"
  const digits = unit === "seconds" ? 6 : 3
  const microseconds = BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0"))
  const seconds = microseconds / 1_000_000n
  if (seconds >= 253_402_300_800n) return null
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return told(cutInstant(`${date}.${padded(microseconds % 1_000_000n, 6)}Z`), "none")
}

const day = String.raw`(\d{4})-?(\d{2})-?(\d{2})`
const clock = String.raw`(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?`
const zone = String.raw`(?:\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)[+-]\d{2}:?\d{2}))?`
const dateAndTime = new RegExp(`^${day}[Tt _]\\s*${clock}${zone}$`, "i")
const dateAlone = new RegExp(`^${day}$`)
const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
/** RFC 2822, 3.3, with the zones of its obsolete form that have one meaning. */
const mailDate =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun),?\s+)?(\d{1,2})[\s-]([a-z]{3})[\s-](\d{4})\s+(\d{2}):(\d{2})(?::(\d{2}))?(?:\s+([+-]\d{4}|ut|utc|gmt|z|[ecmp][sd]t))?(?:\s*\([^()]*\))?$/i
const mailZones: Readonly<Record<string, string>> = {
  ...{ EST: "-05:00", EDT: "-04:00", CST: "-06:00", CDT: "-05:00" },
  ...{ MST: "-07:00", MDT: "-06:00", PST: "-08:00", PDT: "-07:00" },
}

function readSpelling(text: string): ReadTime | null {
  const date = dateAlone.exec(text)
  if (date) return told(cutInstant(`${date[1]}-${date[2]}-${date[3]}T00:00:00Z`), "time")
  const full = dateAndTime.exec(text)
  if (full) {
    const [, year, month, dayOfMonth, hour, minute, second = "00", fraction = "0", offset] = full
    return inZone(`${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}.${fraction}`, offset)
  }
  const mail = mailDate.exec(text)
  if (mail === null) return null
  const [, dayOfMonth = "", monthName = "", year, hour, minute, second = "00", offset] = mail
  const month = monthNames.indexOf(monthName.toLowerCase()) + 1
  const written = `${year}-${padded(month, 2)}-${dayOfMonth.padStart(2, "0")}`
  return inZone(`${written}T${hour}:${minute}:${second}`, offset)
}

function inZone(dateTime: string, offset: string | undefined): ReadTime | null {
  if (offset === undefined) return told(cutInstant(`${dateTime}Z`), "zone")
  return told(cutInstant(dateTime + writtenZone(offset.toUpperCase())), "none")
}

/** The offset as RFC 3339 writes it. */
function writtenZone(zoneText: string): string {
  const known = mailZones[zoneText]
  if (known !== undefined) return known
  const [, sign, hours, minutes = "00"] = /([+-])(\d{2}):?(\d{2})?$/.exec(zoneText) ?? []
  return sign === undefined ? "Z" : `${sign}${hours}:${minutes}`
}

function told(parsed: ParsedInstant, assumed: ReadTime["assumed"]): ReadTime | null {
  return parsed.ok ? { instant: parsed.instant, assumed } : null
}
