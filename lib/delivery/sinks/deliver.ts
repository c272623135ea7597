import { setInterval } from "node:timers"
import type { Database } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import type { Log } from "@/lib/log"
import { SinkError } from "@/lib/sinks/sink"
import { type Attempt, type Attempting, attempt, type Sending } from "./attempt"
import type { ByteBudget } from "./budget"
import type { Circuits } from "./circuit"
import { beat, type ClaimedCursor, release, releaseFailed } from "./claimed"
import type { Connections } from "./connections"
import { takeFolder } from "./folder"
import { mostBytesRead } from "./range"
import { type DueRefused, type Retried, readRefused, settleRefused } from "./refused"
import { LeaseLost, type Position, settle, settleTrouble } from "./settle"
import { type DeliverableSink, loadSink, type SinkParts } from "./source"
import { longestPauseMs, nextState } from "./state"
import { safeWords, troubleOf } from "./trouble"

/** A batch is in memory as text, as values, as entries and as lines. */
const bytesInMemory = 4
/** A cursor gives its place to others after so long; the next tick takes it again when there is room. */
const turnMs = 10_000
const beatEveryMs = 20_000
/** After an error of our own side, such as a database that is away. */
const afterErrorMs = 5_000

/** What a worker has for its deliveries. */
export interface Delivering {
  readonly database: Database
  readonly parts: SinkParts
  readonly connections: Connections
  readonly budget: ByteBudget
  readonly circuits: Circuits
  readonly now: () => Date
  readonly random: () => number
  readonly log: Pick<Log, "warn" | "error">
  /** Aborts when the worker ends. */
  readonly signal: AbortSignal
}

/** How the deliveries of a turn ended, for the circuit of the sink. */
type Ended = "taken" | "nothing" | { readonly nextAt: Date | null }

/** Delivers what is due of a claimed cursor. Never throws: what went wrong is stored or logged, and tried again. */
export async function deliverCursor(delivering: Delivering, claimed: ClaimedCursor): Promise<void> {
  const { database, circuits, now } = delivering
  const lease = keepLease(delivering, claimed)
  try {
    const later = circuits.enter(claimed.sinkId, now())
    if (later !== null) return await release(database, claimed, later)
    let ended: Ended = "nothing"
    try {
      ended = await deliverTurn(delivering, claimed, lease.signal)
    } finally {
      if (circuits.leave(claimed.sinkId, ended, now())) await wakeCursors(database, claimed.sinkId, now())
    }
  } catch (error) {
    if (error instanceof LeaseLost) return
    await giveBack(delivering, claimed, error, lease.signal.aborted).catch(() => {})
  } finally {
    lease.end()
  }
}

/** The same range is sent again, under the same id, by the worker that claims the cursor next. */
async function giveBack(
  { database, now, log, random }: Delivering,
  claimed: ClaimedCursor,
  error: unknown,
  isOver: boolean,
): Promise<void> {
  if (isOver) return release(database, claimed, null)
  log.warn("sink.not-settled", { sink: claimed.sinkId, error })
  // The database is away, or was for a moment: that says nothing of the sink.
  if (error instanceof AppError) return release(database, claimed, new Date(now().getTime() + afterErrorMs))
  const trouble = troubleOf(error)
  const { dueAt } = nextState(claimed, { trouble, moved: false, refusals: 0 }, now(), random())
  await releaseFailed(database, claimed, { at: now(), dueAt: dueAt ?? now(), message: trouble.message })
}

/** Says at intervals that the worker still has the cursor. The signal aborts when it has not, and when the worker ends. */
function keepLease({ database, now, signal }: Delivering, claimed: ClaimedCursor) {
  const lost = new AbortController()
  const say = async () => {
    if (!(await beat(database, claimed, now())))
      lost.abort(new LeaseLost("The cursor belongs to another worker."))
  }
  const timer = setInterval(() => void say().catch(() => {}), beatEveryMs)
  return { signal: AbortSignal.any([signal, lost.signal]), end: () => clearInterval(timer) }
}

/** The receiver is back: the other cursors of the sink need not wait for the end of their pauses. */
async function wakeCursors(database: Database, sinkId: string, at: Date): Promise<void> {
  await database.queryDirectly(
    "UPDATE sink_cursor SET due_at = $2::timestamptz WHERE sink_id = $1::uuid AND due_at > $2::timestamptz AND full_at_size IS NULL AND begins_at IS NULL",
    [sinkId, at.toISOString()],
  )
}

