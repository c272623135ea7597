import type { HeldThrough as Through } from "@/lib/access/held-roles"
import type { RoleSummary as RoleRow } from "@/lib/operations/roles/summary"

export type { RoleHolder as Holder } from "@/lib/operations/roles/holders"
export type { PermissionOption, RoleOptions } from "@/lib/operations/roles/list-options"
export type { RoleState as RoleText } from "@/lib/operations/roles/role"
export type { RoleRow, Through }

/** The number of holders of a role. */
export interface HeldBy {
  readonly members: number
  readonly groups: number
  readonly invitations: number
}

/** Returns a text like `2 members, 1 group`, or `Nobody`. */
export function heldByText({ members, groups, invitations }: HeldBy): string {
  const parts = [
    counted(members, "member", "members"),
    counted(groups, "group", "groups"),
    counted(invitations, "invitation", "invitations"),
  ].filter(part => part !== null)
  return parts.length === 0 ? "Nobody" : parts.join(", ")
}

/** Returns `directly`, `through group Auditors` or `in app Billing`. */
export function throughText(through: Through): string {
  if (through.kind === "directly") return "directly"
  return through.kind === "group" ? `through group ${through.name}` : `in app ${through.name}`
}

/** Returns a name for the copy of a role that is not among the taken ones. */
export function copyName(name: string, taken: readonly string[]): string {
  const isTaken = (text: string) => taken.some(other => other.toLowerCase() === text.toLowerCase())
  const first = `Copy of ${name}`.slice(0, 95)
  if (!isTaken(first)) return first
  let number = 2
  while (isTaken(`${first} ${number}`)) number++
  return `${first} ${number}`
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`
}

/** Returns the first holders and how they hold it: `Ada (directly); Bo (through group Auditors); and 3 more`. */
export function firstNames({ firstHolders, heldBy }: RoleRow): string {
  const named = firstHolders.map(({ name, through }) => `${name} (${through.map(throughText).join(", ")})`)
  const more = heldBy.members - firstHolders.length
  return more > 0 ? `${named.join("; ")}; and ${more} more` : named.join("; ")
}
