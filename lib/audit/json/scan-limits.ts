import { eventLimits } from "@/lib/audit/event/limits"

/** How much of a text is read. Beyond it, reading costs more than any real sender needs. */
export interface ScanLimits {
  /** Members of one object. */
  readonly members: number
  /** Values of one item, counting nested ones. */
  readonly values: number
  /** Elements of the outermost array, when each of them is an item. */
  readonly elements: number
}

export const unlimited: ScanLimits = {
  members: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  elements: Number.POSITIVE_INFINITY,
}

/** The limits of an event: with more values than half of its bytes, it exceeds the bytes of an event. */
export const itemLimits: ScanLimits = {
  members: 10_000,
  values: eventLimits.eventBytes / 2,
  elements: 1_000,
}
