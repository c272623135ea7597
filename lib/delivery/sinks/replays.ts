import { newId } from "@/lib/audit/ids"
import type { Tx } from "@/lib/database/tx"
import type { SinkOf } from "./cursors"

/** A part of the log that is sent once more, beside what is new. */
export interface Replay {
  readonly first: number
  /** Not included; at most the size of the log. */
  readonly past: number
  /** Who asked for it, by name. */
  readonly by: string
}

/** Begins a replay, which waits while the sink is paused. Returns its id. */
export async function beginReplay(
  tx: Tx,
  { sinkId, organizationId }: SinkOf,
  { first, past, by }: Replay,
  { at, isPaused }: { readonly at: Date; readonly isPaused: boolean },
): Promise<string> {
  const id = newId(at.getTime())
  await tx.query(
    `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, past, due_at, created_at, created_by)
     VALUES ($3::uuid, $1::uuid, $2::uuid, $4::bigint, $4::bigint, $5::bigint, $6::timestamptz, $7::timestamptz, $8)`,
    [sinkId, organizationId, id, first, past, isPaused ? null : at.toISOString(), at.toISOString(), by],
  )
  return id
}

/** Ends a replay that has not ended. Returns whether there was one. A batch in flight changes nothing more. */
export async function cancelReplay(
  tx: Tx,
  { sinkId, organizationId }: SinkOf,
  replayId: string,
  at: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE sink_cursor SET ended_at = $4::timestamptz, due_at = NULL, leased_until = NULL, claims = claims + 1
     WHERE sink_id = $1::uuid AND organization_id = $2::uuid AND id = $3::uuid AND past IS NOT NULL AND ended_at IS NULL
     RETURNING 1 AS ended`,
    [sinkId, organizationId, replayId, at.toISOString()],
  )
  return rows.length === 1
}
