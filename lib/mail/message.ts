/** What a mail is for, as one word that is kept with it. */
export const MAIL_PURPOSES = ["invitation", "sign-in-link", "password-reset", "password-changed"] as const
export type MailPurpose = (typeof MAIL_PURPOSES)[number]

/** What somebody reads: the same words twice, as text and as HTML. */
export interface MailMessage {
  /** One line. */
  readonly subject: string
  readonly text: string
  readonly html: string
}
