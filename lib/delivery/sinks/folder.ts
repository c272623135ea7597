import type { Database } from "@/lib/database/database"
import type { ClaimedCursor } from "./claimed"

type Claim = Pick<ClaimedCursor, "id" | "claims" | "sinkId" | "organizationId">

/**
 * Returns whether the claimed cursor may write to the folder of its sink. False when another cursor of the sink is being delivered, in any
 * worker: ours has then been given back, due as before. Of several that ask at once, the last one that asks gets the folder, and keeps it
 * as long as its lease.
 */
export function takeFolder(
  database: Pick<Database, "withOrganization">,
  { id, claims, sinkId, organizationId }: Claim,
  at: Date,
): Promise<boolean> {
  return database.withOrganization(organizationId, async tx => {
    // One after the other: a statement of its own, so that the next one sees what was stored before the lock was ours.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) AS waited", [
      `sink folder ${sinkId} ${organizationId}`,
    ])
    const givenBack = await tx.query(
      `UPDATE sink_cursor c SET leased_until = NULL WHERE c.id = $1::uuid AND c.claims = $2::int AND EXISTS (
         SELECT FROM sink_cursor other WHERE other.sink_id = $3::uuid AND other.organization_id = $4::uuid AND other.id <> c.id
           AND other.leased_until > $5::timestamptz)
       RETURNING 1 AS given`,
      [id, claims, sinkId, organizationId, at.toISOString()],
    )
    return givenBack.length === 0
  })
}
