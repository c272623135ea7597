import type { AppChoice as InviteApp } from "@/lib/operations/invitations/app-choices"
import type { InvitationSummary as InvitationRow } from "@/lib/operations/invitations/list"

export type { InvitationRow, InviteApp }

/** A role or a group that an invitation can give. */
export interface InviteChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Why the person cannot give it; null when they can. */
  readonly refusal: string | null
}

/** Returns the roles as they can be given in the chosen apps, on which their refusals depend; none = every app. */
export function rolesIn(roles: readonly InviteChoice[], apps: readonly InviteApp[]): readonly InviteChoice[] {
  if (apps.length === 0) return roles
  const refusals = apps.flatMap(app => app.refusals)
  return roles.map(role => ({
    ...role,
    refusal: refusals.find(({ roleId }) => roleId === role.id)?.reason ?? null,
  }))
}

/** The result for one email. */
export interface InviteResult {
  readonly email: string
  readonly outcome: "invited" | "member" | "suspended" | "open" | "not-an-address"
}

/** The result for an email, as the end of a sentence about it. */
export const outcomeWords: Readonly<Record<InviteResult["outcome"], string>> = {
  invited: "The invitation is on its way.",
  member: "Is a member already. Nothing was sent.",
  suspended: "Is a suspended member. Reactivate them on the tab Members; nothing was sent.",
  open: "Has an open invitation already. Send that one again on the tab Invitations.",
  "not-an-address": "Is not an e-mail address. Nothing was sent.",
}

/** The state of the mail of an invitation. */
export interface MailRow {
  readonly state: "queued" | "sent" | "retrying" | "failed"
  readonly at: string
  readonly reason: string | null
}

/** Returns what an invitation gives, in one line: `Auditor in the app Billing; group Night shift`. */
export function givesText({ roles, groups, apps }: Pick<InvitationRow, "roles" | "groups" | "apps">): string {
  const inApps = apps.length === 0 ? "" : ` in the ${apps.length === 1 ? "app" : "apps"} ${apps.join(", ")}`
  const named =
    groups.length === 0 ? [] : [`${groups.length === 1 ? "group" : "groups"} ${groups.join(", ")}`]
  const parts = [...(roles.length === 0 ? [] : [`${roles.join(", ")}${inApps}`]), ...named]
  return parts.length === 0 ? "Membership only" : parts.join("; ")
}
