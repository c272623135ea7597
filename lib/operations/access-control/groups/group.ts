import { areRolesPowerful, refuseActingAbove, refuseGrantingMore } from "@/lib/access/granting"
import type { GrantingRole } from "@/lib/access/grants"
import { heldRolesOfAll } from "@/lib/access/held-roles"
import type { Target } from "@/lib/audit/event/event"
import type { PrismaTransaction, Tx } from "@/lib/db"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/authorise"
import type { Caller } from "@/lib/operations/operation"

/** What it takes to read and change: one transaction, both ways. */
export interface Transaction {
  readonly prisma: PrismaTransaction
  readonly tx: Tx
}

/** What of a group decides who may do and see what through it. */
export const groupParts = {
  roles: {
    select: { role: { select: { id: true, name: true, permissions: true, appIds: true } } },
    orderBy: { role: { name: "asc" } },
  },
  apps: {
    select: { app: { select: { id: true, slug: true, name: true } } },
    orderBy: { app: { name: "asc" } },
  },
} as const

/** A role as a group gives it. */
export interface GroupRole {
  readonly id: string
  readonly name: string
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
}

/** An app that a group holds its roles to. */
export interface GroupApp {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** A group as operations on it need it. */
export interface Group {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly claimValue: string | null
  readonly roles: readonly { readonly role: GroupRole }[]
  readonly apps: readonly { readonly app: GroupApp }[]
}

/** Who acts, on which organization. */
export interface Acting {
  readonly caller: Caller
  readonly organizationId: string
}

/** A member of a group. */
export interface GroupMember {
  readonly personId: string
  readonly name: string
  /** Put in by the identity provider. */
  readonly fromClaim: boolean
}

/** Promise: the group, locked until the transaction ends; AppError `not-found` for none and for one of others. */
export async function lockGroup(
  { prisma, tx }: Transaction,
  organizationId: string,
  id: string,
): Promise<Group> {
  await tx.query("SELECT 1 FROM member_group WHERE organization_id = $1::uuid AND id = $2::uuid FOR UPDATE", [
    organizationId,
    id,
  ])
  const group = await prisma.group.findFirst({
    where: { id, organizationId },
    select: { id: true, name: true, description: true, claimValue: true, ...groupParts },
  })
  if (!group) throw noSuchGroup()
  return group
}

/** The words for a group that is not there, and for one of another organization. */
export function noSuchGroup(): AppError {
  return new AppError("not-found", "There is no such group.")
}

/** Promise: what a member of the group holds through it; with other apps, what they would. */
export function grantsOfGroup(
  { roles, apps }: Pick<Group, "roles" | "apps">,
  appIds: readonly string[] = apps.map(({ app }) => app.id),
): readonly GrantingRole[] {
  return roles.map(({ role }) => ({ ...role, assignmentAppIds: appIds }))
}

/**
 * Throws AppError when what is handed out is more than the caller holds, or makes its holders powerful and the caller has
 * not proven lately who they are.
 */
export function refuseBeyondCaller(caller: Caller, roles: readonly GrantingRole[]): void {
  refuseGrantingMore(caller.principal, roles)
  if (areRolesPowerful(roles)) requireRecentProof(caller)
}

/**
 * Throws AppError when one of the people holds, by whatever way, more than the caller does, or when what is taken away is
 * powerful and the caller has not proven lately who they are.
 */
export async function refuseTakingFromAbove(
  { tx, caller, organizationId }: Pick<Transaction, "tx"> & Acting,
  { people, taken }: { readonly people: readonly GroupMember[]; readonly taken: readonly GrantingRole[] },
): Promise<void> {
  if (people.length === 0) return
  const held = await heldRolesOfAll(tx, organizationId)
  for (const { personId, name } of people) {
    refuseActingAbove(caller.principal, { name, roles: held.filter(each => each.personId === personId) })
  }
  if (areRolesPowerful(taken)) requireRecentProof(caller)
}

/** Promise: the members of the group, by name. */
export async function membersOfGroup(
  prisma: PrismaTransaction,
  organizationId: string,
  groupId: string,
): Promise<readonly GroupMember[]> {
  const rows = await prisma.groupMember.findMany({
    where: { organizationId, groupId },
    select: {
      personId: true,
      fromClaim: true,
      membership: { select: { person: { select: { name: true } } } },
    },
    orderBy: [{ membership: { person: { name: "asc" } } }, { personId: "asc" }],
  })
  return rows.map(({ personId, fromClaim, membership }) => ({
    personId,
    fromClaim,
    name: membership.person.name,
  }))
}

/** Promise: the group as the target of an event. */
export function groupTarget({ id, name }: Pick<Group, "id" | "name">): Target {
  return { type: "group", id, name }
}

/** Promise: `Ada, Ben and Cleo`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}

// Many names would not fit into one sentence of an event.
const namesInSentence = 15

/** Promise: the names in words; of many the first, and how many more there are. */
export function firstInWords(things: readonly { readonly name: string }[]): string {
  const names = things.slice(0, namesInSentence).map(({ name }) => name)
  const more = things.length - names.length
  return more > 0 ? `${names.join(", ")} and ${more.toLocaleString("en")} more` : inWords(names)
}
