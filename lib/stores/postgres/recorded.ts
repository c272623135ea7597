import type { Window } from "@/lib/audit/query/selection"
import { noEvent, type Position, type StorePage } from "@/lib/audit/store"
import { assertInstant, type Instant } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/database/tx"
import { allOf, belowSize, type Conditions } from "./conditions"
import { stepEvents } from "./look"
import { inWindow } from "./parts"
import { eventColumns, eventOf, instantColumn, positionOf, readSized, selectEvents } from "./rows"
import { render, type Sql, sql } from "./sql"

/** A page of events in the order of their numbers. */
export interface RecordedPage {
  readonly window: Window
  readonly conditions: Conditions
  readonly asOf: number | null
  readonly limit: number
  readonly after: Position | null
  /**
   * False when the reader sees only some events: then nothing about the others is revealed, not even when they were
   * received.
   */
  readonly seesAll: boolean
}

/** Returns the page, from at most one step of consecutive numbers: they have no gaps, so the end of the step is known. */
export async function readRecordedPage(tx: Tx, page: RecordedPage): Promise<StorePage> {
  const first = (page.after?.index ?? -1) + 1
  const last = first + stepEvents - 1
  const entries = [sql`index >= ${first}::bigint`, sql`index <= ${last}::bigint`, ...belowSize(page.asOf)]
  const wanted = sql`${recordedEvents(entries, page.window, page.conditions)} LIMIT ${page.limit + 1}`
  const { size, rows } = await readSized(tx, eventColumns, wanted, sql`index`)
  const events = rows.slice(0, page.limit).map(eventOf)
  const asOf = page.asOf ?? size
  const lastEvent = events.at(-1)
  if (rows.length > page.limit && lastEvent) {
    return { events, next: positionOf(lastEvent), searchedBackTo: null, asOf }
  }
  if (last >= Math.min(size, asOf) - 1) return { events, next: null, searchedBackTo: null, asOf }
  // In this order the number alone is the position, so that nothing else about an event is revealed.
  const next: Position = { occurredAt: page.window.from, id: noEvent, index: last }
  const searchedBackTo = page.seesAll
    ? await receivedAt(tx, last)
    : (lastEvent?.receivedAt ?? page.window.from)
  return { events, next, searchedBackTo, asOf }
}

/** Returns the SELECT of the events of the entries that meet all conditions, in the order of their numbers. */
export function recordedEvents(entries: readonly Sql[], window: Window, conditions: Conditions): Sql {
  const further = entries.map(condition => sql` AND ${condition}`)
  const which = further.reduce((whole, next) => sql`${whole}${next}`, inWindow(window))
  // OFFSET 0 makes the planner join the events one by one, each from its own partition by its key.
  const event = selectEvents(sql`body, leaf_hash`, [
    sql`occurred_at = entry.occurred_at`,
    sql`id = entry.id`,
    allOf(conditions, null),
  ])
  return sql`SELECT body, entry.index, leaf_hash
    FROM (SELECT index, occurred_at, id FROM ledger.visible_entry WHERE ${which}) entry
    CROSS JOIN LATERAL (${event} OFFSET 0) event ORDER BY entry.index`
}

async function receivedAt(tx: Tx, index: number): Promise<Instant> {
  const { text, values } = render(sql`SELECT ${instantColumn("received_at")} AS received
    FROM ledger.visible_entry WHERE index = ${index}::bigint`)
  const [entry] = await tx.query<{ received: string }>(text, values)
  if (!entry) throw new Error(`There is no entry with the number ${index}.`)
  return assertInstant(entry.received)
}
