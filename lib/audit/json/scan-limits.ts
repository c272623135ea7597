import { eventLimits } from "@/lib/audit/event/limits"

/** How much of a text is read at all. Beyond it, reading costs more than anybody could have meant. */
export interface ScanLimits {
  /** Members of one object. */
  readonly members: number
  /** Values of one item, those inside each other counted one by one. */
  readonly values: number
  /** Elements of the outermost array, where each of them is an item. */
  readonly elements: number
}

export const unlimited: ScanLimits = {
  members: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  elements: Number.POSITIVE_INFINITY,
}

/** What an event may have: with more values than half of its bytes, it has more bytes than an event may have. */
export const itemLimits: ScanLimits = {
  members: 10_000,
  values: eventLimits.eventBytes / 2,
  elements: 1_000,
}
