import type { PositionAt } from "@/lib/audit/store"
import { assertInstant } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/database/tx"
import { belowSize, type Conditions, triedOf } from "./conditions"
import { stepEvents } from "./look"
import { type TimePart, type TimeSpan, wholeSpan } from "./parts"
import { instantColumn, selectEvents } from "./rows"
import { all, render, type Sql, sql } from "./sql"

/** A place in the order of time, counted from its start. */
export interface Place extends Omit<TimeSpan, "after"> {
  readonly conditions: Conditions
  readonly asOf: number | null
  /** At least 1. */
  readonly skip: number
}

/** At most so many events that were recorded since are left out by their ids. */
const mostSince = 20_000

/** Returns the position of the last of the first `skip` events. The transaction must see one snapshot. */
export async function readPositionAt(tx: Tx, place: Place): Promise<PositionAt> {
  const [head] = await tx.query<{ size: number }>("SELECT size FROM ledger.visible_head")
  const size = head?.size ?? 0
  const asOf = place.asOf ?? size
  const part = wholeSpan(place.window, place.order)
  const { indexed } = place.conditions
  const tried = triedOf(place.conditions, null)
  const since = size - asOf
  if (tried.length === 0 && since <= mostSince) {
    const wanted = selectEvents(sql`occurred_at, id`, [part.condition, ...indexed, ...notSince(asOf, since)])
    return (await nth(tx, wanted, part, place.skip, asOf)) ?? { kind: "beyond", asOf }
  }
  return lookFor(tx, { ...place, part, asOf, tried: [...tried, ...(since > 0 ? belowSize(asOf) : [])] })
}

/** The number of an event is in no index by time, so those recorded since are looked up by theirs, and left out. */
function notSince(asOf: number, since: number): readonly Sql[] {
  if (since <= 0) return []
  return [sql`id NOT IN (SELECT id FROM ledger.visible_entry WHERE index >= ${asOf}::bigint)`]
}

interface Looking extends Place {
  readonly part: TimePart
  readonly asOf: number
  readonly tried: readonly Sql[]
}

/** Where events must be read to know whether they are wanted: at most twice as many as are wanted, and a step. */
async function lookFor(tx: Tx, { part, conditions, tried, skip, asOf }: Looking): Promise<PositionAt> {
  const bound = 2 * skip + stepEvents
  const events = (columns: Sql) =>
    sql`${selectEvents(columns, [part.condition, ...conditions.indexed])} ORDER BY ${part.order}`
  const looked = sql`SELECT occurred_at, id FROM (${events(sql`*`)} LIMIT ${bound}) looked WHERE ${all(tried)}`
  const found = await nth(tx, looked, part, skip, asOf)
  if (found) return found
  const { text, values } = render(sql`${events(sql`true AS is_more`)} LIMIT 1 OFFSET ${bound}`)
  return { kind: (await tx.query(text, values)).length > 0 ? "stopped" : "beyond", asOf }
}

/** Returns the position of the event with this number, from 1, among those that are selected, or null. */
async function nth(
  tx: Tx,
  events: Sql,
  { order }: TimePart,
  number: number,
  asOf: number,
): Promise<PositionAt | null> {
  const only = sql`SELECT occurred_at, id FROM (${events}) wanted ORDER BY ${order} LIMIT 1 OFFSET ${number - 1}`
  const { text, values } = render(sql`SELECT ${instantColumn("occurred_at")} AS moment, id, (
      SELECT index FROM ledger.visible_entry entry WHERE entry.id = at.id
    ) AS index FROM (${only}) at`)
  const [row] = await tx.query<{ moment: string; id: string; index: number }>(text, values)
  if (!row) return null
  const position = { occurredAt: assertInstant(row.moment), id: row.id, index: row.index }
  return { kind: "found", position, asOf }
}
