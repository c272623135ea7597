import { randomBytes } from "node:crypto"
import { z } from "zod"
import {
  invitationDays,
  makeInvitationToken,
  openInvitations,
  sentInvitations,
} from "@/lib/access/invitations"
import { countAttempt } from "@/lib/access/sign-in/attempts"
import { uuidv7 } from "@/lib/audit/event/uuid"
import type { PrismaTransaction } from "@/lib/db"
import { AppError } from "@/lib/errors"
import { invitationMail } from "@/lib/mail/messages/invitation"
import { enqueueMail } from "@/lib/mail/queue"
import { type Caller, operation } from "@/lib/operations/operation"
import { emailInput } from "@/lib/operations/sign-in/accounts"
import { tooManyWords } from "@/lib/operations/sign-in/sign-in"
import { platform } from "@/lib/platform"
import { chooseGiven } from "./given"

/** What became of one address. */
export type InviteOutcome = "invited" | "member" | "open" | "not-an-address"

/** One address of several, with its own answer. */
export interface InviteResult {
  /** As it was understood: in lower case. */
  readonly email: string
  readonly outcome: InviteOutcome
  /** The open invitation: the new one, or the one that can be sent again; null for the others. */
  readonly invitationId: string | null
}

const dayMs = 24 * 60 * 60 * 1000

const words: Readonly<Record<Exclude<InviteOutcome, "invited">, string>> = {
  member: "is a member already",
  open: "has an open invitation already: send that one again",
  "not-an-address": "is not an e-mail address",
}

const daysInput = z
  .int()
  .min(invitationDays.least, "Choose at least one day.")
  .max(invitationDays.most, "Choose at most seven days.")