interface Turn extends Delivering {
  readonly claimed: ClaimedCursor
  readonly sink: DeliverableSink
  readonly signal: AbortSignal
}

async function deliverTurn(
  delivering: Delivering,
  claimed: ClaimedCursor,
  signal: AbortSignal,
): Promise<Ended> {
  const { database, parts, now } = delivering
  const position: Position = claimed
  let sink: DeliverableSink | null
  try {
    const load = () =>
      database.withOrganization(claimed.organizationId, tx => loadSink(tx, claimed, parts, now()), {
        readOnly: true,
      })
    sink = await load()
  } catch (error) {
    if (!(error instanceof SinkError)) throw error
    const isServer = parts.serverSink?.sink.id === claimed.sinkId
    const trouble = { kind: error.trouble, message: safeWords(error.message, {}) }
    const settling = { claimed, at: now(), random: delivering.random(), isServer, tookMs: null }
    const nextAt = await database.withOrganization(claimed.organizationId, tx =>
      settleTrouble(tx, position, trouble, settling),
    )
    return { nextAt }
  }
  if (sink === null) {
    await release(database, claimed, new Date(now().getTime() + longestPauseMs))
    return "nothing"
  }
  // A replay waits for the cursor that follows the log, and the other way round: they write to the same files.
  if (sink.directory !== null && !(await takeFolder(database, claimed, now()))) return "nothing"
  const turn: Turn = { ...delivering, claimed, sink, signal }
  return (await retryRefused(turn, position)) ?? (await deliverRanges(turn, position))
}

/** Sends refused events whose time has come. Returns null when what is new has its turn. */
async function retryRefused(turn: Turn, position: Position): Promise<Ended | null> {
  const { database, claimed, sink, parts, now } = turn
  if (claimed.past !== null || claimed.refusedDueAt === null || claimed.refusedDueAt > now()) return null
  const within = <Result>(work: Parameters<typeof database.withOrganization<Result>>[1]) =>
    database.withOrganization(claimed.organizationId, work)
  const due: DueRefused = await within(tx => readRefused(tx, { sink, parts, claimed, at: now() }))
  const retried: Retried[] = []
  for (const { refused, sending } of due.tries) {
    const done = await attempt(sending, attemptingOf(turn))
    retried.push({ refused, attempt: done })
    if (done.trouble !== null) break
  }
  await within(tx => settleRefused(tx, { sink, claimed, at: now() }, due, retried))
  const last = retried.at(-1)?.attempt
  if (!last?.trouble) return null
  const { trouble, tookMs } = last
  const settling = { claimed, at: now(), random: turn.random(), isServer: sink.isServer, tookMs }
  return { nextAt: await within(tx => settleTrouble(tx, position, trouble, settling)) }
}

async function deliverRanges(turn: Turn, begun: Position): Promise<Ended> {
  const { database, claimed, sink, parts, now, budget, signal } = turn
  const endsAt = now().getTime() + turnMs
  const { mostBytes } = sink.kind.batching(sink.settings)
  let position = begun
  let done: Attempt | null = null
  let ended: Ended = "nothing"
  for (;;) {
    const memory = Math.min(mostBytes, mostBytesRead) * bytesInMemory
    const reservation = await budget.reserve(memory, { isSlow: claimed.isSlow, signal })
    try {
      const at = now()
      const settling = { sink, parts, claimed, at, random: turn.random(), goesOn: at.getTime() < endsAt }
      const settled = await database.withOrganization(claimed.organizationId, tx =>
        settle(tx, position, done, settling),
      )
      if (done !== null) ended = done.trouble === null ? "taken" : { nextAt: settled.dueAt }
      position = settled.position
      done = null
      const { range } = settled
      if (range !== null) {
        reservation.shrink(Math.max(range.read, range.bytes) * bytesInMemory)
        const connection = { cursorId: claimed.id, version: sink.version }
        const replayId = claimed.past === null ? null : claimed.id
        done = await attempt({ sink, connection, replayId, first: range.first, range }, attemptingOf(turn))
      } else if (!settled.more) return ended
    } finally {
      reservation.release()
    }
  }
}

function attemptingOf({ connections, now, signal, log, claimed }: Turn): Attempting {
  const report = (error: unknown, { sink }: Sending) =>
    log.error("sink.unexpected", {
      sink: claimed.sinkId,
      kind: sink.kind.name,
      error: troubleOf(error).kind,
      cause: nameOf(error),
    })
  return { connections, now, signal, report }
}

/** The message of an unknown error may quote what was sent. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
