import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { holdersOfRoles } from "./holders"
import { storedRole } from "./role"
import { nobody, type RoleSummary, summaryOf } from "./summary"

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
