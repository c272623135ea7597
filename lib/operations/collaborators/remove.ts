import { z } from "zod"
import { refuseActingAbove } from "@/lib/access/granting"
import { operation } from "@/lib/operations/core/operation"
import { appInput, findApp, findCollaborator, inApp, personIdInput } from "./collaborator"
import { aboutCollaborator } from "./event"

/** Removes the role that a member holds in one app; their other roles stay. */
export const removeCollaborator = operation({
  name: "collaborator.remove",
  summary: "Takes away the role that a member holds in one app.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ app: appInput, personId: personIdInput }),
  run: async (context, { app: slug, personId }) => {
    const { caller, prisma } = context
    const app = await findApp(context, slug)
    const found = await findCollaborator(context, app, personId)
    const { member, role } = found
    refuseActingAbove(caller.principal, { name: member.name, roles: [inApp(app, role)] })
    await prisma.collaborator.deleteMany({ where: found.key })
    return {
      value: { personId },
      event: aboutCollaborator(
        { member, app, before: role, after: null },
        `${member.name} is no collaborator of the app ${app.name} any more.`,
      ),
    }
  },
})
