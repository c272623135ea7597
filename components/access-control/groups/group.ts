import type { Permission } from "@/lib/access/permissions"
import { isolateRuns } from "@/lib/audit/direction"

/** The fields of a group's form. */
export interface GroupText {
  readonly name: string
  readonly description: string
  /** The value of the identity provider's groups claim that adds members; null = nobody by claim. */
  readonly claimValue: string | null
}

/** A group as the list shows it. */
export interface GroupRow extends GroupText {
  readonly id: string
  readonly createdAt: string
  readonly members: number
  readonly firstMembers: readonly string[]
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  readonly apps: readonly { readonly id: string; readonly name: string }[]
}

/** A member of a group. */
export interface GroupMember {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
  /** True when the identity provider added them. */
  readonly fromClaim: boolean
  readonly addedAt: string
}

/** A role that a group has, or could have. */
export interface GroupRole {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly builtIn: boolean
  readonly permissions: readonly string[]
  /** Names of the apps to which the role itself is limited; none = every app. */
  readonly apps: readonly string[]
}

/** A role that could be added; the refusal says why not. */
export interface GroupRoleChoice extends GroupRole {
  readonly refusal: string | null
}

/** An app to which a group is or could be limited. */
export interface GroupApp {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly archived: boolean
}

/** A group with everything that belongs to it. */
export interface GroupDetail extends GroupText {
  readonly id: string
  readonly createdAt: string
  readonly members: readonly GroupMember[]
  readonly roles: readonly GroupRole[]
  readonly apps: readonly GroupApp[]
  /** Emails of open invitations that will add their recipient to the group. */
  readonly invited: readonly string[]
  readonly roleChoices: readonly GroupRoleChoice[]
  readonly appChoices: readonly GroupApp[]
}

/** The result of an action on the parts of a group. */
export interface PartsChanged {
  readonly changed: readonly { readonly id: string; readonly name: string }[]
}

/** The singular and the plural. */
export type Nouns = readonly [one: string, many: string]

/** The parts of a group, each a tab with its own url. */
export const groupTabs = ["members", "roles", "apps"] as const

export type GroupTab = (typeof groupTabs)[number]

/** Returns the verb for that number: `1 member loses`, `2 members lose`. */
export function verb(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}

/** The permissions that a role keeps when it is limited to apps. */
export const limitable: readonly Permission[] = ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"]

/** Returns the names as in `Ada, Ben and Cleo`, or `Ada, Ben, Cleo and 4 more`. */
export function inWords(names: readonly string[], shown = 5): string {
  const each = names.map(isolateRuns)
  if (each.length > shown) return `${each.slice(0, shown).join(", ")} and ${each.length - shown} more`
  return each.length < 2 ? each.join("") : `${each.slice(0, -1).join(", ")} and ${each.at(-1)}`
}

/** Returns a text like `1 member` or `3 members`. */
export function counted(count: number, [one, many]: Nouns): string {
  return `${count} ${count === 1 ? one : many}`
}
