import { z } from "zod"
import { revokeInvitationsOf } from "@/lib/access/invitations"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { endSessionsOfNobodysMember, invitationsSentence, keysMadeBy, keysSentences } from "./end-access"
import { personIdInput } from "./input"
import { findMemberBelow, isSelf, memberTarget } from "./member"

/**
 * Suspends a member: they keep their roles and groups, and each of their later requests in this organization is
 * refused. Open invitations that they sent are revoked; API keys that they created go on working.
 */
export const suspendMember = operation({
  name: "organization_member.suspend",
  summary: "Suspends a member: they keep what they hold and cannot use it.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ personId: personIdInput }),
  run: async (context, { personId }) => {
    const { caller, organization, prisma } = context
    const key = { organizationId: organization.id, personId }
    const member = await findMemberBelow(context, personId)
    if (isSelf(caller.principal, member)) {
      throw new AppError("conflict", "You cannot suspend yourself. Somebody else can, or you can leave.")
    }
    if (member.status === "suspended") throw new AppError("conflict", `${member.name} is suspended already.`)
    await prisma.membership.updateMany({ where: key, data: { status: "suspended" } })
    const keys = await keysMadeBy(context, personId)
    const invitations = await revokeInvitationsOf(prisma, { ...key, at: caller.at })
    const endedSessions = await endSessionsOfNobodysMember(context, personId)
    return {
      value: { personId },
      event: {
        targets: [memberTarget(member)],
        description: `${member.name} was suspended.`,
        changes: [{ path: "/status", before: "active", after: "suspended" }],
        details: [...invitationsSentence(invitations), ...keysSentences(keys)],
        metadata: { endedSessions },
      },
    }
  },
})

/** Reactivates a suspended member, with everything they held. */
export const reactivateMember = operation({
  name: "organization_member.reactivate",
  summary: "Reactivates a suspended member, with everything they held.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ personId: personIdInput }),
  run: async (context, { personId }) => {
    const member = await findMemberBelow(context, personId)
    if (member.status === "active") throw new AppError("conflict", `${member.name} is not suspended.`)
    const key = { organizationId: context.organization.id, personId }
    await context.prisma.membership.updateMany({ where: key, data: { status: "active" } })
    return {
      value: { personId },
      event: {
        targets: [memberTarget(member)],
        description: `${member.name} was reactivated.`,
        changes: [{ path: "/status", before: "suspended", after: "active" }],
      },
    }
  },
})
