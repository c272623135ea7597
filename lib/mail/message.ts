/** The purpose of a mail, as a word that is stored with it. */
export const MAIL_PURPOSES = [
  "invitation",
  "sign-in-link",
  "password-reset",
  "password-changed",
  "sink-trouble",
  "capture-loss",
] as const
export type MailPurpose = (typeof MAIL_PURPOSES)[number]

/** The content of a mail: the same words as text and as HTML. */
export interface MailMessage {
  /** One line. */
  readonly subject: string
  readonly text: string
  readonly html: string
}
