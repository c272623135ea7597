import { areRolesPowerful, refuseActingAbove, refuseGrantingMore } from "@/lib/access/granting"
import type { GrantingRole } from "@/lib/access/grants"
import { heldRolesOfAll } from "@/lib/access/held-roles"
import type { Target } from "@/lib/audit/event/event"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import type { Caller, Work } from "@/lib/operations/core/operation"

/** The parts of a group that decide what its members may do and see. */
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

/** An app to which a group's roles are limited. */
export interface GroupApp {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** A group as the operations on it need it. */
export interface Group {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly claimValue: string | null
  readonly roles: readonly { readonly role: GroupRole }[]
  readonly apps: readonly { readonly app: GroupApp }[]
}

/** A member of a group. */
export interface GroupMember {
  readonly personId: string
  readonly name: string
  /** True when the identity provider added them. */
  readonly fromClaim: boolean
}

/**
 * Returns the group, locked until the transaction ends. Throws AppError `not-found` when the organization has no such
 * group.
 */
export async function lockGroup({ prisma, tx, organization }: Work, id: string): Promise<Group> {
  await tx.query("SELECT 1 FROM member_group WHERE organization_id = $1::uuid AND id = $2::uuid FOR UPDATE", [
    organization.id,
    id,
  ])
  const group = await prisma.group.findFirst({
    where: { id, organizationId: organization.id },
    select: { id: true, name: true, description: true, claimValue: true, ...groupParts },
  })
  if (!group) throw noSuchGroup()
  return group
}

/** Used for a group that does not exist and for one of another organization alike. */
export function noSuchGroup(): AppError {
  return new AppError("not-found", "There is no such group.")
}

/** Returns what a member of the group holds through it; with other `appIds`, what they would hold. */
export function grantsOfGroup(
  { roles, apps }: Pick<Group, "roles" | "apps">,
  appIds: readonly string[] = apps.map(({ app }) => app.id),
): readonly GrantingRole[] {
  return roles.map(({ role }) => ({ ...role, assignmentAppIds: appIds }))
}

/**
 * Throws AppError `forbidden` when the roles are more than the caller holds, and `proof-required` when they are
 * powerful and the caller's last proof of identity is too old.
 */
export function refuseBeyondCaller(caller: Caller, roles: readonly GrantingRole[]): void {
  refuseGrantingMore(caller.principal, roles)
  if (areRolesPowerful(roles)) requireRecentProof(caller)
}

/**
 * Throws AppError `forbidden` when one of the people holds more than the caller, in whatever way, and
 * `proof-required` when what is removed is powerful and the caller's last proof of identity is too old.
 */
export async function refuseTakingFromAbove(
  { tx, caller, organization }: Work,
  {
    people,
    taken,
  }: {
    readonly people: readonly Pick<GroupMember, "personId" | "name">[]
    readonly taken: readonly GrantingRole[]
  },
): Promise<void> {
  if (people.length === 0) return
  const held = await heldRolesOfAll(tx, organization.id)
  for (const { personId, name } of people) {
    refuseActingAbove(caller.principal, { name, roles: held.filter(each => each.personId === personId) })
  }
  if (areRolesPowerful(taken)) requireRecentProof(caller)
}

/** Returns the members of the group, sorted by name. */
export async function membersOfGroup(
  { prisma, organization }: Work,
  groupId: string,
): Promise<readonly GroupMember[]> {
  const rows = await prisma.groupMember.findMany({
    where: { organizationId: organization.id, groupId },
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

/** Returns the group as the target of an event. */
export function groupTarget({ id, name }: Pick<Group, "id" | "name">): Target {
  return { type: "group", id, name }
}

/** Returns the names as in `Ada, Ben and Cleo`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
}

// Many names would not fit into one sentence of an event.
const namesInSentence = 15

/** Returns the names as a phrase; when there are many, the first of them and the number of the others. */
export function firstInWords(things: readonly { readonly name: string }[]): string {
  const names = things.slice(0, namesInSentence).map(({ name }) => name)
  const more = things.length - names.length
  return more > 0 ? `${names.join(", ")} and ${more.toLocaleString("en")} more` : inWords(names)
}
