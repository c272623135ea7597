import type { StoredEvent } from "@/lib/audit/csv"
import type { AuditEvent, EventContent } from "@/lib/audit/event/event"
import type { Position } from "@/lib/audit/store"
import { instantText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"
import { all, fixed, render, type Sql, sql } from "./sql"

/** The columns of an event: its canonical text, and what the ledger added. */
export interface EventRow {
  readonly body: string
  readonly index: number
  readonly leaf_hash: Uint8Array
}

/** The columns of an EventRow. */
export const eventColumns = sql`body, index, leaf_hash`

/** Returns the event of a row. */
export function eventOf(row: EventRow): AuditEvent {
  const { body, index, leafHash } = storedOf(row)
  return Object.assign(contentOf(body), { index, leafHash })
}

/** Returns the event of a row as it is stored. */
export function storedOf({ body, index, leaf_hash }: EventRow): StoredEvent {
  const { buffer, byteOffset, byteLength } = leaf_hash
  return { body, index, leafHash: Buffer.from(buffer, byteOffset, byteLength).toString("base64url") }
}

/** Only the ledger writes the text, from an EventContent, and nothing can change it since: the cast relies on that. */
function contentOf(body: string): EventContent {
  return JSON.parse(body) as EventContent
}

/** Returns the position of the page after one that ends with this event. */
export function positionOf({ occurredAt, id, index }: AuditEvent): Position {
  return { occurredAt, id, index }
}

/** Returns the SELECT of these columns of the organization's events that meet all conditions. */
export function selectEvents(columns: Sql, conditions: readonly Sql[]): Sql {
  return sql`SELECT ${columns} FROM ledger.visible_event WHERE ${all(conditions)}`
}

/** Returns the column, of type timestamptz, in the spelling of an Instant. */
export function instantColumn(name: "occurred_at" | "received_at"): Sql {
  return fixed(instantText(name))
}

/**
 * Returns the rows, which have a `body`, in their order, and the size of the log at the same moment; `first` exists even
 * when nothing is found, with the columns that do not depend on an event. `before` may contain common table expressions.
 */
export async function readSized<Row extends EventRow>(
  tx: Tx,
  columns: Sql,
  rows: Sql,
  order: Sql,
  before: Sql = sql``,
) {
  const { text, values } = render(sql`${before}SELECT log.size, ${columns}
    FROM (SELECT coalesce((SELECT size FROM ledger.visible_head), 0) AS size) log
    LEFT JOIN LATERAL (${rows}) found ON true ORDER BY ${order}`)
  const answer = await tx.query<Row & { readonly size: number }>(text, values)
  const [first] = answer
  return { size: first?.size ?? 0, rows: answer.filter(row => row.body !== null), first }
}
