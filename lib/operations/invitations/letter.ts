import { randomBytes } from "node:crypto"
import { makeInvitationToken, sentInvitations } from "@/lib/access/invitations"
import { countAttempt } from "@/lib/access/sign-in/attempts"
import { AppError } from "@/lib/errors"
import { invitationMail } from "@/lib/mail/messages/invitation"
import { enqueueMail } from "@/lib/mail/queue"
import type { WriteContext } from "@/lib/operations/core/operation"
import { tooManyWords } from "@/lib/operations/sign-in/sign-in"
import type { Chosen } from "./chosen-access"

/** The mail of one invitation. */
export interface Letter {
  readonly email: string
  readonly expiresAt: Date
  readonly given: Pick<Chosen, "roles" | "apps">
}

/** What an invitation stores about its mail. */
export interface Written {
  readonly tokenHash: Uint8Array<ArrayBuffer>
  readonly expiresAt: Date
  readonly mailId: string
}

/**
 * Writes the mail with a new link, to be sent after the transaction commits. Returns what the invitation stores about
 * it, never the link. Throws AppError `rate-limited` when the organization has sent too many within the hour; a
 * rolled back mail is not sent and does not count.
 */
export async function writeLetter(
  { prisma, caller: { principal, at }, organization, env }: WriteContext,
  { email, expiresAt, given }: Letter,
): Promise<Written> {
  // Within the transaction: nothing is sent unless it commits, and the lock on the invitations makes concurrent calls
  // count one after the other.
  const counted = await countAttempt(prisma, sentInvitations, { subject: organization.id, at })
  if (!counted.allowed) {
    const { retryAfterSeconds } = counted
    throw new AppError("rate-limited", tooManyWords(retryAfterSeconds), { retryAfterSeconds })
  }
  const { token, tokenHash } = makeInvitationToken(randomBytes)
  const message = invitationMail({
    ...{ organizationName: organization.name, expiresAt, email },
    roleNames: given.roles.map(role => role.name),
    appNames: given.apps.map(app => app.name),
    inviterName: principal.kind === "person" ? principal.name : null,
    url: new URL(`/invitations/${token}`, env.baseUrl).href,
  })
  const { mailId } = await enqueueMail(prisma, { purpose: "invitation", recipient: email, message, at })
  return { tokenHash, expiresAt, mailId }
}
