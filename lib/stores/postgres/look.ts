import type { Position } from "@/lib/audit/store"
import { assertInstant } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/database/tx"
import type { TimePart } from "./parts"
import { type EventRow, eventColumns, instantColumn, readSized, selectEvents } from "./rows"
import { all, type Sql, sql } from "./sql"

/** Events that are read in one step when no index finds the wanted ones. */
export const stepEvents = 10_000

/** Events of a part of the time range, and the size of the log at that moment. */
export interface FoundPart {
  readonly rows: readonly EventRow[]
  readonly size: number
  /** Where the step ended, when there are events beyond it. */
  readonly stoppedAt: Position | null
}

/** Events to be tested one after another. */
export interface Look {
  readonly part: TimePart
  /** Conditions by which an index selects them, in their order. */
  readonly indexed: readonly Sql[]
  readonly tried: readonly Sql[]
  /** The number of matches that is enough. */
  readonly limit: number
  /** The most events that are read. */
  readonly step: number
}

interface LookedRow extends EventRow {
  readonly number: number
  readonly matches: boolean | null
  readonly id: string
  readonly moment: string
}

/** Returns the matches of a step. Its last event and the one beyond it are read too, to know where it ended. */
export async function readLook(tx: Tx, { part, indexed, tried, limit, step }: Look): Promise<FoundPart> {
  const number = sql`row_number() OVER (ORDER BY ${part.order}) AS number`
  const events = sql`${selectEvents(sql`*, ${number}`, [part.condition, ...indexed])}
    ORDER BY ${part.order} LIMIT ${step + 1}`
  const columns = sql`${eventColumns}, id, number, matches, ${instantColumn("occurred_at")} AS moment`
  const wanted = sql`SELECT * FROM (SELECT *, ${all(tried)} AS matches FROM (${events}) step) tried
    WHERE number >= ${step} OR matches ORDER BY ${part.order} LIMIT ${limit + 2}`
  const { size, rows } = await readSized<LookedRow>(tx, columns, wanted, part.order)
  const last = rows.find(row => row.number === step)
  const isMore = rows.some(row => row.number > step)
  return {
    rows: rows.filter(row => row.matches && row.number <= step).slice(0, limit),
    size,
    stoppedAt:
      last && isMore ? { occurredAt: assertInstant(last.moment), id: last.id, index: last.index } : null,
  }
}
