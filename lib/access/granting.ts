import { AppError } from "@/lib/errors"
import { effectiveRole, type GrantingRole, reachesWholeLog, showsWholeLog } from "./grants"
import type { Permission } from "./permissions"
import { isPowerful } from "./permissions"
import type { Principal } from "./principal"

/** The permissions to compare with: those of a caller, or of somebody who acted earlier. */
type Holder = Pick<Principal, "permissions" | "scope">

/** Permissions to view and export the events of the apps that a role is for. */
const ofApps: readonly Permission[] = ["LOG-EXPORT", "LOG-OWN"]

/** Returns the permissions of these roles that the principal does not hold and so cannot give, by name; empty when it may. */
export function missingForGranting(principal: Holder, roles: readonly GrantingRole[]): readonly Permission[] {
  const missing = new Set<Permission>()
  for (const role of roles.map(effectiveRole)) {
    for (const permission of role.permissions) {
      if (!principal.permissions.has(permission)) missing.add(permission)
      // A holder who sees only a part of the log cannot let others send all of it.
      if (reachesWholeLog(permission) && !(principal.scope && showsWholeLog(principal.scope)))
        missing.add(permission)
    }
    // A caller who sees only some apps cannot make others visible to somebody; one who sees only their own actions, nobody
    // else's.
    if (role.permissions.has("LOG-MANAGEMENT") && !seesAll(principal, role.appIds))
      missing.add("LOG-MANAGEMENT")
    for (const permission of ofApps) {
      if (role.permissions.has(permission) && !reaches(principal, role.appIds)) missing.add(permission)
    }
  }
  return [...missing]
}

/**
 * Throws AppError `forbidden` when the roles contain anything that the principal does not hold: nobody grants more than
 * they hold.
 */
export function refuseGrantingMore(principal: Principal, roles: readonly GrantingRole[]): void {
  const missing = missingForGranting(principal, roles)
  if (missing.length === 0) return
  throw new AppError(
    "forbidden",
    `You cannot give what you do not hold yourself${inApps(principal)}: ${missing.join(", ")}.`,
  )
}

/** Throws AppError `forbidden` when the member holds anything that the principal does not. */
export function refuseActingAbove(
  principal: Principal,
  member: { readonly name: string; readonly roles: readonly GrantingRole[] },
): void {
  const missing = missingForGranting(principal, member.roles)
  if (missing.length === 0) return
  throw new AppError(
    "forbidden",
    `${member.name} holds what you do not hold yourself${inApps(principal)}: ${missing.join(", ")}.`,
  )
}

/** Returns whether giving these roles requires a recent proof of identity. */
export function areRolesPowerful(roles: readonly GrantingRole[]): boolean {
  return roles.some(role => [...effectiveRole(role).permissions].some(isPowerful))
}

function seesAll(principal: Holder, appIds: readonly string[] | null): boolean {
  return principal.scope?.actorId === null && reaches(principal, appIds)
}

/** Returns whether the principal sees something of each of these apps (null = every app), even if only their own actions. */
function reaches({ scope }: Holder, appIds: readonly string[] | null): boolean {
  if (scope === null) return false
  const visible = scope.appIds
  if (visible === null) return true
  return appIds?.every(id => visible.includes(id)) ?? false
}

function inApps({ scope }: Principal): string {
  return scope?.appIds == null ? "" : " for every app"
}
