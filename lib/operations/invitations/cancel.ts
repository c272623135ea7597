import { z } from "zod"
import { endInvitation } from "@/lib/access/invitations"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"

/** Revokes an open invitation: its link stops working. */
export const cancelInvitation = operation({
  name: "organization_member_invitation.cancel",
  summary: "Revokes an invitation.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: z.uuid("Give the id of an invitation, as the list shows it.") }),
  run: async ({ caller: { at }, organization, prisma }, { id }) => {
    const of = { id, organizationId: organization.id }
    const invitation = await prisma.invitation.findFirst({ where: of })
    if (!invitation) throw new AppError("not-found", "There is no such invitation.")
    if (!(await endInvitation(prisma, { ...of, at }, { revokedAt: at }))) {
      throw new AppError("conflict", `The invitation of ${invitation.email} has ended already.`)
    }
    return {
      value: { id },
      event: {
        targets: [{ type: "invitation", id, name: invitation.email }],
        description: `The invitation of ${invitation.email} was revoked.`,
        changes: [{ path: "/revokedAt", before: null, after: at.toISOString() }],
      },
    }
  },
})
