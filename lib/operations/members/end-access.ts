import type { Principal } from "@/lib/access/principal"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import type { Work } from "@/lib/operations/core/operation"
import { isSelf, type Member } from "./member"

/** An API key that a member created and that keeps working without them. */
export interface StayingKey {
  readonly id: string
  readonly name: string
  readonly appName: string
}

const mostNamed = 50
const mostNamedAddresses = 5

/** Returns the ids of the other organizations in which the person is an active member. */
export async function activeElsewhere(
  { prisma, organization }: Work,
  personId: string,
): Promise<readonly string[]> {
  const memberships = await prisma.membership.findMany({
    where: { personId, status: "active", organizationId: { not: organization.id } },
    select: { organizationId: true },
  })
  return memberships.map(membership => membership.organizationId)
}

/**
 * Ends all sessions of a person whom the organization no longer admits, unless they are an active member of another
 * one: there their sessions stay valid, and this organization refuses them. Returns the number of sessions that
 * ended.
 */
export async function endSessionsOfNobodysMember(work: Work, personId: string): Promise<number> {
  const elsewhere = await activeElsewhere(work, personId)
  return elsewhere.length > 0 ? 0 : revokeSessionsOf(work.prisma, personId, { at: work.caller.at })
}

/**
 * Returns the sentence that says why the caller may not see or end the sessions of a member; null when they may. A
 * session is valid in every organization of its person, so a single one of several does not decide about it. A
 * command may always.
 */
export function sessionsRefusal(
  principal: Principal,
  member: Pick<Member, "personId" | "name">,
  elsewhere: readonly string[],
): string | null {
  if (elsewhere.length === 0 || principal.kind === "job") return null
  if (isSelf(principal, member)) {
    return "You also belong to another organization, so your sessions are seen and ended on your Account page only."
  }
  return `${member.name} also belongs to another organization, so their sessions are theirs to see and end. Suspending them here takes effect at their next request.`
}

/** Returns the active keys that the person created in the organization, sorted by name. */
export async function keysMadeBy(
  { prisma, caller, organization }: Work,
  personId: string,
): Promise<readonly StayingKey[]> {
  const keys = await prisma.apiKey.findMany({
    where: {
      organizationId: organization.id,
      createdById: personId,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: caller.at } }],
    },
    select: { id: true, name: true, app: { select: { name: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  })
  return keys.map(({ id, name, app }) => ({ id, name, appName: app.name }))
}

/** Returns sentences for the event about the keys that stay: each by name, up to a limit, then the number of others. */
export function keysSentences(keys: readonly StayingKey[]): readonly string[] {
  const named = keys
    .slice(0, mostNamed)
    .map(({ name, appName }) => `The API key ${name} of the app ${appName}, which they made, stays.`)
  const more = keys.length - named.length
  return more > 0 ? [...named, `${more} more API keys that they made stay.`] : named
}

/** Returns the sentence for the event about revoked invitations; an empty array when there were none. */
export function invitationsSentence(emails: readonly string[]): readonly string[] {
  if (emails.length === 0) return []
  const named = emails.slice(0, mostNamedAddresses)
  const more = emails.length - named.length
  return [`Open invitations were revoked: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`]
}
