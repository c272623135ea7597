import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import type { EventContent } from "@/lib/audit/event/event"
import type { Partition } from "./partition-indexes"

const batchEvents = 500

/** An event whose columns are to be made from its content. */
export interface EventKey {
  readonly organization_id: string
  readonly occurred_at: string
  readonly id: string
}

interface FoundRow extends EventKey {
  readonly body: string
}

/** An event and its sealed content. */
export interface FoundEvent {
  readonly key: EventKey
  readonly content: EventContent
}

/** The limits of the work on existing events. */
export interface BatchWork {
  /** Stops between two batches. */
  readonly isOver: () => boolean
  /** Share of the time that is left to others; 0 = none. */
  readonly idleShare: number
}

/** Columns that are copies of the content of events, and how they are made. */
export interface Columns {
  /** The condition that finds the events to work on. An index of each partition evaluates it. */
  readonly left: string
  /** Changes the columns of these events. */
  readonly write: (client: pg.Client, events: readonly FoundEvent[], partition: Partition) => Promise<void>
}

/**
 * Makes the columns of the partition's events that are left, in batches with one transaction each. The data shows which are left, so a
 * killed run is continued by the next. Returns how many it changed, and whether all are done.
 */
export async function makeColumns(
  client: pg.Client,
  partition: Partition,
  columns: Columns,
  { isOver, idleShare }: BatchWork,
): Promise<{ readonly events: number; readonly done: boolean }> {
  let events = 0
  while (!isOver()) {
    const began = performance.now()
    const made = await makeBatch(client, partition, columns)
    events += made
    if (made < batchEvents) return { events, done: true }
    if (idleShare > 0) await sleep(((performance.now() - began) * idleShare) / (1 - idleShare))
  }
  return { events, done: false }
}

/** Returns whether an event is left. Fast once every partition has the index that finds them. */
export function areLeft(client: pg.Client, { left }: Columns): Promise<boolean> {
  return asMaintenance(client, async () => {
    const { rows } = await client.query<{ holds: boolean }>(
      `SELECT EXISTS (SELECT FROM ledger.event WHERE ${left}) AS holds`,
    )
    return rows[0]?.holds ?? false
  })
}

/** The owner may not read events; the maintenance role may, and can change only these columns. */
async function asMaintenance<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query("BEGIN")
  try {
    // A merge or hash join would read whole partitions; the keys lead to each event.
    await client.query(
      `SET LOCAL ROLE auditorium_maintenance; SET LOCAL timezone = 'UTC'; SET LOCAL plan_cache_mode = force_custom_plan;
       SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off`,
    )
    const result = await work()
    await client.query("COMMIT")
    return result
  } catch (error) {
    await client.query("ROLLBACK")
    throw error
  }
}

function makeBatch(client: pg.Client, partition: Partition, { left, write }: Columns): Promise<number> {
  return asMaintenance(client, async () => {
    // Maintenance that moves events to another partition copies new ones, not changed ones: it must not run meanwhile.
    await client.query("SELECT pg_advisory_xact_lock_shared(hashtext('ledger.maintain_partitions'))")
    const { rows } = await client.query<FoundRow>(
      `SELECT organization_id, occurred_at::text, id, body FROM ledger.event
       WHERE ${left} AND occurred_at >= $1 AND occurred_at < $2 LIMIT ${batchEvents}`,
      [partition.from, partition.before],
    )
    const events = rows.map(({ body, ...key }) => ({ key, content: contentOf(body) }))
    if (events.length > 0) await write(client, events, partition)
    return events.length
  })
}

/** Only the ledger writes the text, from an EventContent, and nothing can change it since: the cast relies on that. */
function contentOf(body: string): EventContent {
  return JSON.parse(body) as EventContent
}
