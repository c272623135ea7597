import type { Principal } from "@/lib/access/principal"
import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import type { PrismaTransaction } from "@/lib/db"
import { isSelf, type Member, type MemberKey } from "./member"

/** An API key that a member made and that goes on working without them. */
export interface StayingKey {
  readonly id: string
  readonly name: string
  readonly appName: string
}

const mostNamed = 50
const mostNamedAddresses = 5

/** Promise: the other organizations that have the person as an active member, by id. */
export async function activeElsewhere(
  prisma: PrismaTransaction,
  { organizationId, personId }: MemberKey,
): Promise<readonly string[]> {
  const memberships = await prisma.membership.findMany({
    where: { personId, status: "active", organizationId: { not: organizationId } },
    select: { organizationId: true },
  })
  return memberships.map(membership => membership.organizationId)
}

/**
 * Signs out everywhere whom the organization lets in no more, when no other has them as an active member; as long as one
 * has, their sessions go on there, and are refused here. Returns how many sessions ended.
 */
export async function endSessionsOfNobodysMember(
  prisma: PrismaTransaction,
  key: MemberKey & { readonly at: Date },
): Promise<number> {
  const elsewhere = await activeElsewhere(prisma, key)
  return elsewhere.length > 0 ? 0 : revokeSessionsOf(prisma, key.personId, { at: key.at })
}

/**
 * Promise: why the sessions of a member are not for the caller to see or end; null when they are. A session is good in
 * every organization of its person, so none of several decides about it. Whoever runs the installation speaks for all.
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

/** Promise: the keys that the person made in the organization and that work now, by name. */
export async function keysMadeBy(
  prisma: PrismaTransaction,
  { organizationId, personId, at }: MemberKey & { readonly at: Date },
): Promise<readonly StayingKey[]> {
  const keys = await prisma.apiKey.findMany({
    where: {
      organizationId,
      createdById: personId,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: at } }],
    },
    select: { id: true, name: true, app: { select: { name: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  })
  return keys.map(({ id, name, app }) => ({ id, name, appName: app.name }))
}

/** Promise: sentences for the event: which keys stay, each by name, or how many more there are. */
export function keysSentences(keys: readonly StayingKey[]): readonly string[] {
  const named = keys
    .slice(0, mostNamed)
    .map(({ name, appName }) => `The API key ${name} of the app ${appName}, which they made, stays.`)
  const more = keys.length - named.length
  return more > 0 ? [...named, `${more} more API keys that they made stay.`] : named
}

/** Promise: the sentence for the event: which invitations were revoked with it; none when there were none. */
export function invitationsSentence(emails: readonly string[]): readonly string[] {
  if (emails.length === 0) return []
  const named = emails.slice(0, mostNamedAddresses)
  const more = emails.length - named.length
  return [`Open invitations were revoked: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`]
}
