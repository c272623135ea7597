import { openInvitations } from "@/lib/access/invitations"
import type { PrismaTransaction } from "@/lib/db"
import { AppError } from "@/lib/errors"
import { emailInput } from "@/lib/operations/sign-in/accounts"

/** What became of one address. */
export type InviteOutcome = "invited" | "member" | "suspended" | "open" | "not-an-address"

/** One address of several, with its own answer. */
export interface InviteResult {
  /** As it was understood: in lower case. */
  readonly email: string
  readonly outcome: InviteOutcome
  /** The open invitation: the new one, or the one that can be sent again; null for the others. */
  readonly invitationId: string | null
}

/** Which addresses, where and when. */
export interface Asked {
  readonly emails: readonly string[]
  readonly organizationId: string
  readonly at: Date
}

const words: Readonly<Record<Exclude<InviteOutcome, "invited">, string>> = {
  member: "is a member already",
  suspended: "is a suspended member: reactivate them in place of an invitation",
  open: "has an open invitation already: send that one again",
  "not-an-address": "is not an e-mail address",
}

/** Promise: each address once, in its order, with what will become of it; `invited` for those that can be. */
export async function judgeAddresses(
  prisma: PrismaTransaction,
  { emails, organizationId, at }: Asked,
): Promise<readonly InviteResult[]> {
  const asked = [...new Set(emails.map(understood))]
  // Only these are looked up: what is no address may hold what no column can.
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

/** Promise: the refusal when nobody at all can be invited, with the words for each address beside it. */
export function nobodyInvited(emails: readonly string[], judged: readonly InviteResult[]): AppError {
  const faults = emails.flatMap((typed, position) => {
    const result = judged.find(({ email }) => email === understood(typed))
    const said = result && wordsOf(result)
    return said ? [{ pointer: `/emails/${position}`, message: said }] : []
  })
  return new AppError("invalid", "Nobody was invited.", { faults })
}

/** Promise: why that address cannot be invited, in a sentence; null when it can. */
export function wordsOf({ email, outcome }: Pick<InviteResult, "email" | "outcome">): string | null {
  return outcome === "invited" ? null : `${email} ${words[outcome]}.`
}

function understood(email: string): string {
  return email.trim().toLowerCase()
}
