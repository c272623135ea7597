import { refuseActingAbove } from "@/lib/access/granting"
import { type HeldRole, heldRolesOf } from "@/lib/access/held-roles"
import type { Principal } from "@/lib/access/principal"
import type { Target } from "@/lib/audit/event/event"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"

export type MemberStatus = "active" | "suspended"

/** A member with everything they hold, as the operations on them need it. */
export interface Member {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
  readonly roles: readonly HeldRole[]
}

/**
 * Returns the member. Throws AppError `not-found`, with the same words for an unknown person and for a member of
 * another organization.
 */
export async function findMemberOf({ prisma, tx, organization }: Work, personId: string): Promise<Member> {
  const key = { organizationId: organization.id, personId }
  const membership = await prisma.membership.findUnique({
    where: { organizationId_personId: key },
    include: { person: { select: { name: true, email: true } } },
  })
  if (!membership) throw new AppError("not-found", "There is no such member.")
  const { person, status, createdAt, lastSeenAt } = membership
  return {
    ...{ personId, ...person, createdAt, lastSeenAt },
    status: status === "suspended" ? "suspended" : "active",
    roles: await heldRolesOf(tx, key),
  }
}

/**
 * Returns a member whose access the caller may change. Throws AppError `forbidden` when the member holds more than
 * the caller, else as `findMemberOf`.
 */
export async function findMemberBelow(work: Work, personId: string): Promise<Member> {
  const member = await findMemberOf(work, personId)
  refuseActingAbove(work.caller.principal, member)
  return member
}

/** Returns whether the principal is the member. */
export function isSelf(principal: Principal, { personId }: Pick<Member, "personId">): boolean {
  return principal.kind === "person" && principal.personId === personId
}

/** Returns whether a role is held neither through a group nor in one app only. */
export function isDirect({ group, collaboratorApp }: Pick<HeldRole, "group" | "collaboratorApp">): boolean {
  return group === null && collaboratorApp === null
}

/** Returns the member as the target of an event. */
export function memberTarget({ personId, name }: Pick<Member, "personId" | "name">): Target {
  return { type: "user", id: personId, name }
}
