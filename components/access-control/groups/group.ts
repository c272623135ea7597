import type { Permission } from "@/lib/access/permissions"
import { isolateRuns } from "@/lib/audit/direction"

/** What a group says of itself. */
export interface GroupText {
  readonly name: string
  readonly description: string
  /** The value of the identity provider's groups claim that puts people in; null = nobody by claim. */
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
  /** Put in by the identity provider. */
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
  /** Names of the apps that the role itself is limited to; none = every app. */
  readonly apps: readonly string[]
}

/** A role that could be added; the refusal says why not. */
export interface GroupRoleChoice extends GroupRole {
  readonly refusal: string | null
}

/** An app that a group is limited to, or could be. */
export interface GroupApp {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly archived: boolean
}

/** A group with all that belongs to it. */
export interface GroupDetail extends GroupText {
  readonly id: string
  readonly createdAt: string
  readonly members: readonly GroupMember[]
  readonly roles: readonly GroupRole[]
  readonly apps: readonly GroupApp[]
  /** Whom an invitation without an answer will put into the group. */
  readonly invited: readonly string[]
  readonly roleChoices: readonly GroupRoleChoice[]
  readonly appChoices: readonly GroupApp[]
}

/** What an action on the parts of a group answers. */
export interface PartsChanged {
  readonly changed: readonly { readonly id: string; readonly name: string }[]
}

/** One thing and several of them, in words. */
export type Nouns = readonly [one: string, many: string]

/** The parts of a group, each a tab with an address. */
export const groupTabs = ["members", "roles", "apps"] as const

export type GroupTab = (typeof groupTabs)[number]

/** Returns the verb for so many: `1 member loses`, `2 members lose`. */
export function verb(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}

/** Promise: the permissions that a limit to apps leaves of a role. */
export const limitable: readonly Permission[] = ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"]

/** Promise: `Ada, Ben and Cleo`, or `Ada, Ben, Cleo and 4 more`. */
export function inWords(names: readonly string[], shown = 5): string {
  const each = names.map(isolateRuns)
  if (each.length > shown) return `${each.slice(0, shown).join(", ")} and ${each.length - shown} more`
  return each.length < 2 ? each.join("") : `${each.slice(0, -1).join(", ")} and ${each.at(-1)}`
}

/** Promise: `1 member`, `3 members`. */
export function counted(count: number, [one, many]: Nouns): string {
  return `${count} ${count === 1 ? one : many}`
}
