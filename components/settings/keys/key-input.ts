import { formatInstant } from "@/components/time/format"
import { instantFromDate } from "@/lib/audit/time/instant"

const dayMs = 86_400_000

/** The durations offered as choices; every other expiry is typed as a day. */
export const lifetimes = [
  { days: "30", label: "After 30 days" },
  { days: "90", label: "After 90 days" },
  { days: "365", label: "After 1 year" },
  { days: "never", label: "Never" },
] as const

/** Returns the day (UTC) that many days from now; the key is valid until its end. */
export function dayAfter(days: number, now: Date): string {
  return new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10)
}

/** Returns the chosen expiry: a day, null for never, undefined to leave it unchanged. */
export function expiryOf(data: FormData, now: Date): string | null | undefined {
  const chosen = String(data.get("expiresAt"))
  if (chosen === "keep") return undefined
  if (chosen === "never") return null
  return chosen === "day" ? String(data.get("expiresOn")) : dayAfter(Number(chosen), now)
}

/** Returns the ips and networks of the text, separated by spaces, line breaks, commas or semicolons. */
export function networksOf(data: FormData): readonly string[] {
  return String(data.get("allowedNetworks") ?? "")
    .split(/[\s,;]+/)
    .filter(part => part !== "")
}

/** Returns the time as `2027-01-31 00:00 UTC`. */
export function utcMinute(at: string): string {
  return `${formatInstant(instantFromDate(new Date(at)), "UTC", "minute")} UTC`
}
