import type { Database } from "@/lib/database/database"
import { claimDue, type Queue, settleClaim } from "@/lib/delivery/claims"

/** A mail that only this worker may send until `leaseMs` have passed. */
export interface ClaimedMail {
  readonly id: string
  readonly purpose: string
  readonly recipient: string
  readonly subject: string
  readonly sealedContent: Uint8Array
  readonly createdAt: Date
  /** Includes this one; also distinguishes this claim from a later one. */
  readonly attempts: number
}

/** Longer than any attempt may take: a mail whose worker was killed is due again after it. */
export const leaseMs = 5 * 60_000

const mails: Queue = {
  table: "mail_message",
  open: "sent_at IS NULL AND failed_at IS NULL AND sealed_content IS NOT NULL",
  due: "next_attempt_at",
  claims: "attempts",
}

/** Claims up to `most` mails that are due, oldest first; no other worker gets them within the lease. Returns them. */
export function claimMails(database: Database, at: Date, most: number): Promise<readonly ClaimedMail[]> {
  return database.withOrganizationPrisma(null, async ({ prisma, tx }) => {
    const claims = await claimDue(tx, mails, { at, most, leaseMs })
    if (claims.length === 0) return []
    const claimed = await prisma.mailMessage.findMany({ where: { id: { in: claims.map(({ id }) => id) } } })
    return claimed.flatMap(({ sealedContent, ...mail }) =>
      sealedContent ? [{ ...mail, sealedContent }] : [],
    )
  })
}

/** The result of an attempt. */
export type AttemptEnd =
  | { readonly sentAt: Date }
  | { readonly failedAt: Date; readonly lastError: string }
  | { readonly nextAttemptAt: Date; readonly lastError: string }

/**
 * Stores the result of an attempt, unless the claim has expired and another worker has the mail. A final result deletes the
 * content.
 */
export function settleMail(
  database: Database,
  { id, attempts }: Pick<ClaimedMail, "id" | "attempts">,
  end: AttemptEnd,
): Promise<{ readonly settled: boolean }> {
  return settleClaim(database, mails, { id, claims: attempts }, columnsOf(end))
}

function columnsOf(end: AttemptEnd): Record<string, string | null> {
  if ("sentAt" in end) return { sent_at: end.sentAt.toISOString(), sealed_content: null, last_error: null }
  if ("failedAt" in end)
    return { failed_at: end.failedAt.toISOString(), sealed_content: null, last_error: end.lastError }
  return { next_attempt_at: end.nextAttemptAt.toISOString(), last_error: end.lastError }
}
