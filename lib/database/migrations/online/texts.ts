import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import type { EventContent } from "@/lib/audit/event/event"
import { searchText, searchTextMark } from "@/lib/audit/event/search-text"
import type { Partition } from "./partition-indexes"

const batchEvents = 500

interface EarlierRow {
  readonly organization_id: string
  readonly occurred_at: string
  readonly id: string
  readonly body: string
}

/** The limits of rebuilding texts. */
export interface TextWork {
  /** Stops between two batches. */
  readonly isOver: () => boolean
  /** Share of the time that is left to others; 0 = none. */
  readonly idleShare: number
}

/**
 * Rebuilds the search text of the partition's events of an earlier form from their sealed content, in batches with one
 * transaction each. The data shows which are left, so a killed run is continued by the next. Returns how many it rebuilt,
 * and whether all are done.
 */
export async function remakeTexts(
  client: pg.Client,
  partition: Partition,
  { isOver, idleShare }: TextWork,
): Promise<{ readonly events: number; readonly done: boolean }> {
  let events = 0
  while (!isOver()) {
    const began = performance.now()
    const made = await remakeBatch(client, partition)
    events += made
    if (made < batchEvents) return { events, done: true }
    if (idleShare > 0) await sleep(((performance.now() - began) * idleShare) / (1 - idleShare))
  }
  return { events, done: false }
}

/** Returns whether an event has a text of an earlier form. Fast once every partition has the index that finds them. */
export function holdsEarlierTexts(client: pg.Client): Promise<boolean> {
  return asMaintenance(client, async () => {
    const { rows } = await client.query<{ holds: boolean }>(
      `SELECT EXISTS (SELECT FROM ledger.event WHERE ${isEarlier}) AS holds`,
    )
    return rows[0]?.holds ?? false
  })
}

const isEarlier = `left(search_text, 1) <> '${searchTextMark}'`

/** The owner may not read events; the maintenance role may, and can change only their search text. */
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

function remakeBatch(client: pg.Client, { from, before }: Partition): Promise<number> {
  return asMaintenance(client, async () => {
    // Maintenance that moves events to another partition copies new ones, not changed ones: it must not run meanwhile.
    await client.query("SELECT pg_advisory_xact_lock_shared(hashtext('ledger.maintain_partitions'))")
    const { rows } = await client.query<EarlierRow>(
      `SELECT organization_id, occurred_at::text, id, body FROM ledger.event
       WHERE ${isEarlier} AND occurred_at >= $1 AND occurred_at < $2 LIMIT ${batchEvents}`,
      [from, before],
    )
    await client.query(
      `UPDATE ledger.event e SET search_text = made.search_text
       FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[]) made (organization_id, occurred_at, id, search_text)
       WHERE e.organization_id = made.organization_id AND e.occurred_at = made.occurred_at AND e.id = made.id
         AND e.occurred_at >= $5 AND e.occurred_at < $6`,
      [
        rows.map(row => row.organization_id),
        rows.map(row => row.occurred_at),
        rows.map(row => row.id),
        rows.map(row => searchText(contentOf(row.body))),
        from,
        before,
      ],
    )
    return rows.length
  })
}

/** Only the ledger writes the text, from an EventContent, and nothing can change it since: the cast relies on that. */
function contentOf(body: string): EventContent {
  return JSON.parse(body) as EventContent
}
