import type { Database } from "@/lib/db"

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

/** Claims up to `most` mails that are due, oldest first; no other worker gets them within the lease. Returns them. */
export function claimMails(database: Database, at: Date, most: number): Promise<readonly ClaimedMail[]> {
  return database.withOrganizationPrisma(null, async ({ prisma, tx }) => {
    const due = await tx.query<{ id: string }>(
      `SELECT id::text FROM mail_message
       WHERE sealed_content IS NOT NULL AND next_attempt_at <= $1::timestamptz
       ORDER BY next_attempt_at, id LIMIT $2::int FOR UPDATE SKIP LOCKED`,
      [at.toISOString(), most],
    )
    if (due.length === 0) return []
    const ids = due.map(({ id }) => id)
    const nextAttemptAt = new Date(at.getTime() + leaseMs)
    const claimed = await prisma.mailMessage.updateManyAndReturn({
      where: { id: { in: ids } },
      data: { attempts: { increment: 1 }, nextAttemptAt },
    })
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
export async function settleMail(
  database: Database,
  { id, attempts }: Pick<ClaimedMail, "id" | "attempts">,
  end: AttemptEnd,
): Promise<{ readonly settled: boolean }> {
  const final = "nextAttemptAt" in end ? {} : { sealedContent: null }
  const cleared = "sentAt" in end ? { lastError: null } : {}
  const { count } = await database.prisma.mailMessage.updateMany({
    where: { id, attempts, sentAt: null, failedAt: null },
    data: { ...end, ...final, ...cleared },
  })
  return { settled: count === 1 }
}
