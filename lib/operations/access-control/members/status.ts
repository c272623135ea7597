import { z } from "zod"
import { refuseLosingLastAdministrator } from "@/lib/access/administrators"
import { revokeInvitationsOf } from "@/lib/access/invitations"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
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
  run: async ({ caller, organization, prisma, tx }, { personId }) => {
    const key = { organizationId: organization.id, personId }
    const member = await findMemberBelow({ caller, prisma, tx }, key)
    if (isSelf(caller.principal, member)) {
      throw new AppError("conflict", "You cannot suspend yourself. Somebody else can, or you can leave.")
    }
    if (member.status === "suspended") throw new AppError("conflict", `${member.name} is suspended already.`)
    await prisma.membership.updateMany({ where: key, data: { status: "suspended" } })
    await refuseLosingLastAdministrator(tx, organization.id)
    const keys = await keysMadeBy(prisma, { ...key, at: caller.at })
    const invitations = await revokeInvitationsOf(prisma, { ...key, at: caller.at })
    return {
      member,
      keys,
      invitations,
      endedSessions: await endSessionsOfNobodysMember(prisma, { ...key, at: caller.at }),
    }
  },
  about: (_, { member, keys, invitations, endedSessions }) => ({
    targets: [memberTarget(member)],
    description: `${member.name} was suspended.`,
    changes: [{ path: "/status", before: "active", after: "suspended" }],
    details: [...invitationsSentence(invitations), ...keysSentences(keys)],
    metadata: { endedSessions },
  }),
})

/** Reactivates a suspended member, with everything they held. */
export const reactivateMember = operation({
  name: "organization_member.reactivate",
  summary: "Reactivates a suspended member, with everything they held.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ personId: personIdInput }),
  run: async ({ caller, organization, prisma, tx }, { personId }) => {
    const key = { organizationId: organization.id, personId }
    const member = await findMemberBelow({ caller, prisma, tx }, key)
    if (member.status === "active") throw new AppError("conflict", `${member.name} is not suspended.`)
    await prisma.membership.updateMany({ where: key, data: { status: "active" } })
    return { member }
  },
  about: (_, { member }) => ({
    targets: [memberTarget(member)],
    description: `${member.name} was reactivated.`,
    changes: [{ path: "/status", before: "suspended", after: "active" }],
  }),
})
