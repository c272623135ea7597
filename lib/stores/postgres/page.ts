import type { Position, StorePage } from "@/lib/audit/store"
import { assertInstant } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/db"
import type { Selection } from "./conditions"
import { type TimePart, type TimeSpan, timeParts } from "./parts"
import { type EventRow, eventColumns, eventOf, instantColumn, positionOf, selectEvents } from "./rows"
import { all, render, type Sql, sql } from "./sql"

/** Events that are looked at in one step when no index leads to the wanted ones. */
export const stepEvents = 10_000

/** A page of events in the order of time. */
export interface TimePage extends TimeSpan {
  readonly selection: Selection
  readonly asOf: number | null
  readonly limit: number
}

/**
 * Promise: the page, in as few statements as it takes: one when the first months of its order fill it. The transaction must
 * see one state throughout, or an event could be given twice.
 */
export async function readTimePage(tx: Tx, page: TimePage): Promise<StorePage> {
  const rows: EventRow[] = []
  let size = 0
  for (const part of timeParts(page)) {
    const found = await readPart(tx, page, part, page.limit + 1 - rows.length)
    size = found.size
    rows.push(...found.rows)
    if (rows.length > page.limit) break
    const stopped = await stoppedAt(tx, page, part, size)
    if (stopped) return { ...pageOf(rows, page, size), next: stopped, searchedBackTo: stopped.occurredAt }
  }
  return pageOf(rows, page, size)
}

function pageOf(rows: readonly EventRow[], { limit, asOf }: TimePage, size: number): StorePage {
  const events = rows.slice(0, limit).map(eventOf)
  const last = events.at(-1)
  const next = rows.length > limit && last ? positionOf(last) : null
  return { events, next, searchedBackTo: null, asOf: asOf ?? size }
}

/** The size of the log and the part's first events that match, both of the same moment. */
async function readPart(tx: Tx, page: TimePage, part: TimePart, limit: number) {
  const wanted = sql`SELECT occurred_at, id, ${eventColumns} FROM (${lookedAt(page, part, sql`*`)}) looked_at
    WHERE ${tried(page)} ORDER BY ${part.order} LIMIT ${limit}`
  // Joined to the size, so that a part without events still tells it.
  const { text, values } = render(sql`SELECT log.size, ${eventColumns}
    FROM (SELECT coalesce((SELECT size FROM ledger.visible_head), 0) AS size) log
    LEFT JOIN LATERAL (${wanted}) wanted ON true ORDER BY ${part.order}`)
  const rows = await tx.query<{ size: number } & (EventRow | { body: null })>(text, values)
  return { size: rows[0]?.size ?? 0, rows: rows.filter(row => row.body !== null) }
}

/** The events that are tried one by one: all that an index leads to, or as many of them as a step may look at. */
function lookedAt(page: TimePage, part: TimePart, columns: Sql): Sql {
  const events = sql`${selectEvents(columns, [part.condition, ...page.selection.indexed])} ORDER BY ${part.order}`
  return isLook(page) ? sql`${events} LIMIT ${stepEvents}` : events
}

function tried({ selection, asOf }: TimePage): Sql {
  return all([...selection.looked, ...(asOf === null ? [] : [sql`index < ${asOf}::bigint`])])
}

function isLook({ selection, asOf }: TimePage): boolean {
  return selection.looked.length > 0 || asOf !== null
}

/** Where the look at the part stopped before its end, or null when it came to the end. */
async function stoppedAt(tx: Tx, page: TimePage, part: TimePart, size: number): Promise<Position | null> {
  // No event came after the question was asked, so that condition turned nothing away and there was no bound to reach.
  const turnsAway = page.selection.looked.length > 0 || (page.asOf !== null && page.asOf < size)
  if (!turnsAway) return null
  const columns = sql`id, index, ${instantColumn(sql`occurred_at`)} AS moment`
  const events = selectEvents(columns, [part.condition, ...page.selection.indexed])
  const { text, values } = render(sql`${events} ORDER BY ${part.order} LIMIT 2 OFFSET ${stepEvents - 1}`)
  const [last, further] = await tx.query<{ id: string; index: number; moment: string }>(text, values)
  return last && further ? { occurredAt: assertInstant(last.moment), id: last.id, index: last.index } : null
}
