import { z } from "zod"
import { areRolesPowerful, refuseActingAbove, refuseGrantingMore } from "@/lib/access/granting"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { operation } from "@/lib/operations/core/operation"
import {
  appInput,
  findApp,
  findCollaborator,
  findGivableRole,
  inApp,
  personIdInput,
  roleIdInput,
} from "./collaborator"
import { aboutCollaborator } from "./event"

/** Changes the role of a collaborator in an app. */
export const updateCollaborator = operation({
  name: "collaborator.update",
  summary: "Gives a collaborator of an app another role in it.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput, roleId: roleIdInput }),
  run: async (context, { app: slug, personId, roleId }) => {
    const { caller, prisma } = context
    const app = await findApp(context, slug)
    const found = await findCollaborator(context, app, personId)
    const { member, role: before } = found
    const role = await findGivableRole(context, app, roleId)
    if (role.id === before.id) throw new AppError("conflict", `${member.name} holds this role already.`)
    refuseActingAbove(caller.principal, { name: member.name, roles: [inApp(app, before)] })
    refuseGrantingMore(caller.principal, [inApp(app, role)])
    if (areRolesPowerful([inApp(app, role)])) requireRecentProof(caller)
    await prisma.collaborator.updateMany({ where: found.key, data: { roleId: role.id } })
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before, after: role },
        `The role of ${member.name} in the app ${app.name} was changed.`,
      ),
    }
  },
})
