import { type HeldRoleOfMember, type HeldThrough, heldRolesOfAll, throughOf } from "@/lib/access/held-roles"
import type { Work } from "@/lib/operations/core/operation"

/** A member who holds a role, with all the ways in which they hold it. */
export interface RoleHolder {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
  readonly through: readonly HeldThrough[]
}

/** A group that holds a role. */
export interface RoleGroup {
  readonly id: string
  readonly name: string
  readonly members: number
}

/** An open invitation that gives a role. */
export interface RoleInvitation {
  readonly id: string
  readonly email: string
  readonly expiresAt: string
}

/** All holders of a role: deleting it must name its replacement. */
export interface RoleHolders {
  readonly members: readonly RoleHolder[]
  readonly groups: readonly RoleGroup[]
  readonly invitations: readonly RoleInvitation[]
}

/** An invitation that can still be accepted, now or after it is sent again. */
export const unanswered = { acceptedAt: null, declinedAt: null, revokedAt: null } as const

/** Returns the holders of the organization's roles, or of one role, by role id; each list is sorted by name. */
export async function holdersOfRoles(work: Work, roleId?: string): Promise<ReadonlyMap<string, RoleHolders>> {
  const { tx, prisma } = work
  const organizationId = work.organization.id
  const held = await heldRolesOfAll(tx, organizationId, { roleId: roleId ?? null })
  const people = await peopleOf(work, held)
  const groups = await prisma.groupRole.findMany({
    where: { organizationId, roleId },
    select: {
      roleId: true,
      group: { select: { id: true, name: true, _count: { select: { members: true } } } },
    },
    orderBy: [{ group: { name: "asc" } }, { groupId: "asc" }],
  })
  const carried = await prisma.invitationRole.findMany({
    where: { organizationId, roleId, invitation: unanswered },
    select: { roleId: true, invitation: { select: { id: true, email: true, expiresAt: true } } },
    orderBy: [{ invitation: { email: "asc" } }, { invitationId: "asc" }],
  })
  const ids = new Set([...held, ...groups, ...carried].map(each => each.roleId))
  return new Map(
    [...ids].map(id => [
      id,
      {
        members: membersOf(
          held.filter(each => each.roleId === id),
          people,
        ),
        groups: groups
          .filter(each => each.roleId === id)
          .map(({ group }) => ({ id: group.id, name: group.name, members: group._count.members })),
        invitations: carried
          .filter(each => each.roleId === id)
          .map(({ invitation }) => ({ ...invitation, expiresAt: invitation.expiresAt.toISOString() })),
      },
    ]),
  )
}

type Person = Omit<RoleHolder, "through">

async function peopleOf(
  { prisma, organization }: Work,
  held: readonly HeldRoleOfMember[],
): Promise<readonly Person[]> {
  const members = await prisma.membership.findMany({
    where: {
      organizationId: organization.id,
      personId: { in: [...new Set(held.map(each => each.personId))] },
    },
    select: { status: true, person: { select: { id: true, name: true, email: true } } },
    orderBy: [{ person: { name: "asc" } }, { person: { email: "asc" } }],
  })
  return members.map(({ status, person }) => ({
    personId: person.id,
    name: person.name,
    email: person.email,
    status,
  }))
}

function membersOf(held: readonly HeldRoleOfMember[], people: readonly Person[]): readonly RoleHolder[] {
  const ways = new Map<string, HeldThrough[]>()
  for (const each of held) ways.set(each.personId, [...(ways.get(each.personId) ?? []), throughOf(each)])
  return people.flatMap(person => {
    const through = ways.get(person.personId)
    return through ? [{ ...person, through }] : []
  })
}
