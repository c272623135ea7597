import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { holdersOfRoles, type RoleHolders } from "./holders"
import { findRole } from "./role"
import { roleId } from "./rules"
import { nobody, type RoleSummary, summaryOf } from "./summary"

/** One role with everybody who holds it. */
export interface RoleDetail extends RoleSummary {
  readonly holders: RoleHolders
}

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
