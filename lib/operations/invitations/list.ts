import { z } from "zod"
import { type MailProgress, type MailState, mailState } from "@/lib/mail/state"
import { operation } from "@/lib/operations/core/operation"
import { daysOf } from "./lifetime"

/** The state of an invitation. */
export type InvitationState = "open" | "accepted" | "declined" | "revoked" | "expired"

/** An invitation as its list shows it. */
export interface InvitationSummary {
  readonly id: string
  readonly email: string
  readonly state: InvitationState
  /** Null when a command created it. */
  readonly invitedBy: string | null
  readonly createdAt: string
  readonly expiresAt: string
  /** The number of days for which its link works, counted from when it was last sent. */
  readonly expiresInDays: number
  /** When it was accepted, declined or revoked; null while it is open and when it expired. */
  readonly endedAt: string | null
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  /** The apps in which the role is given; none = every app. */
  readonly apps: readonly string[]
  /** The state of the newest mail; null when there was none. */
  readonly mail: {
    readonly state: MailState["state"]
    readonly at: string
    readonly reason: string | null
  } | null
}

interface Ends {
  readonly acceptedAt: Date | null
  readonly declinedAt: Date | null
  readonly revokedAt: Date | null
  readonly expiresAt: Date
}

/** Lists the invitations of the organization: open ones first, then the others, newest first; at most 1,000. */
export const listInvitations = operation({
  name: "organization_member_invitation.list",
  summary: "Lists invitations: the open ones first, then those that have ended.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ caller, organization, read }): Promise<readonly InvitationSummary[]> =>
    read(async ({ prisma }) => {
      const invitations = await prisma.invitation.findMany({
        where: { organizationId: organization.id },
        include: {
          createdBy: { select: { name: true } },
          roles: { select: { role: { select: { name: true } } } },
          groups: { select: { group: { select: { name: true } } } },
          apps: { select: { app: { select: { name: true } } } },
          mail: { select: mailProgress },
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: 1_000,
      })
      const summaries = invitations.map(invitation => ({
        id: invitation.id,
        email: invitation.email,
        state: stateOf(invitation, caller.at),
        invitedBy: invitation.createdBy?.name ?? null,
        createdAt: invitation.createdAt.toISOString(),
        expiresAt: invitation.expiresAt.toISOString(),
        expiresInDays: daysOf(invitation),
        endedAt: endOf(invitation)?.toISOString() ?? null,
        roles: invitation.roles.map(({ role }) => role.name).sort(),
        groups: invitation.groups.map(({ group }) => group.name).sort(),
        apps: invitation.apps.map(({ app }) => app.name).sort(),
        mail: invitation.mail && mailOf(invitation.mail),
      }))
      const isOpen = ({ state }: InvitationSummary) => state === "open"
      return [...summaries.filter(isOpen), ...summaries.filter(summary => !isOpen(summary))]
    }),
})

// Without the content: it holds the link.
const mailProgress = {
  createdAt: true,
  attempts: true,
  nextAttemptAt: true,
  sentAt: true,
  failedAt: true,
  lastError: true,
} as const

function mailOf(progress: MailProgress) {
  const { state, at, reason = null } = mailState(progress)
  return { state, at: at.toISOString(), reason }
}

function stateOf(ends: Ends, at: Date): InvitationState {
  if (ends.acceptedAt) return "accepted"
  if (ends.declinedAt) return "declined"
  if (ends.revokedAt) return "revoked"
  return ends.expiresAt <= at ? "expired" : "open"
}

function endOf({ acceptedAt, declinedAt, revokedAt }: Ends): Date | null {
  return acceptedAt ?? declinedAt ?? revokedAt
}
