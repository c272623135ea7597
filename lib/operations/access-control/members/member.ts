import { refuseActingAbove } from "@/lib/access/granting"
import { type HeldRole, heldRolesOf } from "@/lib/access/held-roles"
import type { Principal } from "@/lib/access/principal"
import type { Target } from "@/lib/audit/event/event"
import type { PrismaTransaction, Tx } from "@/lib/db"
import { AppError } from "@/lib/errors"
import type { Caller } from "@/lib/operations/operation"

export type MemberStatus = "active" | "suspended"

/** A member with everything they hold, as operations on them need it. */
export interface Member {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
  readonly roles: readonly HeldRole[]
}

/** Whom an operation is about, in which organization. */
export interface MemberKey {
  readonly organizationId: string
  readonly personId: string
}

/** What it takes to read and change: one transaction, both ways. */
export interface Transaction {
  readonly prisma: PrismaTransaction
  readonly tx: Tx
}

/** Promise: the member; AppError `not-found`, in the same words, for nobody, a stranger and a member elsewhere. */
export async function findMemberOf({ prisma, tx }: Transaction, key: MemberKey): Promise<Member> {
  const membership = await prisma.membership.findUnique({
    where: { organizationId_personId: key },
    include: { person: { select: { name: true, email: true } } },
  })
  if (!membership) throw new AppError("not-found", "There is no such member.")
  const { person, status, createdAt, lastSeenAt } = membership
  return {
    ...{ personId: key.personId, ...person, createdAt, lastSeenAt },
    status: status === "suspended" ? "suspended" : "active",
    roles: await heldRolesOf(tx, key),
  }
}

/** Promise: the member on whom the caller may act; `forbidden` when they hold more than the caller does. */
export async function findMemberBelow(
  { tx, prisma, caller }: Transaction & { readonly caller: Caller },
  key: MemberKey,
): Promise<Member> {
  const member = await findMemberOf({ tx, prisma }, key)
  refuseActingAbove(caller.principal, member)
  return member
}

/** Tells whether somebody acts on themselves. */
export function isSelf(principal: Principal, { personId }: Pick<Member, "personId">): boolean {
  return principal.kind === "person" && principal.personId === personId
}

/** Tells whether a role is held neither through a group nor in one app only. */
export function isDirect({ group, collaboratorApp }: Pick<HeldRole, "group" | "collaboratorApp">): boolean {
  return group === null && collaboratorApp === null
}

/** Promise: the member as the target of an event. */
export function memberTarget({ personId, name }: Pick<Member, "personId" | "name">): Target {
  return { type: "user", id: personId, name }
}
