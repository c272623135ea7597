import type { StoredEvent } from "@/lib/audit/csv"
import type { AuditEvent } from "@/lib/audit/event/event"
import { inTurns } from "@/lib/audit/json/pace"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { EventStore } from "@/lib/audit/store"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import { isRecordedCall, ucpLine } from "@/lib/formats/write/ucp"

/** How far back the recorded calls of a dump go, and how many bytes they are at most. */
export const callLimits = { hours: 24, bytes: 50 * 1024 * 1024 } as const

export interface RecordedCalls {
  readonly store: Pick<EventStore, "streamStored">
  readonly scope: Scope
  readonly before: Instant
  readonly signal: AbortSignal
  readonly maximumBytes?: number
}

/**
 * Yields the calls that were recorded in the last day as lines of UCP's audit log, the oldest first. When they are more than
 * there is room for, the newest ones.
 */
export async function* recordedCalls(calls: RecordedCalls): AsyncGenerator<string> {
  const { maximumBytes = callLimits.bytes } = calls
  const from = await firstWithRoom(calls, maximumBytes)
  let bytes = 0
  for await (const { line } of linesOf(calls, from, "oldest")) {
    bytes += Buffer.byteLength(line)
    // Only calls that were sent late, since their room was measured, can be too many.
    if (bytes > maximumBytes) return
    yield line
  }
}

/** Returns the beginning of the time whose calls have room. */
async function firstWithRoom(calls: RecordedCalls, maximumBytes: number): Promise<Instant> {
  const from = addMicroseconds(calls.before, -callLimits.hours * 3_600_000_000)
  let bytes = 0
  for await (const { line, event } of linesOf(calls, from, "newest")) {
    bytes += Buffer.byteLength(line)
    if (bytes > maximumBytes) return addMicroseconds(event.occurredAt, 1)
  }
  return from
}

async function* linesOf(
  { store, scope, signal, before }: RecordedCalls,
  from: Instant,
  order: "oldest" | "newest",
): AsyncGenerator<{ readonly line: string; readonly event: AuditEvent }> {
  const window = { from, before }
  const selection: Selection = { window, include: {}, exclude: {}, text: null, order, asOf: null }
  const pace = inTurns()
  for await (const batch of store.streamStored(scope, selection, signal)) {
    for (const stored of batch) {
      const event = callOf(stored)
      if (event === null) continue
      yield { line: ucpLine(event), event }
      await pace.spend(stored.body.length)
    }
  }
}

/** The event when it is a recorded call; most are not, and are not parsed. */
function callOf({ body, index, leafHash }: StoredEvent): AuditEvent | null {
  if (!body.includes('"call":')) return null
  const event: AuditEvent = { ...JSON.parse(body), index, leafHash }
  return isRecordedCall(event) ? event : null
}
