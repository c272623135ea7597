import { z } from "zod"
import { AppError } from "@/lib/errors"
import { operation, type Work } from "@/lib/operations/core/operation"
import { chooseGiven } from "./chosen-access"
import { judgeAddresses, wordsOf } from "./judge-emails"
import { writeLetter } from "./letter"
import { daysOf, endOf } from "./lifetime"
import { daysInput, senderOf, unanswered } from "./send"

/**
 * Sends an open or expired invitation again, with a new link and a new expiry. The previous link stops working.
 * Refused when the person has become a member meanwhile, or has a newer invitation.
 */
export const resendInvitation = operation({
  name: "organization_member_invitation.resend",
  summary: "Sends an invitation again, with a new link.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    id: z.uuid("Give the id of an invitation, as the list shows it."),
    /** Left out: the number of days of the last time. */
    expiresInDays: daysInput.optional(),
  }),
  run: async (context, { id, expiresInDays }) => {
    const { caller, prisma } = context
    const { at } = caller
    const { email, before, createdAt, days, ...choice } = await findResendable(context, id)
    // The sender gives what the invitation gives, so the same rules hold as for a new one.
    const given = await chooseGiven(context, choice)
    const expiresAt = endOf(at, expiresInDays ?? days)
    if (expiresAt > endOf(createdAt, mostDays)) throw tooOld(email)
    const written = await writeLetter(context, { email, expiresAt, given })
    const { count } = await prisma.invitation.updateMany({
      where: { id, ...unanswered },
      data: { ...written, createdById: senderOf(caller) },
    })
    if (count === 0) throw endedAlready(email)
    return {
      value: { id, expiresAt: expiresAt.toISOString() },
      event: {
        targets: [{ type: "invitation", id, name: email }],
        description: `The invitation of ${email} was sent again.`,
        changes: [{ path: "/expiresAt", before: before.toISOString(), after: expiresAt.toISOString() }],
      },
    }
  },
})

/** From its creation to its last expiry, however often it is sent again; a database constraint checks the same. */
const mostDays = 366

async function findResendable(work: Work, id: string) {
  const invitation = await work.prisma.invitation.findFirst({
    where: { id, organizationId: work.organization.id },
    include: { roles: true, groups: true, apps: true, mail: { select: { createdAt: true } } },
  })
  if (!invitation) throw new AppError("not-found", "There is no such invitation.")
  const { email, acceptedAt, declinedAt, revokedAt } = invitation
  if (acceptedAt ?? declinedAt ?? revokedAt) throw endedAlready(email)
  const [judged] = await judgeAddresses(work, [email])
  const isItself = judged?.invitationId === id
  const refusal = judged && !isItself ? wordsOf(judged) : null
  if (refusal) throw new AppError("conflict", refusal)
  return {
    email,
    before: invitation.expiresAt,
    createdAt: invitation.createdAt,
    days: daysOf(invitation),
    roleIds: invitation.roles.map(({ roleId }) => roleId),
    groupIds: invitation.groups.map(({ groupId }) => groupId),
    appIds: invitation.apps.map(({ appId }) => appId),
  }
}

function tooOld(email: string): AppError {
  return new AppError("conflict", `The invitation of ${email} is too old to be sent again. Invite them anew.`)
}

function endedAlready(email: string): AppError {
  return new AppError("conflict", `The invitation of ${email} has ended already.`)
}
