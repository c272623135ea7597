import { z } from "zod"
import type { GrantingRole } from "@/lib/access/grants"
import type { Principal } from "@/lib/access/principal"
import { permissionsIn } from "@/lib/operations/collaborators/collaborator"
import { operation } from "@/lib/operations/core/operation"
import { refusalOf } from "@/lib/operations/roles/role-choices"

/** An app in which an invitation can give a role. */
export interface AppChoice {
  readonly id: string
  readonly name: string
  /** The roles that this caller cannot give in it, each with the reason. */
  readonly refusals: readonly { readonly roleId: string; readonly reason: string }[]
}

/** Lists the apps in which an invitation can give a role, by name; each says which roles the caller cannot give in it. */
export const listInvitationAppChoices = operation({
  name: "organization_member_invitation.app_choices",
  summary:
    "Lists the apps in which an invitation can give a role, and which roles the caller cannot give there.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ caller, organization, read }): Promise<readonly AppChoice[]> =>
    read(async ({ prisma }) => {
      const where = { organizationId: organization.id }
      const apps = await prisma.app.findMany({
        where: { ...where, archivedAt: null },
        select: { id: true, name: true },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      })
      const roles = await prisma.role.findMany({
        where,
        select: { id: true, name: true, permissions: true, appIds: true },
      })
      return apps.map(app => ({
        ...app,
        refusals: roles.flatMap(role => {
          const reason = refusalIn(app, { principal: caller.principal, role })
          return reason === null ? [] : [{ roleId: role.id, reason }]
        }),
      }))
    }),
})

function refusalIn(
  app: { readonly id: string; readonly name: string },
  { principal, role }: { readonly principal: Principal; readonly role: GrantingRole },
): string | null {
  if (permissionsIn(app, role).length === 0) return `It gives nothing in the app ${app.name}.`
  return refusalOf(principal, { ...role, assignmentAppIds: [app.id] })
}
