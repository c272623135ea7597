import { dateText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"
import type { SinkOf } from "./cursors"

/** How far one cursor is. Instants are as Date#toISOString writes them. */
export interface CursorProgress {
  readonly id: string
  readonly sinkId: string
  readonly isReplay: boolean
  /** Where it began. */
  readonly first: number
  readonly next: number
  /** The end of the log, or of the replay; not included. */
  readonly past: number
  readonly behindEvents: number
  /** The age of the oldest event that waits; null when none does. */
  readonly behindSeconds: number | null
  readonly taken: number
  readonly passedOver: number
  readonly refused: number
  readonly missed: number
  readonly failures: number
  readonly firstFailureAt: string | null
  readonly toldAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastError: { readonly kind: string; readonly message: string; readonly at: string } | null
  /** When the next attempt begins; null when none will. In the past while there is nothing to send. */
  readonly nextAttemptAt: string | null
  /** True while a batch is too small to leave, or until the time at which the sink begins. */
  readonly isWaiting: boolean
  readonly startedAt: string
  readonly startedBy: string | null
  readonly endedAt: string | null
}

type Row = Omit<CursorProgress, "lastError" | "behindEvents"> & {
  readonly errorKind: string | null
  readonly error: string | null
  readonly errorAt: string | null
}

const statement = `
  SELECT c.id::text, c.sink_id::text AS "sinkId", c.past IS NOT NULL AS "isReplay", c.first_index AS first, c.next_index AS next,
    least(c.past, coalesce(h.size, 0)) AS past,
    CASE WHEN oldest.received_at IS NOT NULL
      THEN floor(greatest(0, extract(epoch FROM $3::timestamptz - oldest.received_at)))::float8 END AS "behindSeconds",
    c.taken, c.passed_over AS "passedOver", c.refused, c.missed, c.failures,
    ${dateText("c.first_failure_at")} AS "firstFailureAt", ${dateText("c.told_at")} AS "toldAt",
    ${dateText("c.last_success_at")} AS "lastSuccessAt", c.last_error_kind AS "errorKind", c.last_error AS error,
    ${dateText("c.last_error_at")} AS "errorAt", ${dateText("c.due_at")} AS "nextAttemptAt",
    c.due_at IS NOT NULL AND (c.full_at_size IS NOT NULL OR c.begins_at > $3::timestamptz) AS "isWaiting",
    ${dateText("c.created_at")} AS "startedAt", c.created_by AS "startedBy", ${dateText("c.ended_at")} AS "endedAt"
  FROM sink_cursor c LEFT JOIN ledger.visible_head h ON true
  LEFT JOIN LATERAL (
    SELECT received_at FROM ledger.visible_entry e WHERE e.index = c.next_index AND e.index < least(c.past, h.size) OFFSET 0
  ) oldest ON true
  WHERE c.organization_id = $2::uuid AND ($1::uuid IS NULL OR c.sink_id = $1::uuid)
  ORDER BY c.past IS NOT NULL, c.created_at DESC, c.id`

/**
 * Returns the progress of the cursors of a sink (null: of every sink) in the transaction's organization: first the one that follows the
 * log, then the replays, the newest first.
 */
export async function progressOf(
  tx: Tx,
  { sinkId, organizationId }: Omit<SinkOf, "sinkId"> & { readonly sinkId: string | null },
  at: Date,
): Promise<readonly CursorProgress[]> {
  const rows = await tx.query<Row>(statement, [sinkId, organizationId, at.toISOString()])
  return rows.map(({ errorKind, error, errorAt, ...row }) => ({
    ...row,
    behindEvents: Math.max(0, row.past - row.next),
    lastError:
      errorKind === null || errorAt === null ? null : { kind: errorKind, message: error ?? "", at: errorAt },
  }))
}
