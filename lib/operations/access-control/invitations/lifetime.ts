import { invitationDays } from "@/lib/access/invitations"

const dayMs = 24 * 60 * 60 * 1000

/** Returns when a link ends that is sent at that time and works for so many days. */
export function endOf(at: Date, days: number): Date {
  return new Date(at.getTime() + days * dayMs)
}

interface Lifetime {
  readonly expiresAt: Date
  /** The newest mail, which was written in the moment from which its days are counted. */
  readonly mail: { readonly createdAt: Date } | null
}

/** Returns for how many days an invitation was last sent: what was chosen then, so that sending it again can keep it. */
export function daysOf({ expiresAt, mail }: Lifetime): number {
  if (mail === null) return invitationDays.standard
  const days = Math.round((expiresAt.getTime() - mail.createdAt.getTime()) / dayMs)
  return Math.min(Math.max(days, invitationDays.least), invitationDays.most)
}
