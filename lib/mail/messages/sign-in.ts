import type { MailMessage } from "@/lib/mail/message"
import { setLetter } from "./letter"
import { momentInMail, nameInMail } from "./names"

/** A mail with a one-time link. */
export interface LinkMail {
  /** The name of the person, as they or somebody else typed it. */
  readonly name: string
  readonly url: string
  readonly expiresAt: Date
}

/** Returns the mail with a link that signs in. */
export function signInLinkMail({ name, url, expiresAt }: LinkMail): MailMessage {
  return setLetter({
    subject: "Your sign-in link for Auditorium",
    heading: "Sign in to Auditorium",
    paragraphs: [
      greeting(name),
      "Somebody asked to sign in with your e-mail address. If it was you, go on here.",
    ],
    button: { label: "Sign in", url },
    notes: [
      `The link works once, until ${momentInMail(expiresAt)}. Do not pass it on: whoever opens it is signed in as you.`,
      "If it was not you, ignore this mail: without the link nobody gets in.",
    ],
  })
}

/** Returns the mail with a link to choose a new password. */
export function passwordResetMail({ name, url, expiresAt }: LinkMail): MailMessage {
  return setLetter({
    subject: "Choose a new password for Auditorium",
    heading: "Choose a new password",
    paragraphs: [
      greeting(name),
      "Somebody asked for a new password for your account. If it was you, choose one here.",
    ],
    button: { label: "Choose a new password", url },
    notes: [
      `The link works once, until ${momentInMail(expiresAt)}. Do not pass it on.`,
      "If it was not you, ignore this mail: your password stays as it is.",
    ],
  })
}

/**
 * Returns the notice that the password of the account was changed. It contains no link, so that readers do not get used to
 * one.
 */
export function passwordChangedMail({ name, at }: { readonly name: string; readonly at: Date }): MailMessage {
  return setLetter({
    subject: "Your Auditorium password was changed",
    heading: "Your password was changed",
    paragraphs: [
      greeting(name),
      `The password of your account was changed on ${momentInMail(at)}. If that was you, there is nothing to do.`,
    ],
    notes: [
      "If it was not you, tell an administrator of your organization at once, and ask for a new password on the sign-in page.",
    ],
  })
}

function greeting(name: string): string {
  const shown = nameInMail(name)
  return shown === "" ? "Hello," : `Hello ${shown},`
}
