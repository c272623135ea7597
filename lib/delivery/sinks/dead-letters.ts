import { newId } from "@/lib/audit/ids"
import type { Tx } from "@/lib/database/tx"
import type { SinkOf } from "./cursors"
import { nextTryOfRefused } from "./state"

/** One event that the receiver refused for good. */
export interface Refusal {
  readonly index: number
  readonly eventId: string
  /** In words, with nothing secret. */
  readonly reason: string
}

/** A refused event whose next try is due. */
export interface RefusedEvent {
  readonly id: string
  readonly index: number
  readonly tries: number
  /** It had been given up, and somebody asked for another try. */
  readonly wasDead: boolean
}

const valuesOf = ({ sinkId, organizationId }: SinkOf) => [sinkId, organizationId]

/** Asks for another try of the refused events with these numbers, or of all (null), at once. Returns how many there are. */
export async function retryDeadLetters(
  tx: Tx,
  sink: SinkOf,
  indexes: readonly number[] | null,
  at: Date,
): Promise<number> {
  const rows = await tx.query(
    `UPDATE sink_dead_letter SET next_try_at = $4::timestamptz, dead_at = NULL
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND ($3::bigint[] IS NULL OR index = ANY ($3::bigint[])) RETURNING 1 AS asked`,
    [...valuesOf(sink), indexes, at.toISOString()],
  )
  if (rows.length > 0) await moveRefusedDue(tx, sink)
  return rows.length
}

/** Writes down events that were refused for the first time, or by a replay. */
export async function recordRefusals(
  tx: Tx,
  sink: SinkOf,
  refusals: readonly Refusal[],
  at: Date,
): Promise<void> {
  if (refusals.length === 0) return
  const rows = refusals.map(({ index, eventId, reason }) => ({
    id: newId(at.getTime()),
    index,
    event_id: eventId,
    reason,
  }))
  await tx.query(
    `INSERT INTO sink_dead_letter AS known
       (id, sink_id, organization_id, index, event_id, tries, next_try_at, first_refused_at, last_refused_at, reason)
     SELECT r.id, $1::uuid, $2::uuid, r.index, r.event_id, 1, $5::timestamptz, $4::timestamptz, $4::timestamptz, r.reason
     FROM json_to_recordset($3::json) AS r (id uuid, index bigint, event_id uuid, reason text)
     ON CONFLICT (organization_id, sink_id, index) DO UPDATE SET last_refused_at = excluded.last_refused_at, reason = excluded.reason`,
    [
      ...valuesOf(sink),
      JSON.stringify(rows),
      at.toISOString(),
      nextTryOfRefused(1, at)?.toISOString() ?? null,
    ],
  )
  await moveRefusedDue(tx, sink)
}

/** Returns how many events the sink has refused since then. */
export async function countRefusals(tx: Tx, sink: SinkOf, since: Date): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM sink_dead_letter
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND first_refused_at >= $3::timestamptz`,
    [...valuesOf(sink), since.toISOString()],
  )
  return row?.count ?? 0
}

/** Returns refused events whose next try is due, the oldest first. */
export function dueRefused(tx: Tx, sink: SinkOf, at: Date, most: number): Promise<readonly RefusedEvent[]> {
  return tx.query<RefusedEvent>(
    `SELECT id::text, index, tries, tries >= 3 AS "wasDead" FROM sink_dead_letter
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND next_try_at <= $3::timestamptz ORDER BY next_try_at, index LIMIT $4::int`,
    [...valuesOf(sink), at.toISOString(), most],
  )
}

/** Deletes what is known of events that were taken after all, or are not to be sent any more. */
export async function dropRefused(tx: Tx, sink: SinkOf, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(
    "DELETE FROM sink_dead_letter WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND id = ANY ($3::uuid[])",
    [...valuesOf(sink), ids],
  )
}

/** Writes down that an event was refused again. Returns whether it is dead: given up after the last try. */
export async function refuseAgain(
  tx: Tx,
  sink: SinkOf,
  { id, tries }: RefusedEvent,
  reason: string,
  at: Date,
): Promise<boolean> {
  const next = nextTryOfRefused(tries + 1, at)
  await tx.query(
    `UPDATE sink_dead_letter SET tries = tries + 1, next_try_at = $4::timestamptz, dead_at = $5::timestamptz,
       last_refused_at = $6::timestamptz, reason = $7
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND id = $3::uuid`,
    [
      ...valuesOf(sink),
      id,
      next?.toISOString() ?? null,
      next === null ? at.toISOString() : null,
      at.toISOString(),
      reason,
    ],
  )
  return next === null
}

/** Brings the time at which the cursor looks at refused events into line with them. */
export async function moveRefusedDue(tx: Tx, sink: SinkOf): Promise<void> {
  await tx.query(
    `UPDATE sink_cursor SET refused_due_at = (
       SELECT min(next_try_at) FROM sink_dead_letter WHERE sink_id = $1::uuid AND organization_id = $2::uuid)
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND past IS NULL`,
    valuesOf(sink),
  )
}
