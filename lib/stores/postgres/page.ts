import type { Position, StorePage } from "@/lib/audit/store"
import type { Tx } from "@/lib/database/tx"
import { belowSize, type Conditions } from "./conditions"
import { type FoundPart, readLook, stepEvents } from "./look"
import { type TimePart, type TimeSpan, timeParts } from "./parts"
import { type EventRow, eventColumns, eventOf, positionOf, readSized, selectEvents } from "./rows"
import { sql } from "./sql"
import { readByText } from "./text"

/** A page of events in the order of time. */
export interface TimePage extends TimeSpan {
  readonly conditions: Conditions
  readonly asOf: number | null
  readonly limit: number
}

/**
 * Returns the page, with as few statements as possible: one when the first months of its order fill it. The transaction
 * must see one snapshot, or an event could be returned twice.
 */
export async function readTimePage(tx: Tx, page: TimePage): Promise<StorePage> {
  const rows: EventRow[] = []
  let size = 0
  let stoppedAt: Position | null = null
  for (const part of timeParts(page)) {
    const found = await readPart(tx, page, part, page.limit + 1 - rows.length)
    rows.push(...found.rows)
    size = found.size
    stoppedAt = found.stoppedAt
    if (rows.length > page.limit || stoppedAt) break
  }
  const asOf = page.asOf ?? size
  const events = rows.slice(0, page.limit).map(eventOf)
  const last = events.at(-1)
  if (rows.length > page.limit && last) return { events, next: positionOf(last), searchedBackTo: null, asOf }
  return { events, next: stoppedAt, searchedBackTo: stoppedAt?.occurredAt ?? null, asOf }
}

async function readPart(tx: Tx, page: TimePage, part: TimePart, limit: number): Promise<FoundPart> {
  const { indexed, text, looked } = page.conditions
  const tried = [...looked, ...belowSize(page.asOf)]
  if (text) return readByText(tx, { part, indexed, text, tried, limit })
  if (tried.length > 0) return readLook(tx, { part, indexed, tried, limit, step: stepEvents })
  // An index finds every wanted event.
  const wanted = sql`${selectEvents(sql`occurred_at, id, ${eventColumns}`, [part.condition, ...indexed])}
    ORDER BY ${part.order} LIMIT ${limit}`
  const { size, rows } = await readSized<EventRow>(tx, eventColumns, wanted, part.order)
  return { rows, size, stoppedAt: null }
}
