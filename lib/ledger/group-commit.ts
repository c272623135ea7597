import type { AppendResult, PreparedEvent } from "@/lib/audit/event/event"
import type { Database } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import { append } from "./append"

interface GroupCommitOptions {
  /** Events that may wait; one organization may use half of it. */
  readonly maxQueueEvents?: number
  /** The same in bytes, approximately: this limits the memory. */
  readonly maxQueueBytes?: number
  /** Callers are combined up to this number of events; one caller's events are never split. */
  readonly maxBatchEvents?: number
  /** Concurrent transactions, each holding a connection. */
  readonly maxTransactions?: number
}

/** Appends on behalf of many concurrent callers. */
export interface GroupCommit {
  /**
   * The same as `append` of the ledger, committed when it resolves. Callers of one organization that arrive during a commit
   * share the next one. Throws AppError `unavailable` when too much is waiting: then nothing of the call was stored.
   */
  append(organizationId: string, events: readonly PreparedEvent[]): Promise<readonly AppendResult[]>
}

/** One waiting caller. */
interface Waiting {
  readonly events: readonly PreparedEvent[]
  readonly bytes: number
  readonly resolve: (results: readonly AppendResult[]) => void
  readonly reject: (reason: unknown) => void
}

/** The callers of one organization. */
interface Lane {
  readonly organizationId: string
  waiting: Waiting[]
  events: number
  bytes: number
  running: number
  runningEvents: number
}

/** Two, so that one batch is sealed here while the other is written there; the lock on the log keeps their order. */
const transactionsPerLane = 2
const shareOfOneLane = 0.5

/** Returns a group commit for this database, with limits so that memory stays flat and no organization starves another. */
export function groupCommit(database: Database, options: GroupCommitOptions = {}): GroupCommit {
  const { maxQueueEvents = 20_000, maxQueueBytes = 64 * 1024 * 1024 } = options
  const { maxBatchEvents = 1_000, maxTransactions = 4 } = options
  /** Lanes with waiting callers, the one served longest ago first. */
  const lanes = new Map<string, Lane>()
  const queued = { events: 0, bytes: 0 }
  let transactions = 0
  let isScheduled = false

  function enqueue(
    organizationId: string,
    events: readonly PreparedEvent[],
  ): Promise<readonly AppendResult[]> {
    const lane = lanes.get(organizationId) ?? {
      organizationId,
      waiting: [],
      events: 0,
      bytes: 0,
      running: 0,
      runningEvents: 0,
    }
    const bytes = events.reduce((sum, event) => sum + approximateBytes(event), 0)
    // A caller in an empty lane is accepted whatever its size: a single request has its own limits.
    const isFull = (part: { events: number; bytes: number }, share: number) =>
      part.events + events.length > maxQueueEvents * share || part.bytes + bytes > maxQueueBytes * share
    if (isFull(queued, 1) || (lane.events > 0 && isFull(lane, shareOfOneLane))) {
      const message = "More events are waiting to be written than may wait. Please try again."
      return Promise.reject(new AppError("unavailable", message, { retryAfterSeconds: 1 }))
    }
    return new Promise((resolve, reject) => {
      lane.waiting.push({ events, bytes, resolve, reject })
      count(lane, events.length, bytes)
      lanes.set(organizationId, lane)
      schedule()
    })
  }

  function count(lane: Lane, events: number, bytes: number): void {
    lane.events += events
    lane.bytes += bytes
    queued.events += events
    queued.bytes += bytes
  }

  /** Runs after the requests that arrive in the same turn of the event loop. */
  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      startWork()
    })
  }

  function startWork(): void {
    for (const lane of [...lanes.values()]) {
      if (transactions >= maxTransactions) return
      if (lane.waiting.length === 0 || lane.running >= transactionsPerLane) continue
      // A second transaction only for a full batch: small callers are better served by sharing the next one.
      if (lane.running > 0 && lane.events - lane.runningEvents < maxBatchEvents / 2) continue
      void work(lane, takeBatch(lane))
    }
  }

  function takeBatch(lane: Lane): readonly Waiting[] {
    let events = 0
    let size = 0
    for (const { events: own } of lane.waiting) {
      if (size > 0 && events + own.length > maxBatchEvents) break
      events += own.length
      size++
    }
    const batch = lane.waiting.slice(0, size)
    lane.waiting = lane.waiting.slice(size)
    // To the end of the queue: every other organization is served first.
    lanes.delete(lane.organizationId)
    lanes.set(lane.organizationId, lane)
    return batch
  }

  async function work(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    const events = batch.reduce((sum, one) => sum + one.events.length, 0)
    const bytes = batch.reduce((sum, one) => sum + one.bytes, 0)
    transactions++
    lane.running++
    lane.runningEvents += events
    try {
      await commitBatch(database, lane.organizationId, batch)
    } finally {
      transactions--
      lane.running--
      lane.runningEvents -= events
      count(lane, -events, -bytes)
      if (lane.waiting.length === 0 && lane.running === 0) lanes.delete(lane.organizationId)
      startWork()
    }
  }

  return { append: enqueue }
}

/** Never rejects: each caller gets its own result. */
async function commitBatch(
  database: Database,
  organizationId: string,
  batch: readonly Waiting[],
): Promise<void> {
  const commit = (events: readonly PreparedEvent[]) =>
    database.writes.watch(() =>
      database.withOrganization(organizationId, tx => append(tx, organizationId, events)),
    )
  try {
    const results = await commit(batch.flatMap(({ events }) => events))
    let begin = 0
    for (const { events, resolve } of batch) {
      resolve(results.slice(begin, begin + events.length))
      begin += events.length
    }
  } catch (error) {
    const concernsAll =
      error instanceof AppError && (error.code === "unavailable" || error.code === "timeout")
    if (concernsAll || batch.length === 1) {
      for (const { reject } of batch) reject(error)
      return
    }
    // The data of one caller made the transaction fail: each one is retried alone, so that only that one fails.
    for (const { events, resolve, reject } of batch) await commit(events).then(resolve, reject)
  }
}

/** The approximate memory of an event: its texts and a little for each value. */
function approximateBytes({ content, raw }: PreparedEvent): number {
  return sizeOf(content) + (raw?.byteLength ?? 0)
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 8
  if (typeof value !== "object" || value === null) return 8
  let sum = 16
  for (const member of Object.values(value)) sum += sizeOf(member) + 8
  return sum
}
