import { newId } from "@/lib/audit/ids"
import type { Tx } from "@/lib/database/tx"

/** One sink in one organization. The sink of the environment has a cursor in each. */
export interface SinkOf {
  readonly sinkId: string
  readonly organizationId: string
}

/** Where a new sink begins. A time may lie ahead; then earlier events are passed over. */
export type Beginning =
  | { readonly kind: "now" }
  | { readonly kind: "start" }
  | { readonly kind: "time"; readonly at: Date }

const ofSink = "sink_id = $1::uuid AND organization_id = $2::uuid"
const valuesOf = ({ sinkId, organizationId }: SinkOf) => [sinkId, organizationId]

/** Makes the cursor with which a new sink follows the log of the transaction's organization. Returns the number of its first event. */
export async function beginCursor(
  tx: Tx,
  sink: SinkOf,
  { begin, at }: { readonly begin: Beginning; readonly at: Date },
): Promise<{ readonly first: number }> {
  const size = await logSize(tx)
  const isLater = begin.kind === "time" && begin.at > at
  const first =
    begin.kind === "start"
      ? 0
      : begin.kind === "time" && !isLater
        ? await firstReceivedFrom(tx, begin.at, size)
        : size
  const dueAt = isLater ? begin.at : at
  await tx.query(
    `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, due_at, begins_at, created_at)
     VALUES ($3::uuid, $1::uuid, $2::uuid, $4::bigint, $4::bigint, $5::timestamptz, $6::timestamptz, $7::timestamptz)`,
    [
      ...valuesOf(sink),
      newId(at.getTime()),
      first,
      dueAt.toISOString(),
      isLater ? dueAt.toISOString() : null,
      at.toISOString(),
    ],
  )
  return { first }
}

/** Returns how many events the log of the transaction's organization has. */
export async function logSize(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ size: number }>(
    "SELECT coalesce((SELECT size FROM ledger.visible_head), 0) AS size",
  )
  return row?.size ?? 0
}

/** Returns the number of the first event that was received at this time or later; `size` when there is none. */
export async function firstReceivedFrom(tx: Tx, at: Date, size: number): Promise<number> {
  // Times of receipt do not decrease with the numbers, so halving finds it without an index on them.
  let [from, to] = [0, size]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const [row] = await tx.query<{ earlier: boolean }>(
      "SELECT received_at < $2::timestamptz AS earlier FROM ledger.visible_entry WHERE index = $1::bigint",
      [middle, at.toISOString()],
    )
    if (row?.earlier) from = middle + 1
    else to = middle
  }
  return from
}

/** Deletes what is known of a sink that is deleted: cursors, receipts, refused events. A batch in flight changes nothing more. */
export async function forgetSink(tx: Tx, sink: SinkOf): Promise<void> {
  for (const table of ["sink_cursor", "sink_dead_letter", "sink_delivery"])
    await tx.query(`DELETE FROM ${table} WHERE ${ofSink}`, valuesOf(sink))
}

/** Stops delivery and the replays of the sink. A batch in flight is sent again after the pause, under the same id. */
export async function pauseCursors(tx: Tx, sink: SinkOf): Promise<void> {
  await tx.query(
    `UPDATE sink_cursor SET due_at = NULL, full_at_size = NULL, leased_until = NULL, claims = claims + 1 WHERE ${ofSink}`,
    valuesOf(sink),
  )
}

/** Goes on where it stopped, at once, as if nothing had failed or been refused before. */
export async function resumeCursors(tx: Tx, sink: SinkOf, at: Date): Promise<void> {
  await tx.query(
    `UPDATE sink_cursor SET due_at = greatest($3::timestamptz, begins_at), refusals_from = $3::timestamptz, failures = 0,
       first_failure_at = NULL, claims = claims + 1, leased_until = NULL
     WHERE ${ofSink} AND ended_at IS NULL AND due_at IS NULL`,
    [...valuesOf(sink), at.toISOString()],
  )
}

/**
 * To be called with every change of what a sink sends and where to, which also increases its version: the range in flight is chosen again,
 * and a sink that failed is tried at once. One that is paused stays so.
 */
export async function restartCursors(tx: Tx, sink: SinkOf, at: Date): Promise<void> {
  await tx.query(
    `UPDATE sink_cursor SET due_at = greatest($3::timestamptz, begins_at), refusals_from = $3::timestamptz, failures = 0,
       first_failure_at = NULL, sending_past = NULL, full_at_size = NULL, last_attempt_ms = NULL, claims = claims + 1, leased_until = NULL
     WHERE ${ofSink} AND due_at IS NOT NULL`,
    [...valuesOf(sink), at.toISOString()],
  )
  await tx.query(
    `UPDATE sink_cursor SET sending_past = NULL WHERE ${ofSink} AND due_at IS NULL`,
    valuesOf(sink),
  )
}
