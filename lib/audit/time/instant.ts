import { AppError } from "@/lib/errors"

/** An instant in UTC to the microsecond, always written `YYYY-MM-DDTHH:MM:SS.ffffffZ`; string order is time order. */
export type Instant = string & { readonly __brand: "Instant" }

export type ParsedInstant =
  | {
      readonly ok: true
      readonly instant: Instant
      /** The text had no zone and was read as UTC. */
      readonly assumedZone: boolean
      /** The text is already in the form of an Instant. */
      readonly canonicalText: boolean
    }
  | { readonly ok: false; readonly message: string }

const firstYear = 1970
const lastYear = 2199
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))?$/
const canonical = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/
const expectation = "must be a date and time like 2025-10-21T09:49:08.908Z (RFC 3339)"

/**
 * Reads an RFC 3339 date-time of the years 1970 to 2199, with or without an offset, to the microsecond. What cannot be
 * stored exactly (more than six digits, a leap second) is rejected with a message for the sender.
 */
export function parseInstant(text: string): ParsedInstant {
  return read(text, "refuse")
}

/**
 * The same for logs of other systems, which cannot be corrected: digits beyond the sixth are cut, and a leap second becomes
 * the last microsecond before it. The caller keeps the original text.
 */
export function cutInstant(text: string): ParsedInstant {
  return read(text, "cut")
}

function read(text: string, excess: "refuse" | "cut"): ParsedInstant {
  const match = dateTime.exec(text)
  if (match === null) return refusal(expectation)
  const [, year, month, day, hour, minute, second, fraction = "", utc, sign, offsetHour, offsetMinute] = match
  const daysMilliseconds = dateMilliseconds(Number(year), Number(month), Number(day))
  if (daysMilliseconds === null) return refusal(`names a day that does not exist: ${year}-${month}-${day}`)
  const leap = second === "60"
  if (leap && excess === "refuse")
    return refusal("names a leap second, which is not kept; send second 59 or 00")
  if (Number(hour) > 23 || Number(minute) > 59 || (Number(second) > 59 && !leap)) {
    return refusal(`names a time of day that does not exist: ${hour}:${minute}:${second}`)
  }
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59)
    return refusal("has an offset that does not exist")
  if (fraction.length > 6 && excess === "refuse") return refusal("has more than six digits of a second")

  const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * (sign === "-" ? -1 : 1)
  const minutes = Number(hour) * 60 + Number(minute) - offset
  const seconds = leap ? 59 : Number(second)
  const milliseconds = daysMilliseconds + minutes * 60_000 + seconds * 1000
  const micros = leap ? "999999" : fraction.slice(0, 6).padEnd(6, "0")
  const instant = write(milliseconds, micros)
  const instantYear = Number(instant.slice(0, 4))
  if (instantYear < firstYear || instantYear > lastYear || instant.length !== 27) {
    return refusal(`lies outside the years ${firstYear} to ${lastYear}`)
  }
  return {
    ok: true,
    instant,
    assumedZone: utc === undefined && sign === undefined,
    canonicalText: text === instant,
  }
}

function refusal(message: string): ParsedInstant {
  return { ok: false, message }
}

/** Returns midnight of a day in milliseconds since 1970, or null when the calendar does not have the day. */
function dateMilliseconds(year: number, month: number, day: number): number | null {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists ? date.getTime() : null
}

// The one place where text becomes an Instant: the pieces are a whole second and six digits.
function write(milliseconds: number, micros: string): Instant {
  return `${new Date(milliseconds).toISOString().slice(0, -4)}${micros}Z` as Instant
}

/** Returns whether a text is an Instant in canonical form, with a day and time that exist. */
export function isInstant(text: string): text is Instant {
  if (!canonical.test(text)) return false
  const milliseconds = Date.parse(`${text.slice(0, 23)}Z`)
  return (
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 19) === text.slice(0, 19)
  )
}

/** Returns the text as an Instant. Throws AppError `internal` for any other text: for values from our own stores. */
export function assertInstant(text: string): Instant {
  if (!isInstant(text)) throw new AppError("internal", "A stored time is not an instant.", { cause: text })
  return text
}

/** Returns the instant of a Date, with three zeros for the microseconds. */
export function instantFromDate(date: Date): Instant {
  return instantFromNumber(date.getTime() * 1000)
}

/** Returns the Date of an instant, its microseconds cut to milliseconds. */
export function instantToDate(instant: Instant): Date {
  return new Date(`${instant.slice(0, 23)}Z`)
}

/** Returns the first moment of the month in UTC that is so many months after the one of the instant. */
export function monthStart(instant: Instant, months: number): Instant {
  const date = instantToDate(instant)
  return instantFromDate(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)))
}

/** Returns the instant that many microseconds later (earlier when negative). The number must be an integer. */
export function addMicroseconds(instant: Instant, microseconds: number): Instant {
  return instantFromNumber(epochNumber(instant) + microseconds)
}

/** Returns the instant that many microseconds after the start of 1970 in UTC. */
export function instantFromEpochMicroseconds(microseconds: bigint): Instant {
  return instantFromNumber(Number(microseconds))
}

/** Returns the microseconds since the start of 1970 in UTC; negative before. */
export function epochMicroseconds(instant: Instant): bigint {
  return BigInt(epochNumber(instant))
}

// The years 1684 to 2255 are within 2^53 microseconds of 1970, so numbers are exact for every stored instant.
function epochNumber(instant: Instant): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) * 1000 + Number(instant.slice(20, 26))
}

function instantFromNumber(microseconds: number): Instant {
  if (!Number.isSafeInteger(microseconds))
    throw new RangeError(`${microseconds} microseconds are no instant.`)
  const seconds = Math.floor(microseconds / 1_000_000)
  return write(seconds * 1000, String(microseconds - seconds * 1_000_000).padStart(6, "0"))
}
