import type { ItemResult, OutgoingEvent, Written } from "@/lib/sinks/sink"

/** Sends these events as one batch. Throws when nothing of it is sure. */
export type Send = (events: readonly OutgoingEvent[]) => Promise<Written>

/** What became of one event. */
export type Decision = { readonly taken: true } | { readonly taken: false; readonly reason: string }

/** What became of a batch. The decisions are those of its first events; what follows them is sent again. */
export interface Placed {
  readonly decisions: readonly Decision[]
  /** Why the rest was not decided; null when there is none. */
  readonly rest: { readonly error: unknown } | { readonly retry: string } | null
}

/** When so many events stand alone as refused, the rest waits: it is the receiver or the mapping, not the events. */
export const mostRefusedOfABatch = 101

/**
 * Sends a batch. A receiver that refuses all of it may mean one event: then it is sent in halves until the refused ones stand alone.
 * What follows the first event that is neither taken nor refused is left for the next attempt, whatever became of it, so that
 * nothing is passed over.
 */
export async function place(events: readonly OutgoingEvent[], send: Send): Promise<Placed> {
  const decisions: Decision[] = []
  const rest = await placeInto(decisions, events, send)
  return { decisions, rest }
}

async function placeInto(
  decisions: Decision[],
  events: readonly OutgoingEvent[],
  send: Send,
): Promise<Placed["rest"]> {
  let results: readonly ItemResult[]
  try {
    results = resultsOf(await send(events), events.length)
  } catch (error) {
    return { error }
  }
  if (events.length > 1 && results.every(isRefused)) return placeHalves(decisions, events, send)
  for (const result of results) {
    if (result === "taken") decisions.push({ taken: true })
    else if ("refused" in result) decisions.push({ taken: false, reason: result.refused })
    else return result
  }
  return null
}

async function placeHalves(
  decisions: Decision[],
  events: readonly OutgoingEvent[],
  send: Send,
): Promise<Placed["rest"]> {
  const middle = Math.ceil(events.length / 2)
  for (const half of [events.slice(0, middle), events.slice(middle)]) {
    const refused = decisions.filter(decision => !decision.taken).length
    if (refused >= mostRefusedOfABatch)
      return { retry: "Too many events were refused; the rest has not been sent." }
    const rest = await placeInto(decisions, half, send)
    if (rest !== null) return rest
  }
  return null
}

function isRefused(result: ItemResult): result is { readonly refused: string } {
  return typeof result === "object" && "refused" in result
}

/** A kind that gives fewer results than events, or more, has not said what became of them: all are sent again. */
function resultsOf(written: Written, events: number): readonly ItemResult[] {
  if ("all" in written) return Array.from({ length: events }, () => "taken" as const)
  if (written.items.length === events) return written.items
  const retry = "The answer does not say what became of each event."
  return Array.from({ length: events }, () => ({ retry }))
}
