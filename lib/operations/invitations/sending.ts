import { z } from "zod"
import { invitationDays } from "@/lib/access/invitations"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { type Caller, operation, type Work, type WriteContext } from "@/lib/operations/core/operation"
import { type Chosen, chooseGiven } from "./chosen-access"
import { givenChanges } from "./invitation"
import { type InviteResult, judgeAddresses, nobodyInvited, wordsOf } from "./judge-emails"
import { writeLetter } from "./letter"
import { daysOf, endOf } from "./lifetime"

const daysInput = z
  .int()
  .min(invitationDays.least, "Choose at least one day.")
  .max(invitationDays.most, "Choose at most seven days.")

/** Invites several people at once. Each email gets its own result; the call fails only when nobody can be invited. */
export const createInvitations = operation({
  name: "organization_member_invitation.create",
  summary: "Invites people by e-mail, with roles and groups; answers for each address apart.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    /** Length is checked for each email apart, so that a long one does not stop the others. */
    emails: z.array(z.string()).min(1, "Give at least one address.").max(20, "Give at most 20."),
    roleIds: z.array(z.uuid()).max(20),
    groupIds: z.array(z.uuid()).max(20).default([]),
    /** The apps in which the role is given; none = every app. */
    appIds: z.array(z.uuid()).max(100, "Choose at most 100 apps.").default([]),
    expiresInDays: daysInput.default(invitationDays.standard),
  }),
  run: async (context, { emails, expiresInDays, ...choice }) => {
    const given = await chooseGiven(context, choice)
    const judged = await judgeAddresses(context, emails)
    if (!judged.some(({ outcome }) => outcome === "invited")) throw nobodyInvited(emails, judged)
    const results: InviteResult[] = []
    for (const each of judged) {
      const { email, outcome } = each
      const invitationId =
        outcome === "invited"
          ? await makeInvitation(context, { email, given, expiresInDays })
          : each.invitationId
      results.push({ ...each, invitationId })
    }
    const invited = results.filter(({ outcome }) => outcome === "invited")
    return {
      value: { results },
      event: {
        targets: invited.map(({ email, invitationId }) => ({
          ...{ type: "invitation", id: invitationId ?? email, name: email },
        })),
        description:
          invited.length === 1
            ? `${invited[0]?.email} was invited.`
            : `${invited.length} people were invited.`,
        changes: givenChanges(given),
        metadata: { expiresInDays },
      },
    }
  },
})

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

const unanswered = { acceptedAt: null, declinedAt: null, revokedAt: null } as const

interface NewInvitation {
  readonly email: string
  readonly given: Chosen
  readonly expiresInDays: number
}

/** Returns the id of the new invitation. */
async function makeInvitation(
  context: WriteContext,
  { email, given, expiresInDays }: NewInvitation,
): Promise<string> {
  const { prisma, caller, organization } = context
  const { at } = caller
  const organizationId = organization.id
  const id = newId(at.getTime())
  const expiresAt = endOf(at, expiresInDays)
  const written = await writeLetter(context, { email, expiresAt, given })
  await prisma.invitation.create({
    data: { id, organizationId, email, createdById: senderOf(caller), createdAt: at, ...written },
  })
  const of = { organizationId, invitationId: id }
  await prisma.invitationRole.createMany({ data: given.roles.map(role => ({ ...of, roleId: role.id })) })
  await prisma.invitationGroup.createMany({
    data: given.groups.map(group => ({ ...of, groupId: group.id })),
  })
  await prisma.invitationApp.createMany({ data: given.apps.map(app => ({ ...of, appId: app.id })) })
  return id
}

// The person on whose permissions it depends until it is accepted; none for a command.
function senderOf({ principal }: Caller): string | null {
  return principal.kind === "person" ? principal.personId : null
}

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
