import { revokeSessionsOf } from "@/lib/access/sign-in/sessions"
import type { PrismaTransaction } from "@/lib/db"

/** An API key that a member made and that goes on working without them. */
export interface StayingKey {
  readonly id: string
  readonly name: string
  readonly appName: string
}

const mostNamed = 50
const mostNamedAddresses = 5

/**
 * Signs a person out everywhere when no organization has them as an active member any more; as long as one has, their
 * sessions go on there, and are refused here. Returns how many sessions ended.
 */
export async function endSessionsOfNobodysMember(
  prisma: PrismaTransaction,
  personId: string,
  at: Date,
): Promise<number> {
  const elsewhere = await prisma.membership.count({ where: { personId, status: "active" } })
  return elsewhere > 0 ? 0 : revokeSessionsOf(prisma, personId, { at })
}

/** Promise: the keys that the person made in the organization and that work now, by name. */
export async function keysMadeBy(
  prisma: PrismaTransaction,
  {
    organizationId,
    personId,
    at,
  }: { readonly organizationId: string; readonly personId: string; readonly at: Date },
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
