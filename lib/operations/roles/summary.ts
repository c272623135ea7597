import type { RoleHolder, RoleHolders } from "./holders"
import type { RoleApp, RoleState, StoredRole } from "./role"

/** A role as the list shows it. */
export interface RoleSummary extends RoleState {
  readonly id: string
  readonly builtIn: boolean
  readonly apps: readonly RoleApp[]
  readonly createdAt: string
  /** The number of holders of each kind. */
  readonly heldBy: { readonly members: number; readonly groups: number; readonly invitations: number }
  /** The first members who hold it, by name. */
  readonly firstHolders: readonly RoleHolder[]
}

const shownHolders = 3

export const nobody: RoleHolders = { members: [], groups: [], invitations: [] }

export function summaryOf(
  role: StoredRole,
  apps: readonly RoleApp[],
  { members, groups, invitations }: RoleHolders,
): RoleSummary {
  return {
    ...role,
    apps: apps
      .filter(app => role.appIds.includes(app.id))
      .map(({ id, slug, name }) => ({ id, slug, name }))
      .sort((first, second) => first.name.localeCompare(second.name)),
    createdAt: role.createdAt.toISOString(),
    heldBy: { members: members.length, groups: groups.length, invitations: invitations.length },
    firstHolders: members.slice(0, shownHolders),
  }
}
