import { openInvitations } from "@/lib/access/invitations"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"
import { emailInput } from "@/lib/operations/sign-in/credentials"

/** The result for one email. */
export type InviteOutcome = "invited" | "member" | "suspended" | "open" | "not-an-address"

/** One of several emails, with its own result. */
export interface InviteResult {
  /** In lower case. */
  readonly email: string
  readonly outcome: InviteOutcome
  /** The open invitation: the new one, or the one that can be sent again; null otherwise. */
  readonly invitationId: string | null
}

const words: Readonly<Record<Exclude<InviteOutcome, "invited">, string>> = {
  member: "is a member already",
  suspended: "is a suspended member: reactivate them in place of an invitation",
  open: "has an open invitation already: send that one again",
  "not-an-address": "is not an e-mail address",
}

/** Returns each email once, in the order sent, with its outcome; `invited` when it can be invited. */
export async function judgeAddresses(
  { prisma, caller: { at }, organization }: Work,
  emails: readonly string[],
): Promise<readonly InviteResult[]> {
  const organizationId = organization.id
  const asked = [...new Set(emails.map(understood))]
  // Only valid emails are looked up: other text may hold characters that no column accepts.
  const addresses = asked.filter(email => emailInput.safeParse(email).success)
  const members = await prisma.membership.findMany({
    where: { organizationId, person: { email: { in: addresses } } },
    select: { status: true, person: { select: { email: true } } },
  })
  const open = await prisma.invitation.findMany({
    where: { organizationId, email: { in: addresses }, ...openInvitations(at) },
    select: { id: true, email: true },
  })
  return asked.map(email => {
    const member = members.find(({ person }) => person.email === email)
    const known = open.find(invitation => invitation.email === email)
    const ended = (outcome: InviteOutcome) => ({ email, outcome, invitationId: null })
    if (!addresses.includes(email)) return ended("not-an-address")
    if (member) return ended(member.status === "suspended" ? "suspended" : "member")
    return known ? { email, outcome: "open", invitationId: known.id } : ended("invited")
  })
}

/** Returns the error for a call in which no email can be invited, with a fault for each of them. */
export function nobodyInvited(emails: readonly string[], judged: readonly InviteResult[]): AppError {
  const faults = emails.flatMap((typed, position) => {
    const result = judged.find(({ email }) => email === understood(typed))
    const said = result && wordsOf(result)
    return said ? [{ pointer: `/emails/${position}`, message: said }] : []
  })
  return new AppError("invalid", "Nobody was invited.", { faults })
}

/** Returns the sentence that says why that email cannot be invited; null when it can. */
export function wordsOf({ email, outcome }: Pick<InviteResult, "email" | "outcome">): string | null {
  return outcome === "invited" ? null : `${email} ${words[outcome]}.`
}

function understood(email: string): string {
  return email.trim().toLowerCase()
}
