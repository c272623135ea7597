import type { SinkConnection } from "@/lib/sinks/sink"
import { batchId, partOfBatch, type WholeBatch } from "./batch"
import type { ConnectionName, Connections } from "./connections"
import { type Decision, place } from "./place"
import type { SendRange } from "./range"
import type { DeliverableSink } from "./source"
import type { Trouble } from "./state"
import { isUnexpected, safely, safeWords, troubleOf } from "./trouble"

/** However slow a receiver is, an attempt ends after this time; longer than what any kind waits for by itself. */
const longestAttemptMs = 180_000

/** A range that is being sent. */
export interface Sending {
  readonly sink: DeliverableSink
  readonly connection: ConnectionName
  readonly replayId: string | null
  readonly first: number
  readonly range: Pick<SendRange, "past" | "events" | "bytes" | "expired">
}

/** What became of it. */
export interface Attempt {
  readonly sending: Sending
  readonly at: Date
  readonly tookMs: number
  readonly batchId: string
  /** Of the first events; what follows them is sent again. */
  readonly decisions: readonly Decision[]
  /** Null = all of them are decided. */
  readonly trouble: Trouble | null
}

export interface Attempting {
  readonly connections: Connections
  readonly now: () => Date
  readonly signal: AbortSignal
  /** Gets errors that the sink should have known. */
  readonly report: (error: unknown, sending: Sending) => void
}

/** Sends the events of a range. Throws only when the signal aborts: then nothing is known. */
export async function attempt(sending: Sending, attempting: Attempting): Promise<Attempt> {
  const { connections, now, signal } = attempting
  const { sink, first, range, replayId, connection } = sending
  const at = now()
  const began = performance.now()
  const name = { sinkId: sink.id, organizationId: sink.organization.id, version: sink.version, replayId }
  const whole: WholeBatch = {
    ...{ name, first, past: range.past, events: range.events },
    ...{ sink: { id: sink.id, name: sink.name }, organization: sink.organization },
  }
  const within = AbortSignal.any([signal, AbortSignal.timeout(longestAttemptMs)])
  const placed = await place(range.events, events =>
    connections.use(
      connection,
      () => openSink(sink, now),
      open => open.write(partOfBatch(whole, events, now()), within),
      within,
    ),
  )
  signal.throwIfAborted()
  const tookMs = Math.round(performance.now() - began)
  if (placed.rest !== null && "error" in placed.rest && isUnexpected(placed.rest.error))
    attempting.report(placed.rest.error, sending)
  const safe = safely(sink.credentials)
  return {
    ...{ sending, at, tookMs, batchId: batchId({ ...name, first, past: range.past }) },
    decisions: placed.decisions.map(decision =>
      decision.taken ? decision : { taken: false, reason: safe(decision.reason) },
    ),
    trouble: placed.rest === null ? null : safeTrouble(placed.rest, sink),
  }
}

function openSink(sink: DeliverableSink, now: () => Date): Promise<SinkConnection> {
  const { kind, settings, credentials, outbound, directory } = sink
  // A kind that throws before it returns a promise must not end the worker.
  return Promise.resolve().then(() => kind.open({ settings, credentials, outbound, directory, now }))
}

function safeTrouble(
  rest: { readonly error: unknown } | { readonly retry: string },
  { credentials }: DeliverableSink,
): Trouble {
  const trouble: Trouble = "error" in rest ? troubleOf(rest.error) : { kind: "later", message: rest.retry }
  return { ...trouble, message: safeWords(trouble.message, credentials) }
}
