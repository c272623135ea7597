import { formatDistanceStrict } from "date-fns/formatDistanceStrict"
import { epochMicroseconds, type Instant, instantToDate } from "@/lib/audit/time/instant"

/** The time between an event and its arrival, when it is worth mentioning. */
export interface Skew {
  readonly kind: "late" | "ahead"
  /** "6 minutes", "3 days". */
  readonly distance: string
}

const noticedMicroseconds = 5 * 60 * 1_000_000

/** Returns the skew when it is more than five minutes, else null. `ahead`: the event claims a time in the future. */
export function skewOf(occurredAt: Instant, receivedAt: Instant): Skew | null {
  const late = Number(epochMicroseconds(receivedAt) - epochMicroseconds(occurredAt))
  if (Math.abs(late) <= noticedMicroseconds) return null
  const [from, to] = [instantToDate(occurredAt), instantToDate(receivedAt)]
  return {
    kind: late > 0 ? "late" : "ahead",
    distance: formatDistanceStrict(from, to, { roundingMethod: "floor" }),
  }
}