/** Invites several people at once. Each address is judged apart; refused only when nobody at all can be invited. */
export const createInvitations = operation({
  name: "organization_member_invitation.create",
  summary: "Invites people by e-mail, with roles and groups; answers for each address apart.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    emails: z.array(z.string().max(320)).min(1, "Give at least one address.").max(20, "Give at most 20."),
    roleIds: z.array(z.uuid()).max(20),
    groupIds: z.array(z.uuid()).max(20).default([]),
    expiresInDays: daysInput.default(invitationDays.standard),
  }),
  run: async ({ caller, organization, prisma }, { emails, roleIds, groupIds, expiresInDays }) => {
    const organizationId = organization.id
    const given = await chooseGiven(prisma, { caller, organizationId }, { roleIds, groupIds })
    const key = `invitations of ${organizationId}`
    // Two people who invite the same address at once would not see each other's invitation; they queue instead.
    await prisma.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(${key}, 0))`
    const judged = await judge(prisma, { emails, organizationId, at: caller.at })
    if (!judged.some(({ outcome }) => outcome === "invited")) throw nobodyInvited(emails, judged)
    const results: InviteResult[] = []
    for (const each of judged) {
      if (each.outcome !== "invited") results.push(each)
      else {
        await countSent(caller, organizationId)
        const id = uuidv7(caller.at.getTime(), randomBytes(10))
        await prisma.invitation.create({
          data: { id, organizationId, email: each.email, ...(await placeholder(caller, expiresInDays)) },
        })
        await prisma.invitationRole.createMany({
          data: given.roles.map(role => ({ organizationId, invitationId: id, roleId: role.id })),
        })
        await prisma.invitationGroup.createMany({
          data: given.groups.map(group => ({ organizationId, invitationId: id, groupId: group.id })),
        })
        await sendLink(prisma, caller, {
          ...{ id, email: each.email, organizationName: organization.name, expiresInDays },
          roleNames: given.roles.map(role => role.name),
        })
        results.push({ ...each, invitationId: id })
      }
    }
    return { results, given }
  },
  about: ({ expiresInDays }, { results, given }) => {
    const invited = results.filter(({ outcome }) => outcome === "invited")
    return {
      targets: invited.map(({ email, invitationId }) => ({
        ...{ type: "invitation", id: invitationId ?? email, name: email },
      })),
      description:
        invited.length === 1 ? `${invited[0]?.email} was invited.` : `${invited.length} people were invited.`,
      changes: [
        { path: "/roles", before: null, after: given.roles.map(role => role.name) },
        { path: "/groups", before: null, after: given.groups.map(group => group.name) },
      ],
      metadata: { expiresInDays },
    }
  },
})

/** Sends an open or expired invitation again, with a new link and a new end. The link sent before is worthless. */
export const resendInvitation = operation({
  name: "organization_member_invitation.resend",
  summary: "Sends an invitation again, with a new link.",
  permission: "MEMBER-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    id: z.uuid("Give the id of an invitation, as the list shows it."),
    expiresInDays: daysInput.default(invitationDays.standard),
  }),
  run: async ({ caller, organization, prisma }, { id, expiresInDays }) => {
    const organizationId = organization.id
    const invitation = await prisma.invitation.findFirst({
      where: { id, organizationId },
      include: { roles: true, groups: true },
    })
    if (!invitation) throw new AppError("not-found", "There is no such invitation.")
    const { email } = invitation
    // Who sends it hands out what it gives, so it is judged as if it were made now.
    const given = await chooseGiven(
      prisma,
      { caller, organizationId },
      {
        roleIds: invitation.roles.map(({ roleId }) => roleId),
        groupIds: invitation.groups.map(({ groupId }) => groupId),
      },
    )
    await countSent(caller, organizationId)
    const expiresAt = await sendLink(prisma, caller, {
      ...{ id, email, organizationName: organization.name, expiresInDays },
      roleNames: given.roles.map(role => role.name),
    })
    return { id, email, before: invitation.expiresAt.toISOString(), expiresAt: expiresAt.toISOString() }
  },
  about: (_, { id, email, before, expiresAt }) => ({
    targets: [{ type: "invitation", id, name: email }],
    description: `The invitation of ${email} was sent again.`,
    changes: [{ path: "/expiresAt", before, after: expiresAt }],
  }),
})

// A row needs a hash from its beginning; the one of the link takes its place before anybody can see the row.
async function placeholder({ principal, at }: Caller, expiresInDays: number) {
  return {
    tokenHash: makeInvitationToken(randomBytes).tokenHash,
    createdById: principal.kind === "person" ? principal.personId : null,
    createdAt: at,
    expiresAt: new Date(at.getTime() + expiresInDays * dayMs),
  }
}

interface Letter {
  readonly id: string
  readonly email: string
  readonly organizationName: string
  readonly expiresInDays: number
  readonly roleNames: readonly string[]
}

async function sendLink(
  prisma: PrismaTransaction,
  { principal, at }: Caller,
  { id, email, organizationName, expiresInDays, roleNames }: Letter,
): Promise<Date> {
  const { token, tokenHash } = makeInvitationToken(randomBytes)
  const expiresAt = new Date(at.getTime() + expiresInDays * dayMs)
  const message = invitationMail({
    ...{ organizationName, expiresAt, roleNames, email },
    inviterName: principal.kind === "person" ? principal.name : null,
    url: new URL(`/invitations/${token}`, platform().env.baseUrl).href,
  })
  const { mailId } = await enqueueMail(prisma, { purpose: "invitation", recipient: email, message, at })
  const { count } = await prisma.invitation.updateMany({
    where: { id, acceptedAt: null, declinedAt: null, revokedAt: null },
    data: { tokenHash, expiresAt, mailId },
  })
  if (count === 0) throw new AppError("conflict", `The invitation of ${email} has ended already.`)
  return expiresAt
}

async function judge(
  prisma: PrismaTransaction,
  {
    emails,
    organizationId,
    at,
  }: { readonly emails: readonly string[]; readonly organizationId: string; readonly at: Date },
): Promise<readonly InviteResult[]> {
  const asked = [...new Set(emails.map(email => email.trim().toLowerCase()))]
  const members = await prisma.membership.findMany({
    where: { organizationId, person: { email: { in: asked } } },
    select: { person: { select: { email: true } } },
  })
  const open = await prisma.invitation.findMany({
    where: { organizationId, email: { in: asked }, ...openInvitations(at) },
    select: { id: true, email: true },
  })
  return asked.map(email => {
    if (!emailInput.safeParse(email).success) return { email, outcome: "not-an-address", invitationId: null }
    if (members.some(({ person }) => person.email === email))
      return { email, outcome: "member", invitationId: null }
    const known = open.find(invitation => invitation.email === email)
    return { email, outcome: known ? "open" : "invited", invitationId: known?.id ?? null }
  })
}

function nobodyInvited(emails: readonly string[], judged: readonly InviteResult[]): AppError {
  const faults = emails.flatMap((typed, position) => {
    const result = judged.find(({ email }) => email === typed.trim().toLowerCase())
    if (!result || result.outcome === "invited") return []
    return [{ pointer: `/emails/${position}`, message: `${typed.trim()} ${words[result.outcome]}.` }]
  })
  return new AppError("invalid", "Nobody was invited.", { faults })
}

// Counted outside the transaction: what is refused must not give the count back.
async function countSent({ at }: Caller, organizationId: string): Promise<void> {
  const counted = await countAttempt(platform().database.prisma, sentInvitations, {
    subject: organizationId,
    at,
  })
  if (counted.allowed) return
  const { retryAfterSeconds } = counted
  throw new AppError("rate-limited", tooManyWords(retryAfterSeconds), { retryAfterSeconds })
}
