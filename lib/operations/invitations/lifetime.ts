import { invitationDays } from "@/lib/access/invitations"

const dayMs = 24 * 60 * 60 * 1000

/** Returns when a link that is sent at that time and works for this many days expires. */
export function endOf(at: Date, days: number): Date {
  return new Date(at.getTime() + days * dayMs)
}

interface Lifetime {
  readonly expiresAt: Date
  /** The newest mail, written at the time from which the days are counted. */
  readonly mail: { readonly createdAt: Date } | null
}

/** Returns the number of days chosen when an invitation was last sent, so that sending it again can keep it. */
export function daysOf({ expiresAt, mail }: Lifetime): number {
  if (mail === null) return invitationDays.standard
  const days = Math.round((expiresAt.getTime() - mail.createdAt.getTime()) / dayMs)
  return Math.min(Math.max(days, invitationDays.least), invitationDays.most)
}
