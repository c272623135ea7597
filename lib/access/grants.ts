import type { Scope } from "@/lib/audit/query/query"
import { expandPermissions, isPermission, type Permission } from "./permissions"

/** What a role says, and how it is held: texts of the catalogue, and the apps it is limited to (none = every app). */
export interface GrantingRole {
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
  /** A second limit, from the way it is held: only apps of both count. */
  readonly assignmentAppIds?: readonly string[]
}

/** What somebody may do and see. */
export interface Grants {
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** What a role comes to: its permissions with all they include, held to some apps (null = to none). */
export interface EffectiveRole {
  readonly permissions: ReadonlySet<Permission>
  readonly appIds: readonly string[] | null
}

/** The permissions that a Scope can hold to some apps: those to read. */
const scoped: ReadonlySet<Permission> = new Set<Permission>(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"])

/** Tells whether a Scope leaves nothing of what the permission is for: it was handed out for no app at all. */
export function isBlind(permission: Permission, scope: Scope): boolean {
  return scoped.has(permission) && scope.appIds?.length === 0
}

/** Tells whether everything that one Scope covers is covered by the other too. */
export function covers(wider: Scope, narrower: Scope): boolean {
  if (wider.organizationId !== narrower.organizationId) return false
  if (wider.actorId !== null && wider.actorId !== narrower.actorId) return false
  const { appIds } = wider
  return appIds === null || (narrower.appIds?.every(id => appIds.includes(id)) ?? false)
}

/**
 * Promise: the union of what the roles allow. Seeing is as wide as the widest role that lets its holder see: every app if
 * one such role has no limit, else the apps of all of them. Roles for one's own actions count only where no role shows
 * everybody's: a Scope cannot say "all of some apps, and one's own elsewhere", so beside LOG-MANAGEMENT in one app, LOG-OWN
 * in every app adds nothing.
 */
export function grantsOf(
  roles: readonly GrantingRole[],
  { organizationId, actorId }: { readonly organizationId: string; readonly actorId: string },
): Grants {
  const known = countingOf(roles.map(effectiveRole))
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

// A role that is left no app shows nothing. Beside one that shows something it does not count at all: it must not narrow
// that one, nor let what it shows be exported. Alone it counts, so that its holder is told why there is nothing to see.
function countingOf(roles: readonly EffectiveRole[]): readonly EffectiveRole[] {
  const reaching = roles.filter(({ appIds }) => appIds?.length !== 0)
  return reaching.some(({ permissions }) => permissions.has("LOG-OWN")) ? reaching : roles
}

/**
 * Promise: what a role comes to. A permission that a Scope cannot hold to some apps is not handed out by a role that is
 * limited to some: it would reach all of them.
 */
export function effectiveRole(role: GrantingRole): EffectiveRole {
  const permissions = expandPermissions(role.permissions.filter(isPermission))
  const appIds = appsOfBoth(role.appIds, role.assignmentAppIds ?? [])
  if (appIds === null) return { permissions, appIds }
  return { permissions: new Set([...permissions].filter(held => scoped.has(held))), appIds }
}

// An empty list of a role means no limit; what two limits have in common may be nothing, which is not the same.
function appsOfBoth(first: readonly string[], second: readonly string[]): readonly string[] | null {
  if (first.length === 0) return second.length === 0 ? null : second
  return second.length === 0 ? first : first.filter(id => second.includes(id))
}

// No role at all gives an empty list: nothing, not everything.
function appsOf(roles: readonly EffectiveRole[]): readonly string[] | null {
  if (roles.some(role => role.appIds === null)) return null
  return [...new Set(roles.flatMap(role => role.appIds ?? []))].sort()
}
