import type { FieldFaults } from "@/components/form/faults"
import type { SinkRange, SinkRangeAnswer } from "@/lib/operations/sinks/answers"
import { timeFault, typedSpan } from "./typed-time"

/** How a range is given: by the numbers of events, or by the times at which they were received. */
export type RangeBy = "numbers" | "times"

/** The two ends as they were typed. Both belong to the range. */
export interface TypedRange {
  readonly by: RangeBy
  readonly from: string
  readonly to: string
}

type Read = { readonly range: SinkRange } | { readonly faults: FieldFaults }

/** Returns the range, or what is wrong with its ends. */
export function readRange(typed: TypedRange, zone: string): Read {
  return typed.by === "numbers" ? readNumbers(typed) : readTimes(typed, zone)
}

function readNumbers({ from, to }: TypedRange): Read {
  const [first, last] = [numberOf(from), numberOf(to)]
  if (first === null || last === null) {
    const words = "Write the number of an event."
    return { faults: { from: first === null ? words : undefined, to: last === null ? words : undefined } }
  }
  if (last < first) return { faults: { to: "The last number is before the first one." } }
  return { range: { first, past: last + 1 } }
}

function readTimes({ from, to }: TypedRange, zone: string): Read {
  const [start, end] = [typedSpan(from, zone), typedSpan(to, zone)]
  if (start === null || end === null) {
    return {
      faults: { from: start === null ? timeFault : undefined, to: end === null ? timeFault : undefined },
    }
  }
  if (end.before <= start.from) return { faults: { to: "It ends before it begins." } }
  return { range: { from: start.from, to: end.before } }
}

/** What the button of the form does next, and whether it may. */
export interface NextStep {
  readonly label: string
  readonly isReady: boolean
}

/**
 * Returns the next step: a range is counted before it is sent, an empty one is not sent at all, and a very large one only when that was
 * confirmed. `found` is null until the range that the form says was counted.
 */
export function nextStep(found: SinkRangeAnswer | null, isConfirmed: boolean): NextStep {
  if (found === null) return { label: "Count the events", isReady: true }
  const isReady = found.events > 0 && (isConfirmed || !found.needsConfirmation)
  return { label: "Send again", isReady }
}

/** Returns the number of an event, as it stands in the log: `1,204` is one too. Null for other text. */
function numberOf(text: string): number | null {
  const digits = text.trim().replace(/^#/, "")
  if (!/^\d{1,15}$/.test(digits) && !/^\d{1,3}(,\d{3}){1,4}$/.test(digits)) return null
  return Number(digits.replaceAll(",", ""))
}
