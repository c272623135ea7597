import { newId } from "@/lib/audit/ids"
import type { Database } from "@/lib/database/database"
import { forgetSink, logSize } from "./cursors"

interface MissingRow {
  readonly organizationId: string
  /** The sink was there when the organization was made. */
  readonly isLater: boolean
}

const missingStatement = `
  SELECT o.id::text AS "organizationId",
    coalesce(o.created_at >= (SELECT min(c.created_at) FROM sink_cursor c WHERE c.sink_id = $1::uuid), false) AS "isLater"
  FROM organization o
  WHERE NOT EXISTS (SELECT FROM sink_cursor c WHERE c.organization_id = o.id AND c.sink_id = $1::uuid AND c.past IS NULL)
  ORDER BY o.created_at, o.id`

/**
 * Gives each organization that has none the cursor of the environment's sink: it begins with the next event, in an organization that was made
 * later with the first one. Returns how many were made.
 */
export async function ensureServerCursors(database: Database, sinkId: string, at: Date): Promise<number> {
  const missing = await database.queryDirectly<MissingRow>(missingStatement, [sinkId])
  for (const { organizationId, isLater } of missing) {
    await database.withOrganization(organizationId, async tx => {
      const first = isLater ? 0 : await logSize(tx)
      await tx.query(
        `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, due_at, created_at)
         VALUES ($1::uuid, $2::uuid, $3::uuid, $4::bigint, $4::bigint, $5::timestamptz, $5::timestamptz) ON CONFLICT DO NOTHING`,
        [newId(at.getTime()), sinkId, organizationId, first, at.toISOString()],
      )
    })
  }
  return missing.length
}

/** Forgets the environment's sink in every organization: it is not set any more, and begins with the next event when it returns. */
export async function forgetServerSink(database: Database, sinkId: string): Promise<void> {
  const organizations = await database.queryDirectly<{ id: string }>(
    "SELECT DISTINCT organization_id::text AS id FROM sink_cursor WHERE sink_id = $1::uuid",
    [sinkId],
  )
  for (const { id: organizationId } of organizations)
    await database.withOrganization(organizationId, tx => forgetSink(tx, { sinkId, organizationId }))
}
