/** The columns of a mail that say how far it is. */
export interface MailProgress {
  readonly createdAt: Date
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly sentAt: Date | null
  readonly failedAt: Date | null
  readonly lastError: string | null
}

/** How far a mail is, for people. `at` is when that came about, or, while it is retried, when the next attempt is due. */
export interface MailState {
  readonly state: "queued" | "sent" | "retrying" | "failed"
  readonly at: Date
  /** In words, without anything secret: why it has not left yet, or never will. */
  readonly reason?: string
}

/** What is written to mails that wait although nothing has failed: there is nowhere to send them. */
export const noServerReason = "No SMTP server is configured (SMTP_URL). The mail waits."

/** Promise: the state of the mail; never its content. */
export function mailState(mail: MailProgress): MailState {
  const reason = mail.lastError === null ? {} : { reason: mail.lastError }
  if (mail.sentAt !== null) return { state: "sent", at: mail.sentAt }
  if (mail.failedAt !== null) return { state: "failed", at: mail.failedAt, ...reason }
  if (mail.attempts > 0 && mail.lastError !== null && mail.lastError !== noServerReason)
    return { state: "retrying", at: mail.nextAttemptAt, ...reason }
  return { state: "queued", at: mail.createdAt, ...reason }
}
