import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { appInput, type CollaboratorSummary, findApp, permissionsIn } from "./collaborator"

/** Lists the collaborators of an app, by name. */
export const listCollaborators = operation({
  name: "collaborator.list",
  summary: "Lists who holds a role in one app, and what it lets them do there.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ app: appInput }),
  run: ({ organization, read }, { app: slug }): Promise<readonly CollaboratorSummary[]> =>
    read(async work => {
      const app = await findApp(work, slug)
      const rows = await work.prisma.collaborator.findMany({
        where: { organizationId: organization.id, appId: app.id },
        include: {
          role: true,
          membership: { include: { person: { select: { name: true, email: true } } } },
        },
        orderBy: [{ membership: { person: { name: "asc" } } }, { personId: "asc" }],
      })
      return rows.map(({ personId, role, membership, createdAt }) => ({
        ...{ personId, ...membership.person },
        status: membership.status === "suspended" ? "suspended" : "active",
        role: { id: role.id, name: role.name },
        permissions: permissionsIn(app, role),
        since: createdAt.toISOString(),
      }))
    }),
})
