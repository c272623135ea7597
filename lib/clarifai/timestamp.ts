import { type Instant, instantFromEpochMicroseconds } from "@/lib/audit/time/instant"
import type { SentTimestamp } from "./messages"

/** The years 1 to 9999, which is what a Timestamp may be. */
const firstSecond = -62_135_596_800n
const lastSecond = 253_402_300_799n
/** No event lies outside of these: the end of 1969 and the beginning of 2200. */
const beforeAll = -1n
const afterAll = 7_258_118_400_000_000n

/**
 * Returns the first microsecond that is not before a time (`from`), or the last that is not after it (`to`), or a sentence why
 * the time is none. A time before or after every event becomes the nearest instant outside of them.
 */
export function endOfWindow(
  { seconds = "0", nanos = 0 }: SentTimestamp,
  end: "from" | "to",
): { readonly ok: true; readonly instant: Instant } | { readonly ok: false; readonly message: string } {
  const whole = BigInt(seconds)
  if (whole < firstSecond || whole > lastSecond) {
    return { ok: false, message: "has seconds outside the years 1 to 9999" }
  }
  if (nanos < 0 || nanos > 999_999_999) {
    return { ok: false, message: "has nanos outside 0 to 999999999" }
  }
  const part = Math.floor(nanos / 1000) + (end === "from" && nanos % 1000 > 0 ? 1 : 0)
  const microseconds = whole * 1_000_000n + BigInt(part)
  const nearest = microseconds < 0n ? beforeAll : microseconds > afterAll ? afterAll : microseconds
  return { ok: true, instant: instantFromEpochMicroseconds(nearest) }
}

/** Returns a timestamp of the protocol for an instant. */
export function timestampOf(instant: Instant): { readonly seconds: string; readonly nanos: number } {
  const seconds = Date.parse(`${instant.slice(0, 19)}Z`) / 1000
  return { seconds: String(seconds), nanos: Number(instant.slice(20, 26)) * 1000 }
}

const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** Returns the timestamp that a text of RFC 3339 with up to nine digits of a second says, or null when it says none. */
export function timestampOfText(text: string): Required<SentTimestamp> | null {
  const match = dateTime.exec(text)
  if (match === null) return null
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    sign,
    offsetHour = "0",
    offsetMinute = "0",
  ] = match
  const [offsetHours, offsetMinutes] = [Number(offsetHour), Number(offsetMinute)]
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  if (offsetHours > 23 || offsetMinutes > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null
  const offset = (offsetHours * 60 + offsetMinutes) * (sign === "-" ? -1 : 1)
  const minutes = Number(hour) * 60 + Number(minute) - offset
  const seconds = date.getTime() / 1000 + minutes * 60 + Number(second)
  return { seconds: String(seconds), nanos: Number(fraction.padEnd(9, "0")) }
}
