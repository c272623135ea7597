import { badInvitations, findOpenInvitation, type OpenInvitation } from "@/lib/access/invitations"
import { addressSubject } from "@/lib/access/sign-in/attempts"
import type { Change } from "@/lib/audit/event/event"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import type { Context, Requirement } from "@/lib/operations/core/operation"
import { tooManyWords } from "@/lib/operations/sign-in/sign-in"

/** What an invitation gives, by name. */
export interface Given {
  readonly roles: readonly { readonly id: string; readonly name: string; readonly description: string }[]
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  /** The apps in which the roles are given; none = every app. */
  readonly apps: readonly { readonly id: string; readonly name: string }[]
}

/** Returns what is given as the changes of an event; the apps are among them only when it is not given in every app. */
export function givenChanges({ roles, groups, apps }: Names): readonly Change[] {
  const given = (path: string, parts: readonly { readonly name: string }[]) => ({
    ...{ path, before: null, after: parts.map(({ name }) => name) },
  })
  return [
    given("/roles", roles),
    given("/groups", groups),
    ...(apps.length === 0 ? [] : [given("/apps", apps)]),
  ]
}

type Names = Readonly<Record<"roles" | "groups" | "apps", readonly { readonly name: string }[]>>

type Counting = Pick<Context<Requirement>, "caller" | "attempts">

/** Returns the same error for every link that cannot be used, so that it does not reveal the reason. */
export function uselessInvitation(): AppError {
  return new AppError(
    "not-found",
    "This invitation cannot be used. Ask the person who invited you for a new one, and sign in with the address that it was sent to.",
  )
}

/**
 * Returns the open invitation of the token, if the caller is its recipient or not signed in. Throws AppError
 * `not-found` otherwise, and `rate-limited` for an ip that tried too many unusable links.
 */
export async function findInvited(
  prisma: PrismaTransaction,
  { caller, attempts }: Counting,
  token: string,
): Promise<OpenInvitation> {
  const withdraw = await countLink({ caller, attempts })
  const invitation = await findOpenInvitation(prisma, token, caller.at)
  const { principal } = caller
  const isForAnother = principal.kind === "person" && principal.email !== invitation?.email
  if (!invitation || isForAnother) throw uselessInvitation()
  await withdraw()
  return invitation
}

/** Returns what the invitation still gives, without roles and groups that were deleted meanwhile. */
export async function givenBy(
  prisma: PrismaTransaction,
  { id, organization }: OpenInvitation,
): Promise<Given> {
  const where = { organizationId: organization.id, invitationId: id }
  const roles = await prisma.invitationRole.findMany({
    where,
    select: { role: { select: { id: true, name: true, description: true } } },
    orderBy: { role: { name: "asc" } },
  })
  const groups = await prisma.invitationGroup.findMany({
    where,
    select: { group: { select: { id: true, name: true } } },
    orderBy: { group: { name: "asc" } },
  })
  const apps = await prisma.invitationApp.findMany({
    where,
    select: { app: { select: { id: true, name: true } } },
    orderBy: { app: { name: "asc" } },
  })
  return {
    roles: roles.map(({ role }) => role),
    groups: groups.map(({ group }) => group),
    apps: apps.map(({ app }) => app),
  }
}

// Counted before the lookup and outside the operation's transaction, which a failure rolls back.
async function countLink({ caller: { at, source }, attempts }: Counting): Promise<() => Promise<void>> {
  if (!source?.ip) return async () => {}
  const attempt = { subject: addressSubject(source.ip), at }
  const counted = await attempts.count(badInvitations, attempt)
  if (counted.allowed) return () => attempts.withdraw(badInvitations, attempt)
  const { retryAfterSeconds } = counted
  throw new AppError("rate-limited", tooManyWords(retryAfterSeconds), { retryAfterSeconds })
}
