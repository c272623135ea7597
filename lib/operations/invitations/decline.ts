import { z } from "zod"
import { endInvitation } from "@/lib/access/invitations"
import { operation } from "@/lib/operations/core/operation"
import { aboutInvitation, tokenInput } from "./answer"
import { findInvited, uselessInvitation } from "./invitation"

/** Declines an invitation by its link. This ends it. */
export const declineInvitation = operation({
  name: "organization_member_invitation.decline",
  summary: "Declines an invitation by its link.",
  permission: "public",
  effect: "write",
  input: z.strictObject({ token: tokenInput }),
  run: async (context, { token }) => {
    const { caller, prisma } = context
    const { at, principal } = caller
    const invitation = await findInvited(prisma, context, token)
    const of = { id: invitation.id, organizationId: invitation.organization.id, token, at }
    if (!(await endInvitation(prisma, of, { declinedAt: at }))) throw uselessInvitation()
    const person = principal.kind === "person" ? { id: principal.personId, name: principal.name } : null
    return {
      value: { id: invitation.id },
      event: {
        ...aboutInvitation(invitation, person),
        description: `${person?.name ?? invitation.email} declined an invitation.`,
      },
    }
  },
})
