import type { MailMessage } from "@/lib/mail/message"
import { setLetter } from "./letter"
import { listed, momentInMail, nameInMail } from "./names"

/** The content of an invitation. Names may be anything that somebody typed. */
export interface InvitationMail {
  readonly organizationName: string
  /** Null when a command invited. */
  readonly inviterName: string | null
  readonly url: string
  readonly expiresAt: Date
  readonly roleNames: readonly string[]
  /** The apps in which the roles are given; none = every app. */
  readonly appNames: readonly string[]
  /** The invited email; no other can accept. */
  readonly email: string
}

const mostNames = 10

/** Returns the mail that invites somebody to become a member. */
export function invitationMail(invitation: InvitationMail): MailMessage {
  const organization = nameInMail(invitation.organizationName)
  const inviter = invitation.inviterName === null ? null : nameInMail(invitation.inviterName)
  return setLetter({
    subject: inviter
      ? `${inviter} invites you to ${organization} on Auditorium`
      : `You are invited to ${organization} on Auditorium`,
    heading: `Join ${organization}`,
    paragraphs: [
      inviter
        ? `${inviter} invites you to become a member of ${organization} on Auditorium, where its audit logs are kept.`
        : `You are invited to become a member of ${organization} on Auditorium, where its audit logs are kept.`,
      ...rolesSentence(invitation),
    ],
    button: { label: "See the invitation", url: invitation.url },
    notes: [
      `The invitation is for ${invitation.email} and can be accepted until ${momentInMail(invitation.expiresAt)}.`,
      "You can accept or decline it there. If you did not expect it, ignore this mail: nothing happens.",
    ],
  })
}

function rolesSentence({ roleNames, appNames }: InvitationMail): readonly string[] {
  if (roleNames.length === 0) return []
  const inApps =
    appNames.length === 0 ? "" : `, in the ${appNames.length === 1 ? "app" : "apps"} ${firstOf(appNames)}`
  return [`Your ${roleNames.length === 1 ? "role" : "roles"} there: ${firstOf(roleNames)}${inApps}.`]
}

function firstOf(all: readonly string[]): string {
  const names = all.slice(0, mostNames).map(nameInMail)
  const more = all.length - names.length
  return listed(more > 0 ? [...names, `${more} more`] : names)
}
