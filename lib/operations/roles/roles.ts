import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import { describePermissions, type PermissionDescription } from "@/lib/access/permissions"
import { operation } from "@/lib/operations/core/operation"
import { holdersOfRoles, type RoleHolder, type RoleHolders } from "./holders"
import { findRole, type RoleApp, type RoleState, type StoredRole, storedRole } from "./role"
import { isLimitable, roleId } from "./rules"

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

/** One role with everybody who holds it. */
export interface RoleDetail extends RoleSummary {
  readonly holders: RoleHolders
}

/** A permission of the form, and why it cannot be given. */
export interface PermissionOption extends PermissionDescription {
  /** True when a role limited to some apps can contain it. */
  readonly limitable: boolean
  readonly refusal: string | null
}

/** What this caller can put into a role. */
export interface RoleOptions {
  readonly permissions: readonly PermissionOption[]
  readonly apps: readonly RoleAppOption[]
}

/** An app to which a role can be limited. */
export interface RoleAppOption extends RoleApp {
  readonly archived: boolean
}

const shownHolders = 3
const nobody: RoleHolders = { members: [], groups: [], invitations: [] }

/** Lists the roles of the organization, built-in ones first: what each lets its holders do, and who they are. */
export const listRoles = operation({
  name: "role.list",
  summary: "Lists the roles: what each lets its holders do, for which apps, and who holds it.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ organization, read }): Promise<readonly RoleSummary[]> =>
    read(async work => {
      const organizationId = organization.id
      const rows = await work.prisma.role.findMany({
        where: { organizationId },
        orderBy: [{ builtIn: "desc" }, { name: "asc" }, { id: "asc" }],
      })
      const apps = await work.prisma.app.findMany({ where: { organizationId } })
      const holders = await holdersOfRoles(work)
      return rows.map(row => summaryOf(storedRole(row), apps, holders.get(row.id) ?? nobody))
    }),
})

/** Finds one role with everybody who holds it, and how. */
export const findRoleDetail = operation({
  name: "role.find",
  summary: "Finds one role with everybody who holds it, and through what.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ id: roleId }),
  run: ({ organization, read }, { id }): Promise<RoleDetail> =>
    read(async work => {
      const role = await findRole(work, id)
      const apps = await work.prisma.app.findMany({ where: { organizationId: organization.id } })
      const holders = (await holdersOfRoles(work, id)).get(id) ?? nobody
      return { ...summaryOf(role, apps, holders), holders }
    }),
})

/** Lists what a role can contain: permissions, each with why the caller cannot give it, and apps to limit it to. */
export const listRoleOptions = operation({
  name: "role.options",
  summary: "Lists the permissions and apps that a role can be made of, and what the caller cannot give.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ caller, organization, scope, read }): Promise<RoleOptions> => {
    const apps = await read(({ prisma }) =>
      prisma.app.findMany({
        where: { organizationId: organization.id },
        select: { id: true, slug: true, name: true, archivedAt: true },
        orderBy: [{ name: "asc" }, { slug: "asc" }],
      }),
    )
    const visible = scope.appIds ?? []
    return {
      permissions: describePermissions().map(description => {
        const limitable = isLimitable(description.permission)
        const role = { permissions: [description.permission], appIds: limitable ? visible : [] }
        const missing = missingForGranting(caller.principal, [role])
        const refusal = missing.length > 0 ? "You do not hold it yourself, so you cannot give it." : null
        return { ...description, limitable, refusal }
      }),
      apps: apps.map(({ archivedAt, ...app }) => ({ ...app, archived: archivedAt !== null })),
    }
  },
})

function summaryOf(
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
