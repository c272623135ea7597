import type { Scope } from "@/lib/audit/query/selection"
import { expandPermissions, isPermission, type Permission } from "./permissions"

/** The permissions of a role, as texts of the catalogue, and its limits: the apps (none = every app). */
export interface GrantingRole {
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
  /** A second limit, from the way in which it is held: only apps within both limits count. */
  readonly assignmentAppIds?: readonly string[]
}

/** What somebody may do and see. */
export interface Grants {
  readonly permissions: ReadonlySet<Permission>
  readonly scope: Scope
}

/** What a role gives: its permissions with all that they include, limited to some apps (null = not limited). */
export interface EffectiveRole {
  readonly permissions: ReadonlySet<Permission>
  readonly appIds: readonly string[] | null
}

/** The permissions that a Scope can limit to some apps: those to read. */
const scoped: ReadonlySet<Permission> = new Set<Permission>(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"])

/** Returns whether a Scope leaves nothing of what the permission is for: it was given for no app at all. */
export function isBlind(permission: Permission, scope: Scope): boolean {
  return scoped.has(permission) && scope.appIds?.length === 0
}

/** The permissions that reach everything in the log, whatever a Scope shows of it. */
const needsWholeLog: ReadonlySet<Permission> = new Set<Permission>(["SINK-MANAGEMENT"])

/** Returns whether the permission counts only together with a Scope that shows the whole log. */
export function reachesWholeLog(permission: Permission): boolean {
  return needsWholeLog.has(permission)
}

/** Returns whether a Scope shows everything: every app, and what everybody did. */
export function showsWholeLog({ appIds, actorId }: Scope): boolean {
  return appIds === null && actorId === null
}

/** Returns whether the first Scope covers everything that the second one covers. */
export function covers(wider: Scope, narrower: Scope): boolean {
  if (wider.organizationId !== narrower.organizationId) return false
  if (wider.actorId !== null && wider.actorId !== narrower.actorId) return false
  const { appIds } = wider
  return appIds === null || (narrower.appIds?.every(id => appIds.includes(id)) ?? false)
}

/**
 * Returns the union of what the roles allow. Visibility is as wide as the widest role that gives it: every app if one such
 * role has no limit, else the apps of all of them. Roles for one's own actions count only where no role shows everybody's:
 * a Scope cannot express "all of some apps, and one's own elsewhere", so beside LOG-MANAGEMENT in one app, LOG-OWN in every
 * app adds nothing.
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

// A role without any app left shows nothing. Next to one that shows something it does not count at all: it must not narrow
// that one, nor permit its export. On its own it counts, so that its holder learns why nothing is visible.
function countingOf(roles: readonly EffectiveRole[]): readonly EffectiveRole[] {
  const reaching = roles.filter(({ appIds }) => appIds?.length !== 0)
  return reaching.some(({ permissions }) => permissions.has("LOG-OWN")) ? reaching : roles
}

/**
 * Returns what a role gives. A role that is limited to some apps does not give permissions that a Scope cannot limit: they
 * would reach all apps.
 */
export function effectiveRole(role: GrantingRole): EffectiveRole {
  const permissions = expandPermissions(role.permissions.filter(isPermission))
  const appIds = appsOfBoth(role.appIds, role.assignmentAppIds ?? [])
  if (appIds === null) return { permissions, appIds }
  return { permissions: new Set([...permissions].filter(held => scoped.has(held))), appIds }
}

// An empty list of a role means no limit; the intersection of two limits may be empty, which is not the same.
function appsOfBoth(first: readonly string[], second: readonly string[]): readonly string[] | null {
  if (first.length === 0) return second.length === 0 ? null : second
  return second.length === 0 ? first : first.filter(id => second.includes(id))
}

// Without any role the list is empty: nothing, not everything.
function appsOf(roles: readonly EffectiveRole[]): readonly string[] | null {
  if (roles.some(role => role.appIds === null)) return null
  return [...new Set(roles.flatMap(role => role.appIds ?? []))].sort()
}
