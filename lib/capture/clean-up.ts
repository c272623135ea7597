import type { Tx } from "@/lib/database/tx"
import { reportLimits } from "./report"

const dayMs = 24 * 60 * 60 * 1000

/** How many rows were deleted. */
export interface Forgotten {
  readonly instances: number
  readonly counts: number
  readonly endpoints: number
}

/** Deletes what is no longer kept of the reports of the transaction's organization. */
export async function forgetOldReports(tx: Tx, organizationId: string, at: Date): Promise<Forgotten> {
  const before = (days: number) => new Date(at.getTime() - days * dayMs)
  const deleted = async (from: string, days: number) => {
    const sql = `WITH gone AS (DELETE FROM ${from} < $2::timestamptz AND organization_id = $1::uuid RETURNING 1)
      SELECT count(*)::int AS count FROM gone`
    const [row] = await tx.query<{ count: number }>(sql, [organizationId, before(days)])
    return row?.count ?? 0
  }
  return {
    instances: await deleted("capture_instance WHERE last_seen_at", reportLimits.instanceDays),
    counts: await deleted("capture_count WHERE hour", reportLimits.countDays),
    endpoints: await deleted("capture_endpoint WHERE last_hour", reportLimits.countDays),
  }
}
