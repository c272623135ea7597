import type { Permission } from "@/lib/access/permissions"
import { isolateRuns } from "@/lib/audit/direction"
import type { RoleOfGroup as GroupRole } from "@/lib/operations/groups/find"

export type {
  AppOfGroup as GroupApp,
  GroupDetail,
  MemberOfGroup as GroupMember,
} from "@/lib/operations/groups/find"
export type { GroupSummary as GroupRow } from "@/lib/operations/groups/list"
export type { GroupRole }

/** The fields of a group's form. */
export interface GroupText {
  readonly name: string
  readonly description: string
  /** The value of the identity provider's groups claim that adds members; null = nobody by claim. */
  readonly claimValue: string | null
}

/** A role that could be added; the refusal says why not. */
export interface GroupRoleChoice extends GroupRole {
  readonly refusal: string | null
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
