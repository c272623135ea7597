import type { PrismaTransaction } from "@/lib/database/database"
import type { AttemptLimit } from "./sign-in/attempts"
import { hashToken, isToken, makeToken, type Random } from "./tokens"

/** For how many days an invitation can be open. */
export const invitationDays = { least: 1, most: 7, standard: 7 } as const

/** Uses of links without an open invitation, per ip. */
export const badInvitations: AttemptLimit = { kind: "invitation-address", most: 20, spanSeconds: 15 * 60 }

/** Invitations sent, also repeatedly, per organization. */
export const sentInvitations: AttemptLimit = {
  kind: "invitation-organization",
  most: 200,
  spanSeconds: 60 * 60,
}

/** An invitation that can still be answered. */
export interface OpenInvitation {
  readonly id: string
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  /** In lower case: only a person with this email can accept. */
  readonly email: string
  /** Who sent it last; null when a command did, or when the person was deleted. */
  readonly inviter: { readonly id: string; readonly name: string } | null
  readonly expiresAt: Date
}

/** How an invitation ends before it expires. */
export type InvitationEnd =
  | { readonly acceptedAt: Date; readonly acceptedById: string }
  | { readonly declinedAt: Date }
  | { readonly revokedAt: Date }

/** Returns a new token of 256 random bits, for the mail only, and the hash that is stored. */
export function makeInvitationToken(random: Random): {
  readonly token: string
  readonly tokenHash: Uint8Array<ArrayBuffer>
} {
  const token = makeToken(random)
  return { token, tokenHash: hashToken(token) }
}

/** Returns the Prisma condition for invitations that can still be answered. */
export function openInvitations(at: Date) {
  return { acceptedAt: null, declinedAt: null, revokedAt: null, expiresAt: { gt: at } }
}

/**
 * Returns the open invitation with that token; null for a token that is unknown or replaced, and for an invitation that was
 * answered, revoked or has expired.
 */
export async function findOpenInvitation(
  prisma: PrismaTransaction,
  token: string,
  at: Date,
): Promise<OpenInvitation | null> {
  if (!isToken(token)) return null
  const found = await prisma.invitation.findFirst({
    where: { tokenHash: hashToken(token), ...openInvitations(at) },
    select: {
      id: true,
      email: true,
      expiresAt: true,
      organization: { select: { id: true, slug: true, name: true } },
      createdBy: { select: { id: true, name: true } },
    },
  })
  if (!found) return null
  const { createdBy, ...invitation } = found
  return { ...invitation, inviter: createdBy }
}

/**
 * Ends an open invitation. Returns true for exactly one of several concurrent callers, and false when it has already ended;
 * when the transaction is rolled back, the invitation stays open. With a token it must also be that of the newest link.
 */
export async function endInvitation(
  prisma: PrismaTransaction,
  invitation: {
    readonly id: string
    readonly organizationId: string
    readonly token?: string
    readonly at: Date
  },
  end: InvitationEnd,
): Promise<boolean> {
  const { id, organizationId, token, at } = invitation
  const { count } = await prisma.invitation.updateMany({
    where: {
      id,
      organizationId,
      ...openInvitations(at),
      ...(token !== undefined && { tokenHash: hashToken(token) }),
    },
    data: end,
  })
  return count === 1
}

/**
 * Revokes the open invitations by which a leaving member could come back, or bring others: those to their email and those
 * that they sent. Returns the emails, sorted.
 */
export async function revokeInvitationsOf(
  prisma: PrismaTransaction,
  {
    organizationId,
    personId,
    at,
  }: { readonly organizationId: string; readonly personId: string; readonly at: Date },
): Promise<readonly string[]> {
  const person = await prisma.person.findUnique({ where: { id: personId }, select: { email: true } })
  const address = person === null ? [] : [{ email: person.email.toLowerCase() }]
  const open = await prisma.invitation.updateManyAndReturn({
    where: {
      organizationId,
      AND: [openInvitations(at), { OR: [...address, { createdById: personId }] }],
    },
    data: { revokedAt: at },
    select: { email: true },
  })
  return open.map(({ email }) => email).sort()
}
