import { uuidv5 } from "@/lib/audit/ids"
import type { Batch, OutgoingEvent } from "@/lib/sinks/sink"

/** The namespace of the ids of batches. Never changed: a receiver recognises a repeated batch by its id. */
const namespace = "6f4c1b0e-0d0a-5b8e-9a43-9d9b2a1c7e55"

/** What the id of a batch is made of. */
export interface BatchName {
  readonly sinkId: string
  readonly organizationId: string
  readonly version: number
  /** The replay: it sends the same events once more, which a receiver must not take for a repetition. */
  readonly replayId: string | null
  readonly first: number
  readonly past: number
}

/** Returns the id of a batch: the same for each attempt of the same range, in any worker. */
export function batchId({ sinkId, organizationId, version, replayId, first, past }: BatchName): string {
  const parts = [sinkId, organizationId, version, first, past]
  return uuidv5(namespace, (replayId === null ? parts : [...parts, replayId]).join("/"))
}

/** A batch, and what its parts are named after. */
export interface WholeBatch extends Omit<Batch, "id" | "at"> {
  readonly name: Omit<BatchName, "first" | "past">
}

/** Returns the batch of some consecutive events of the whole, with the range between its neighbours. */
export function partOfBatch(whole: WholeBatch, events: readonly OutgoingEvent[], at: Date): Batch {
  const { name, ...rest } = whole
  const begin = whole.events.findIndex(({ documentId }) => documentId === events[0]?.documentId)
  const following = whole.events[begin + events.length]
  const first = begin <= 0 ? whole.first : (events[0]?.event.index ?? whole.first)
  const past = following?.event.index ?? whole.past
  const id = batchId({ ...name, first, past })
  return { ...rest, id, replayId: name.replayId, first, past, events, at }
}

/** Returns how many of the events fit into so many bytes together; at least one. */
export function howManyFit(sizes: readonly number[], mostBytes: number): number {
  let bytes = 0
  for (const [position, size] of sizes.entries()) {
    bytes += size
    if (bytes > mostBytes && position > 0) return position
  }
  return sizes.length
}
