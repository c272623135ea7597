import { instantFromDate } from "@/lib/audit/time/instant"
import { parseTypedTime, resolveWindow } from "@/lib/audit/time/window"

/** The message for a time that cannot be read. */
export const timeFault = "Write 2026-03-31 or 2026-03-31 14:05."

/** Returns the instants that a typed time begins and ends at, on the clocks of the zone; null when it cannot be read. */
export function typedSpan(
  text: string,
  zone: string,
): { readonly from: string; readonly before: string } | null {
  const typed = text.trim()
  if (!parseTypedTime(typed)) return null
  const window = { kind: "range", from: typed, to: typed } as const
  // Both ends are typed, so that the time of now does not matter.
  return resolveWindow(window, { zone, excludeToday: false, now: instantFromDate(new Date(0)) })
}
