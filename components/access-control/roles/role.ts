import type { Permission, PermissionGroup } from "@/lib/access/permissions"

/** The fields of a role. */
export interface RoleText {
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
  /** The apps to which it is limited; none = every app. */
  readonly appIds: readonly string[]
}

/** The number of holders of a role. */
export interface HeldBy {
  readonly members: number
  readonly groups: number
  readonly invitations: number
}

/** A way in which a member holds a role. */
export type Through =
  | { readonly kind: "directly" }
  | { readonly kind: "group"; readonly id: string; readonly name: string }
  | { readonly kind: "app"; readonly slug: string; readonly name: string }

/** A member who holds a role. */
export interface Holder {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
  readonly through: readonly Through[]
}

/** A role as the screens show it. */
export interface RoleRow extends RoleText {
  readonly id: string
  readonly builtIn: boolean
  readonly apps: readonly { readonly id: string; readonly name: string }[]
  readonly createdAt: string
  readonly heldBy: HeldBy
  readonly firstHolders: readonly Holder[]
}

/** A permission of the form. */
export interface PermissionOption {
  readonly permission: Permission
  /** In plain words. */
  readonly name: string
  readonly group: PermissionGroup
  readonly description: string
  readonly includes: readonly Permission[]
  readonly comesLater: boolean
  /** True when a role limited to some apps can contain it. */
  readonly limitable: boolean
  /** Why it cannot be given; null when it can. */
  readonly refusal: string | null
}

/** What a role can contain. */
export interface RoleOptions {
  readonly permissions: readonly PermissionOption[]
  readonly apps: readonly {
    readonly id: string
    readonly slug: string
    readonly name: string
    readonly archived: boolean
  }[]
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
