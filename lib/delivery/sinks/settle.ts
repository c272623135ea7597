import type { Tx } from "@/lib/database/tx"
import type { Attempt } from "./attempt"
import { type ClaimedCursor, type CursorChanges, leaseMs, storeCursor } from "./claimed"
import { pauseCursors } from "./cursors"
import { countRefusals, moveRefusedDue, type Refusal, recordRefusals } from "./dead-letters"
import { type Next, nextRange, type SendRange } from "./range"
import { writeReceipt } from "./receipt"
import type { DeliverableSink, SinkParts } from "./source"
import {
  longestPauseMs,
  type NextState,
  nextState,
  type PauseReason,
  refusalsCountedForMs,
  type Standing,
  type Trouble,
} from "./state"

/** Another worker has the cursor, or it was paused, changed or deleted: what this one did is not stored. */
export class LeaseLost extends Error {}

/** Where a claimed cursor is, as this worker knows it. */
export interface Position extends Standing {
  readonly nextIndex: number
  readonly sendingPast: number | null
  readonly beginsAt: Date | null
}

/** What a transaction needs that stores an attempt and takes the next range. */
export interface Settling {
  readonly sink: DeliverableSink
  readonly parts: SinkParts
  readonly claimed: ClaimedCursor
  readonly at: Date
  readonly random: number
  /** Takes the next range when nothing is in its way. */
  readonly goesOn: boolean
}

/** What was stored. */
export interface Settled {
  readonly position: Position
  /** The range to send now; null = the cursor was given back. */
  readonly range: (SendRange & { readonly first: number }) | null
  /** There may be more at once. */
  readonly more: boolean
  /** When the cursor is tried again after a failure. */
  readonly dueAt: Date | null
}

/**
 * Stores how an attempt ended and takes the next range, in one transaction: after a kill the same range is sent again under the same id.
 * Throws LeaseLost when the cursor belongs to another worker.
 */
export async function settle(
  tx: Tx,
  position: Position,
  attempt: Attempt | null,
  settling: Settling,
): Promise<Settled> {
  const { sink, claimed, at, goesOn } = settling
  const done = attempt === null ? null : outcomeOf(attempt, claimed)
  const state =
    attempt === null || done === null ? null : await stateAfter(tx, position, attempt, done, settling)
  const after: Position =
    state === null || done === null
      ? position
      : { ...position, ...state, ...placeAfter(done), beginsAt: null }
  const isFree = state === null || (attempt?.trouble === null && state.pause === null)
  const next =
    goesOn && isFree ? await nextRange({ ...after, past: claimed.past }, { tx, ...settling }) : null
  const changes = { ...changesOf(after, next, state, settling), hasBegun: next !== null || attempt !== null }
  const stored = await storeCursor(tx, claimed, {
    ...changes,
    ...countsOf(done, next),
    ...attemptOf(attempt, state),
  })
  if (!stored) throw new LeaseLost("The cursor belongs to another worker.")
  if (attempt !== null) await writeReceipt(tx, attempt)
  if (state?.pause) await pauseSink(tx, ofSink(sink), state.pause, at)
  const range = next?.kind === "send" ? next : null
  const first = next?.first ?? after.nextIndex
  return {
    position: { ...after, nextIndex: first, sendingPast: changes.sendingPast, beginsAt: null },
    range,
    more: next?.kind === "more",
    dueAt: changes.dueAt,
  }
}

/**
 * Stores that nothing could be sent at all. Throws LeaseLost when the cursor belongs to another worker. Returns when it is tried again; null =
 * the sink is paused.
 */
export async function settleTrouble(
  tx: Tx,
  position: Position,
  trouble: Trouble,
  { claimed, at, random, isServer, tookMs }: TroubleSettling,
): Promise<Date | null> {
  const found = nextState(position, { trouble, moved: false, refusals: 0 }, at, random)
  const state = isServer ? withoutPause(found, at) : found
  const { failures, firstFailureAt } = state
  const error = { kind: trouble.kind, message: trouble.message }
  const stored = await storeCursor(tx, claimed, {
    ...{
      nextIndex: position.nextIndex,
      sendingPast: position.sendingPast,
      leasedUntil: null,
      dueAt: state.dueAt ?? at,
    },
    ...{ fullAtSize: null, endedAt: null, hasBegun: false, taken: 0, passedOver: 0, refused: 0, missed: 0 },
    attempt: { at, tookMs, failures, firstFailureAt, error },
  })
  if (!stored) throw new LeaseLost("The cursor belongs to another worker.")
  if (state.pause !== null) await pauseSink(tx, claimed, state.pause, at)
  return state.dueAt
}

interface TroubleSettling extends Pick<Settling, "claimed" | "at" | "random"> {
  readonly isServer: boolean
  /** Null = nothing was tried. */
  readonly tookMs: number | null
}

/** The environment's sink has no row that could say that it is paused: it waits as long as any. */
function withoutPause(state: NextState, at: Date): NextState {
  return state.pause === null
    ? state
    : { ...state, pause: null, dueAt: new Date(at.getTime() + longestPauseMs) }
}

/** What an attempt decided. */
interface Outcome {
  /** The number that follows the last decided one. */
  readonly next: number
  /** The end of what is still to be sent; null = nothing of the range. */
  readonly sendingPast: number | null
  readonly taken: number
  readonly refusals: readonly Refusal[]
  readonly passedOver: number
  readonly missed: number
  readonly isReplay: boolean
}

