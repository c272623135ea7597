import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import { describePermissions, type PermissionDescription } from "@/lib/access/permissions"
import { operation } from "@/lib/operations/core/operation"
import type { RoleApp } from "./role"
import { isLimitable } from "./rules"

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
