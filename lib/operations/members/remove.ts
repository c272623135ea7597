import { z } from "zod"
import { revokeInvitationsOf } from "@/lib/access/invitations"
import { AppError } from "@/lib/errors"
import { operation, type Work } from "@/lib/operations/core/operation"
import { endSessionsOfNobodysMember, invitationsSentence, keysMadeBy, keysSentences } from "./end-access"
import { personIdInput } from "./input"
import { findMemberBelow, isDirect, isSelf, type Member, memberTarget } from "./member"

/**
 * Removes a member from the organization, with their direct roles, group memberships and roles in single apps; open
 * invitations to them and from them are revoked. The person, their name in old events and the API keys that they
 * created stay. Leaving oneself requires `self`.
 */
export const removeMember = operation({
  name: "organization_member.remove",
  summary: "Takes a member out of the organization; their name in old events stays.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    personId: personIdInput,
    /** Set to confirm that callers remove themselves: nobody leaves by mistake. */
    self: z.literal(true).optional(),
  }),
  run: async (context, { personId, self }) => {
    const { caller, organization, prisma } = context
    const member = await findMemberBelow(context, personId)
    const leaves = isSelf(caller.principal, member)
    if (leaves && !self) {
      throw new AppError("conflict", `This is you. Choose to leave ${organization.name}, if you mean it.`)
    }
    const keys = await keysMadeBy(context, personId)
    const of = { organizationId: organization.id, personId, at: caller.at }
    const invitations = await revokeInvitationsOf(prisma, of)
    const taken = await takeAway(context, member)
    const endedSessions = await endSessionsOfNobodysMember(context, personId)
    return {
      value: { personId },
      event: {
        targets: [memberTarget(member)],
        description: `${member.name} ${leaves ? "left" : "was removed"}.`,
        changes: [{ path: "", before: { status: member.status, ...taken }, after: null }],
        details: [...invitationsSentence(invitations), ...keysSentences(keys)],
        metadata: { endedSessions },
      },
    }
  },
})

// The rows that refer to a membership are deleted before it.
async function takeAway({ prisma, organization }: Work, { personId, roles: held }: Member) {
  const key = { organizationId: organization.id, personId }
  const groups = await prisma.groupMember.findMany({
    where: key,
    select: { group: { select: { name: true } } },
    orderBy: { group: { name: "asc" } },
  })
  await prisma.membershipRole.deleteMany({ where: key })
  await prisma.collaborator.deleteMany({ where: key })
  await prisma.groupMember.deleteMany({ where: key })
  await prisma.membership.deleteMany({ where: key })
  const collaborations = held.flatMap(({ name, collaboratorApp }) =>
    collaboratorApp ? [`${name} in ${collaboratorApp.name}`] : [],
  )
  return {
    roles: held.filter(isDirect).map(({ name }) => name),
    groups: groups.map(({ group }) => group.name),
    collaborations,
  }
}