function outcomeOf({ sending, decisions, trouble }: Attempt, { past }: ClaimedCursor): Outcome {
  const { range, first } = sending
  const { events } = range
  const undecided = events[decisions.length]
  const next =
    trouble === null || undecided === undefined
      ? range.past
      : decisions.length === 0
        ? first
        : undecided.event.index
  const refusals = decisions.flatMap((decision, position) => {
    const event = events[position]?.event
    return decision.taken || event === undefined
      ? []
      : [{ index: event.index, eventId: event.id, reason: decision.reason }]
  })
  const missed = range.expired.filter(index => index < next).length
  return {
    ...{ next, refusals, missed, isReplay: past !== null },
    sendingPast: next < range.past ? range.past : null,
    taken: decisions.length - refusals.length,
    passedOver: next - first - decisions.length - missed,
  }
}

function placeAfter({ next, sendingPast }: Outcome): { nextIndex: number; sendingPast: number | null } {
  return { nextIndex: next, sendingPast }
}

/** Writes refused events down, and returns what follows from the attempt. */
async function stateAfter(
  tx: Tx,
  position: Position,
  { sending, trouble }: Attempt,
  { refusals, next, isReplay }: Outcome,
  { sink, claimed, at, random }: Settling,
): Promise<NextState> {
  const of = ofSink(sink)
  await recordRefusals(tx, of, refusals, at)
  if (isReplay && next > sending.first) await dropTakenAgain(tx, of, sending.first, next, refusals)
  const since = Math.max(at.getTime() - refusalsCountedForMs, claimed.refusalsFrom?.getTime() ?? 0)
  const counted = refusals.length === 0 ? 0 : await countRefusals(tx, of, new Date(since))
  const state = nextState(position, { trouble, moved: next > sending.first, refusals: counted }, at, random)
  return sink.isServer ? withoutPause(state, at) : state
}

function ofSink({ id, organization }: DeliverableSink) {
  return { sinkId: id, organizationId: organization.id }
}

/** What a replay has delivered is not refused any more. */
async function dropTakenAgain(
  tx: Tx,
  of: { readonly sinkId: string; readonly organizationId: string },
  first: number,
  past: number,
  refusals: readonly Refusal[],
): Promise<void> {
  const rows = await tx.query(
    `DELETE FROM sink_dead_letter WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND index >= $3::bigint AND index < $4::bigint
       AND index <> ALL ($5::bigint[]) RETURNING 1 AS dropped`,
    [of.sinkId, of.organizationId, first, past, refusals.map(({ index }) => index)],
  )
  if (rows.length > 0) await moveRefusedDue(tx, of)
}

type Changes = Pick<
  CursorChanges,
  "nextIndex" | "sendingPast" | "leasedUntil" | "dueAt" | "fullAtSize" | "endedAt"
>

function changesOf(
  after: Position,
  next: Next | null,
  state: NextState | null,
  { claimed, at }: Settling,
): Changes {
  const nextIndex = next?.first ?? after.nextIndex
  const base = {
    nextIndex,
    sendingPast: after.sendingPast,
    leasedUntil: null,
    fullAtSize: null,
    endedAt: null,
  }
  if (next?.kind === "send" || next?.kind === "more") {
    const sendingPast = next.kind === "send" ? next.past : null
    return { ...base, sendingPast, leasedUntil: new Date(at.getTime() + leaseMs), dueAt: at }
  }
  if (claimed.past !== null && nextIndex >= claimed.past)
    return { ...base, sendingPast: null, dueAt: null, endedAt: at }
  if (next?.kind === "wait")
    return { ...base, sendingPast: null, dueAt: next.until, fullAtSize: next.fullAtSize }
  if (next?.kind === "nothing") return { ...base, sendingPast: null, dueAt: at }
  return { ...base, dueAt: state === null ? at : (state.dueAt ?? at) }
}

function countsOf(done: Outcome | null, next: Next | null) {
  return {
    taken: done?.taken ?? 0,
    // A refused event of the log is tried again, and counted when it is given up; a replay does not come back to it.
    refused: done?.isReplay ? done.refusals.length : 0,
    passedOver: (done?.passedOver ?? 0) + (next?.passedOver ?? 0),
    missed: (done?.missed ?? 0) + (next?.missed ?? 0),
  }
}

function attemptOf(attempt: Attempt | null, state: NextState | null): Pick<CursorChanges, "attempt"> {
  if (attempt === null || state === null) return {}
  const { at, tookMs } = attempt
  const { failures, firstFailureAt } = state
  return { attempt: { at, tookMs, failures, firstFailureAt, error: errorOf(attempt.trouble, state.pause) } }
}

function errorOf(trouble: Trouble | null, pause: PauseReason | null) {
  if (trouble !== null) return { kind: trouble.kind, message: trouble.message }
  if (pause !== "dead-letters") return null
  return {
    kind: "configuration",
    message: "It refused more than 100 events within an hour, so it was paused.",
  }
}

/** Stops the sink, with the reason, until somebody resumes it. */
async function pauseSink(
  tx: Tx,
  of: { readonly sinkId: string; readonly organizationId: string },
  reason: PauseReason,
  at: Date,
): Promise<void> {
  await tx.query(
    `UPDATE sink SET paused_at = $3::timestamptz, paused_reason = $4
     WHERE id = $1::uuid AND organization_id = $2::uuid AND paused_at IS NULL`,
    [of.sinkId, of.organizationId, at.toISOString(), reason],
  )
  await pauseCursors(tx, of)
}
