import { formatInstant } from "@/components/time"
import { instantFromDate } from "@/lib/audit/time/instant"

const dayMs = 86_400_000

/** The lifetimes that are one choice away; every other end is typed as a day. */
export const lifetimes = [
  { days: "30", label: "After 30 days" },
  { days: "90", label: "After 90 days" },
  { days: "365", label: "After 1 year" },
  { days: "never", label: "Never" },
] as const

/** Promise: the day (UTC) that many days from now; the key works to its end. */
export function dayAfter(days: number, now: Date): string {
  return new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10)
}

/** Promise: the end that was chosen: a day, null for never, undefined to leave it as it is. */
export function expiryOf(data: FormData, now: Date): string | null | undefined {
  const chosen = String(data.get("expiresAt"))
  if (chosen === "keep") return undefined
  if (chosen === "never") return null
  return chosen === "day" ? String(data.get("expiresOn")) : dayAfter(Number(chosen), now)
}

/** Promise: the addresses and networks of the text, which stand on lines of their own or between commas. */
export function networksOf(data: FormData): readonly string[] {
  return String(data.get("allowedNetworks") ?? "")
    .split(/[\s,;]+/)
    .filter(part => part !== "")
}

/** Promise: `2027-01-31 00:00 UTC`. */
export function utcMinute(at: string): string {
  return `${formatInstant(instantFromDate(new Date(at)), "UTC", "minute")} UTC`
}
