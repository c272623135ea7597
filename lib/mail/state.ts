/** The columns of a mail that determine its state. */
export interface MailProgress {
  readonly createdAt: Date
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly sentAt: Date | null
  readonly failedAt: Date | null
  readonly lastError: string | null
}

/** The state of a mail, for readers. `at` is when it was reached, or, while it is retried, when the next attempt is due. */
export interface MailState {
  readonly state: "queued" | "sent" | "retrying" | "failed"
  readonly at: Date
  /** In words, without secrets: why it has not been sent yet, or never will be. */
  readonly reason?: string
}

/** The reason stored with mails that wait because no server is configured. */
export const noServerReason = "No SMTP server is configured (SMTP_URL). The mail waits."

/** Returns the state of the mail; never its content. */
export function mailState(mail: MailProgress): MailState {
  const reason = mail.lastError === null ? {} : { reason: mail.lastError }
  if (mail.sentAt !== null) return { state: "sent", at: mail.sentAt }
  if (mail.failedAt !== null) return { state: "failed", at: mail.failedAt, ...reason }
  if (mail.attempts > 0 && mail.lastError !== null && mail.lastError !== noServerReason)
    return { state: "retrying", at: mail.nextAttemptAt, ...reason }
  return { state: "queued", at: mail.createdAt, ...reason }
}
