import { epochMicroseconds, type Instant } from "@/lib/audit/time/instant"

/** How far the moment of an event and that of its arrival lie apart, when it is worth a word. */
export interface Skew {
  readonly kind: "late" | "ahead"
  /** "6 minutes", "3 days". */
  readonly distance: string
}

const noticedMicroseconds = 5 * 60 * 1_000_000

const units = [
  ["year", 31_556_952],
  ["month", 2_629_746],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const

/** Promise: the skew when it is more than five minutes, else null. `ahead`: the event claims a time yet to come. */
export function skewOf(occurredAt: Instant, receivedAt: Instant): Skew | null {
  const late = Number(epochMicroseconds(receivedAt) - epochMicroseconds(occurredAt))
  if (Math.abs(late) <= noticedMicroseconds) return null
  return { kind: late > 0 ? "late" : "ahead", distance: describe(Math.abs(late) / 1_000_000) }
}

function describe(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (["minute", 60] as const)
  const count = Math.trunc(seconds / size)
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
