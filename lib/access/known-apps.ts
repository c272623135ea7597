import type { Scope } from "@/lib/audit/query/selection"
import type { Database } from "@/lib/database/database"
import { recent } from "@/lib/memory/recent"
import type { AppRef } from "./principal"

/** The apps of every organization, read a short while ago. */
export interface KnownApps {
  /**
   * Returns the apps of the organization that the Scope includes. Archived ones are among them: their events are still
   * there. A slug that is not known yet is looked up.
   */
  find(scope: Scope, neededSlugs?: readonly string[]): Promise<readonly AppRef[]>
}

/** A renamed app is seen within this time; a new app immediately. */
const memoryMs = 5_000
const mostOrganizations = 1_000

/** Returns the apps in this database. */
export function knownApps(database: Database): KnownApps {
  const memory = recent<readonly AppRef[]>({ forMs: memoryMs, most: mostOrganizations })
  return {
    async find({ organizationId, appIds }, neededSlugs = []) {
      const read = () => readApps(database, organizationId)
      const known = await memory.recall(organizationId, performance.now(), read)
      const isWhole = neededSlugs.every(slug => known.some(app => app.slug === slug))
      const apps = isWhole ? known : await memory.refresh(organizationId, performance.now(), read)
      return appIds === null ? apps : apps.filter(app => appIds.includes(app.id))
    },
  }
}

function readApps(database: Database, organizationId: string): Promise<readonly AppRef[]> {
  return database.withOrganization(
    organizationId,
    tx =>
      tx.query<AppRef>("SELECT id, slug, name FROM app WHERE organization_id = $1::uuid ORDER BY slug", [
        organizationId,
      ]),
    { readOnly: true },
  )
}
