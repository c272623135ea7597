import type { AppRef } from "@/lib/access/principal"
import type { Scope } from "@/lib/audit/query/selection"
import { type Platform, platform } from "@/lib/platform"

interface Remembered {
  readonly readAtMs: number
  readonly apps: Promise<readonly AppRef[]>
}

/** A renamed app is seen within this time; a new app immediately. */
const memoryMs = 5_000
const mostRemembered = 1_000
const memories = new WeakMap<Platform, Map<string, Remembered>>()

/**
 * Returns the apps of the organization that the Scope includes. Archived ones are among them: their events are still
 * there.
 */
export async function findKnownApps(
  scope: Scope,
  neededSlugs: readonly string[] = [],
): Promise<readonly AppRef[]> {
  const remembered = await recall(scope.organizationId)
  const apps = neededSlugs.every(slug => remembered.some(app => app.slug === slug))
    ? remembered
    : await readAgain(scope.organizationId)
  const { appIds } = scope
  return appIds === null ? apps : apps.filter(app => appIds.includes(app.id))
}

function recall(organizationId: string): Promise<readonly AppRef[]> {
  const remembered = memoryOf(platform()).get(organizationId)
  if (remembered && performance.now() - remembered.readAtMs < memoryMs) return remembered.apps
  return readAgain(organizationId)
}

function readAgain(organizationId: string): Promise<readonly AppRef[]> {
  const memory = memoryOf(platform())
  const apps = readApps(organizationId)
  if (memory.size >= mostRemembered) memory.clear()
  memory.set(organizationId, { readAtMs: performance.now(), apps })
  apps.catch(() => memory.delete(organizationId))
  return apps
}

function readApps(organizationId: string): Promise<readonly AppRef[]> {
  return platform().database.withOrganization(
    organizationId,
    tx =>
      tx.query<AppRef>("SELECT id, slug, name FROM app WHERE organization_id = $1::uuid ORDER BY slug", [
        organizationId,
      ]),
    { readOnly: true },
  )
}

function memoryOf(current: Platform): Map<string, Remembered> {
  const memory = memories.get(current) ?? new Map<string, Remembered>()
  memories.set(current, memory)
  return memory
}
