import type { Position, StorePage } from "@/lib/audit/store"
import { assertInstant } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/db"
import { belowSize, type Selection } from "./conditions"
import { type TimePart, type TimeSpan, timeParts } from "./parts"
import {
  type EventRow,
  eventColumns,
  eventOf,
  instantColumn,
  positionOf,
  readSized,
  selectEvents,
} from "./rows"
import { all, type Sql, sql } from "./sql"

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

/** Events of a part of the window, and the size of the log at that moment. */
interface FoundPart {
  readonly rows: readonly EventRow[]
  readonly size: number
  /** Where the step ended, when events lay beyond it. */
  readonly stoppedAt: Position | null
}

async function readPart(tx: Tx, page: TimePage, part: TimePart, limit: number): Promise<FoundPart> {
  const tried = [...page.selection.looked, ...belowSize(page.asOf)]
  return tried.length === 0 ? readFound(tx, page, part, limit) : readLook(tx, { page, part, tried, limit })
}

/** An index leads to every event that is wanted. */
async function readFound(tx: Tx, page: TimePage, part: TimePart, limit: number): Promise<FoundPart> {
  const wanted = sql`${selectEvents(sql`occurred_at, id, ${eventColumns}`, [part.condition, ...page.selection.indexed])}
    ORDER BY ${part.order} LIMIT ${limit}`
  const { size, rows } = await readSized<EventRow>(tx, eventColumns, wanted, part.order)
  return { rows, size, stoppedAt: null }
}

interface Look {
  readonly page: TimePage
  readonly part: TimePart
  readonly tried: readonly Sql[]
  readonly limit: number
}

interface LookedRow extends EventRow {
  readonly number: number
  readonly matches: boolean | null
  readonly id: string
  readonly moment: string
}

/** Events are tried one after another; the last of the step and the one beyond it are read too, to know where it ended. */
async function readLook(tx: Tx, { page, part, tried, limit }: Look): Promise<FoundPart> {
  const number = sql`row_number() OVER (ORDER BY ${part.order}) AS number`
  const step = sql`${selectEvents(sql`*, ${number}`, [part.condition, ...page.selection.indexed])}
    ORDER BY ${part.order} LIMIT ${stepEvents + 1}`
  const columns = sql`${eventColumns}, id, number, matches, ${instantColumn(sql`occurred_at`)} AS moment`
  const wanted = sql`SELECT * FROM (SELECT *, ${all(tried)} AS matches FROM (${step}) step) tried
    WHERE number >= ${stepEvents} OR matches ORDER BY ${part.order} LIMIT ${limit + 2}`
  const { size, rows } = await readSized<LookedRow>(tx, columns, wanted, part.order)
  const last = rows.find(row => row.number === stepEvents)
  const isMore = rows.some(row => row.number > stepEvents)
  const stoppedAt =
    last && isMore ? { occurredAt: assertInstant(last.moment), id: last.id, index: last.index } : null
  return {
    rows: rows.filter(row => row.matches && row.number <= stepEvents).slice(0, limit),
    size,
    stoppedAt,
  }
}
