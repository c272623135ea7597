import { type EffectiveRole, effectiveRole, type Grants, grantsOf } from "@/lib/access/grants"
import type { HeldRole } from "@/lib/access/held-roles"
import { type HeldThrough, throughOf } from "@/lib/access/held-roles"
import {
  describePermissions,
  expandPermissions,
  isPermission,
  type Permission,
} from "@/lib/access/permissions"
import type { Scope } from "@/lib/audit/query/selection"

/** One way in which a member holds a permission. */
export interface Reason {
  readonly role: { readonly id: string; readonly name: string }
  readonly through: HeldThrough
  /** The permission of the role that includes it; null when the role names it itself. */
  readonly includedIn: Permission | null
  /** The names of the apps to which this way is limited; null = every app. */
  readonly apps: readonly string[] | null
}

/** A permission that a member holds, and every way in which they hold it. */
export interface HeldPermission {
  readonly permission: Permission
  readonly description: string
  readonly reasons: readonly Reason[]
}

/**
 * A permission of a role that its holder does not get: it would reach beyond the apps to which the role is limited,
 * or no app is left.
 */
export interface WithheldPermission {
  readonly permission: Permission
  readonly reasons: readonly Reason[]
}

/** What a member may do and see, and why. */
export interface Effect {
  /** In the order of the catalogue. */
  readonly held: readonly HeldPermission[]
  readonly withheld: readonly WithheldPermission[]
  /** What they may see in the log, as one sentence. */
  readonly sees: string
}

interface Names {
  /** Names of apps by id. */
  readonly apps: ReadonlyMap<string, string>
}

/**
 * Returns what a holder of these roles may do and see: each permission with every role that gives it, the permissions
 * that the limits withhold, and what they see in the log.
 */
export function explain(
  roles: readonly HeldRole[],
  member: { readonly organizationId: string; readonly personId: string },
  names: Names,
): Effect {
  const { organizationId, personId } = member
  const grants = grantsOf(roles, { organizationId, actorId: personId })
  const given = roles.map(role => ({ role, effective: effectiveRole(role) }))
  const all = describePermissions().map(({ permission, description }) => {
    const naming = given.filter(({ role }) => expanded(role).has(permission))
    const reasonsOf = (ways: typeof given) => ways.map(way => reasonOf(permission, way, names))
    const isGiven = (way: (typeof given)[number]) =>
      way.effective.permissions.has(permission) && grants.permissions.has(permission)
    return {
      permission,
      description,
      reasons: reasonsOf(naming.filter(isGiven)),
      missed: reasonsOf(naming.filter(way => !isGiven(way))),
    }
  })
  return {
    held: all
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ permission, description, reasons }) => ({ permission, description, reasons })),
    withheld: all
      .filter(({ reasons, missed }) => reasons.length === 0 && missed.length > 0)
      .map(({ permission, missed }) => ({ permission, reasons: missed })),
    sees: seeingOf(
      grants,
      given.map(({ effective }) => effective),
      names,
    ),
  }
}

function expanded({ permissions }: HeldRole): ReadonlySet<Permission> {
  return expandPermissions(permissions.filter(isPermission))
}

function reasonOf(
  permission: Permission,
  { role, effective }: { readonly role: HeldRole; readonly effective: ReturnType<typeof effectiveRole> },
  names: Names,
): Reason {
  const wider = role.permissions
    .filter(isPermission)
    .find(each => each !== permission && expandPermissions([each]).has(permission))
  return {
    role: { id: role.roleId, name: role.name },
    through: throughOf(role),
    includedIn: role.permissions.includes(permission) ? null : (wider ?? null),
    apps: effective.appIds && namesOf(effective.appIds, names),
  }
}

function seeingOf({ permissions, scope }: Grants, roles: readonly EffectiveRole[], names: Names): string {
  if (!permissions.has("LOG-OWN")) return "Cannot see the audit logs."
  const what = scope.actorId === null ? "every event" : "their own actions"
  const also = permissions.has("LOG-EXPORT") ? "sees and exports" : "sees"
  const verb = also.charAt(0).toUpperCase() + also.slice(1)
  if (scope.appIds === null) return `${verb} ${what} of this organization.`
  const apps = namesOf(scope.appIds, names)
  if (apps.length === 0) {
    return "Sees no events: the roles that let them see are held to apps that have nothing in common."
  }
  const seen = `${verb} ${what} of ${apps.length === 1 ? "the app" : "the apps"} ${inWords(apps)}.`
  return hidesOwn(scope, roles) ? `${seen} ${ownHidden}` : seen
}

const ownHidden =
  "Not their own actions in other apps: beside a role that shows every event of some apps, one for their own actions adds nothing."

/** Returns whether a role for one's own actions reaches apps of which nothing else is visible. */
function hidesOwn({ actorId, appIds: seen }: Scope, roles: readonly EffectiveRole[]): boolean {
  if (actorId !== null || seen === null) return false
  return roles.some(
    ({ permissions, appIds }) =>
      permissions.has("LOG-OWN") && (appIds === null || appIds.some(id => !seen.includes(id))),
  )
}

function namesOf(ids: readonly string[], { apps }: Names): readonly string[] {
  return ids.map(id => apps.get(id) ?? id).sort((first, second) => first.localeCompare(second))
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
}
