import { Buffer } from "node:buffer"
import { type ItemResult, type OutgoingEvent, SinkError, type Written } from "@/lib/sinks/sink"

/** A request of which Splunk refused at least one event. */
export interface Refusal {
  /** The position of the first one; null when the answer does not say which. */
  readonly invalid: number | null
  readonly words: string
  /** The size of the request. */
  readonly bytes: number
}

/** So many refused events are the receiver's fault, and not the events'. */
const mostRefused = 101

/**
 * What became of the events of a batch. Splunk names the first event that it refuses. Those before it may be stored, which is not
 * sure, so they are sent again, by themselves; those after it follow. Where none is named, the request is halved.
 */
export class Outcome {
  private readonly events: readonly OutgoingEvent[]
  private readonly results = new Map<OutgoingEvent, ItemResult>()
  /** In the order of the batch. */
  private parts: readonly (readonly OutgoingEvent[])[]
  private refused = 0

  constructor(events: readonly OutgoingEvent[]) {
    this.events = events
    this.parts = [events]
  }

  /** Returns what is to be sent next; null when nothing is. */
  next(): readonly OutgoingEvent[] | null {
    const [part = null, ...others] = this.parts
    this.parts = others
    return this.refused >= mostRefused ? null : part
  }

  judge(part: readonly OutgoingEvent[], refusal: Refusal | null): void {
    if (refusal === null) {
      for (const event of part) this.results.set(event, "taken")
      return
    }
    const { invalid, words } = refusal
    const named = part.length === 1 ? part[0] : invalid === null ? undefined : part[invalid]
    if (named === undefined) {
      const middle = Math.ceil(part.length / 2)
      this.parts = [part.slice(0, middle), part.slice(middle), ...this.parts]
      return
    }
    const size = Buffer.byteLength(named.line)
    const sizes =
      invalid === null ? ` (the event has ${size} bytes, the request with it ${refusal.bytes})` : ""
    this.results.set(named, { refused: `${words}${sizes}` })
    this.refused += 1
    const position = part.indexOf(named)
    const around = [part.slice(0, position), part.slice(position + 1)]
    this.parts = [...around.filter(events => events.length > 0), ...this.parts]
  }

  /** Returns what is sure in spite of an error. Throws the error when nothing of the beginning is. */
  stopped(error: unknown): Written {
    const [first] = this.events
    if (!(error instanceof SinkError) || first === undefined || !this.results.has(first)) throw error
    return this.written(error.message)
  }

  written(whenLeft = "Too many events of the batch were refused; this one has not been sent"): Written {
    const items = this.events.map(event => this.results.get(event) ?? { retry: whenLeft })
    return items.every(item => item === "taken") ? { all: "taken" } : { items }
  }
}
