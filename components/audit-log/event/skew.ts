import { formatDistanceStrict } from "date-fns/formatDistanceStrict"
import { epochMicroseconds, type Instant, instantToDate } from "@/lib/audit/time/instant"

/** How far the moment of an event and that of its arrival lie apart, when it is worth a word. */
export interface Skew {
  readonly kind: "late" | "ahead"
  /** "6 minutes", "3 days". */
  readonly distance: string
}

const noticedMicroseconds = 5 * 60 * 1_000_000

/** Promise: the skew when it is more than five minutes, else null. `ahead`: the event claims a time yet to come. */
export function skewOf(occurredAt: Instant, receivedAt: Instant): Skew | null {
  const late = Number(epochMicroseconds(receivedAt) - epochMicroseconds(occurredAt))
  if (Math.abs(late) <= noticedMicroseconds) return null
  const [from, to] = [instantToDate(occurredAt), instantToDate(receivedAt)]
  return {
    kind: late > 0 ? "late" : "ahead",
    distance: formatDistanceStrict(from, to, { roundingMethod: "floor" }),
  }
}
