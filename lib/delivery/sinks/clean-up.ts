import type { Tx } from "@/lib/database/tx"

const dayMs = 24 * 60 * 60 * 1000
/** Receipts, and replays that have ended, are kept for so long. */
export const receiptsKeptMs = 30 * dayMs

export interface Forgotten {
  readonly receipts: number
  readonly replays: number
}

/** Deletes what is not kept any longer of the deliveries of the transaction's organization. */
export async function forgetOldDeliveries(tx: Tx, organizationId: string, at: Date): Promise<Forgotten> {
  const before = new Date(at.getTime() - receiptsKeptMs).toISOString()
  const [receipts] = await tx.query<{ count: number }>(
    `WITH old AS (DELETE FROM sink_delivery WHERE organization_id = $1::uuid AND at < $2::timestamptz RETURNING 1)
     SELECT count(*)::int AS count FROM old`,
    [organizationId, before],
  )
  const replays = await tx.query(
    "DELETE FROM sink_cursor WHERE organization_id = $1::uuid AND ended_at < $2::timestamptz RETURNING 1 AS deleted",
    [organizationId, before],
  )
  return { receipts: receipts?.count ?? 0, replays: replays.length }
}
