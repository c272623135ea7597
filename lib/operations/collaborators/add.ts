import { z } from "zod"
import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { operation } from "@/lib/operations/core/operation"
import { findMemberOf } from "@/lib/operations/members/member"
import { appInput, findApp, findGivableRole, inApp, personIdInput, roleIdInput } from "./collaborator"
import { aboutCollaborator } from "./event"

/** Gives a member a role in one app only. */
export const addCollaborator = operation({
  name: "collaborator.add",
  summary: "Gives a member a role in one app only.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput, roleId: roleIdInput }),
  run: async (context, { app: slug, personId, roleId }) => {
    const { caller, organization, prisma } = context
    const key = { organizationId: organization.id, personId }
    const app = await findApp(context, slug)
    if (app.archived) throw new AppError("conflict", `The app ${app.name} is archived.`)
    const member = await findMemberOf(context, personId)
    const role = await findGivableRole(context, app, roleId)
    refuseGrantingMore(caller.principal, [inApp(app, role)])
    if (areRolesPowerful([inApp(app, role)])) requireRecentProof(caller)
    const { count } = await prisma.collaborator.createMany({
      data: [{ ...key, appId: app.id, roleId: role.id, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      const message = `${member.name} is a collaborator of ${app.name} already.`
      throw new AppError("conflict", message, { faults: [{ pointer: "/personId", message }] })
    }
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before: null, after: role },
        `${member.name} became a collaborator of the app ${app.name}.`,
      ),
    }
  },
})
