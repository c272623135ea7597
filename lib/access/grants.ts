import type { Scope } from "@/lib/audit/query/query"
import { expandPermissions, isPermission, type Permission } from "./permissions"

/** What a role says: texts of the catalogue, and the apps it is limited to (none = every app). */
export interface HeldRole {
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
}

/** What somebody may do and see. */
export interface Grants {
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** The permissions that a Scope can hold to some apps. */
const scoped: ReadonlySet<Permission> = new Set<Permission>(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"])

/**
 * Promise: the union of what the roles allow. Seeing is as wide as the widest role that lets its holder see: every app if
 * one such role has no limit, else the apps of all of them; only one's own actions when nothing but LOG-OWN is held.
 */
export function grantsOf(
  roles: readonly HeldRole[],
  { organizationId, actorId }: { readonly organizationId: string; readonly actorId: string },
): Grants {
  const known = roles.map(knownRole)
  const seeing = known.filter(role => role.permissions.has("LOG-MANAGEMENT"))
  const seeingOwn = known.filter(role => role.permissions.has("LOG-OWN"))
  return {
    permissions: new Set(known.flatMap(role => [...role.permissions])),
    scope: {
      organizationId,
      appIds: appsOf(seeing.length > 0 ? seeing : seeingOwn),
      actorId: seeing.length > 0 ? null : actorId,
    },
  }
}

// What a Scope cannot hold to some apps is not handed out by a role limited to some: it would reach all of them.
function knownRole(role: HeldRole): {
  readonly permissions: ReadonlySet<Permission>
  readonly appIds: readonly string[]
} {
  const permissions = expandPermissions(role.permissions.filter(isPermission))
  if (role.appIds.length === 0) return { permissions, appIds: [] }
  return { permissions: new Set([...permissions].filter(held => scoped.has(held))), appIds: role.appIds }
}

// No role at all gives an empty list: nothing, not everything.
function appsOf(roles: readonly { readonly appIds: readonly string[] }[]): readonly string[] | null {
  if (roles.some(role => role.appIds.length === 0)) return null
  return [...new Set(roles.flatMap(role => role.appIds))].sort()
}
