import { z } from "zod"
import { refuseLosingLastAdministrator } from "@/lib/access/administrators"
import type { PrismaTransaction } from "@/lib/db"
import { operation } from "@/lib/operations/operation"
import { grantsOfGroup, lockGroup, membersOfGroup, refuseBeyondCaller, refuseTakingFromAbove } from "./group"
import { groupId, idsInput } from "./input"
import { aboutParts, type Part, recordParts, refuseUnknown } from "./parts"

const input = z.strictObject({ id: groupId, personIds: idsInput("member") })
const words = { type: "user", path: "members", nouns: ["member", "members"] } as const
const adding = { ...words, operation: "organization_team_member.add", deed: "added" } as const
const removing = { ...words, operation: "organization_team_member.remove", deed: "removed" } as const
const unknown = { field: "personIds", message: "There is no such member any more." }

/**
 * Adds members to a group; existing members stay. A member whom the identity provider added now stays whatever the
 * claim says.
 */
export const addGroupMembers = operation({
  name: "organization_team_member.add",
  summary: "Puts members into a group; they hold its roles from their next request on.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, personIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const people = await peopleOf(prisma, organizationId, personIds)
    refuseUnknown(personIds, people, unknown)
    refuseBeyondCaller(caller, grantsOfGroup(group))
    const before = await membersOfGroup(prisma, organizationId, id)
    const isByHand = ({ id: personId }: Part) =>
      before.some(member => member.personId === personId && !member.fromClaim)
    const changed = people.filter(person => !isByHand(person))
    const key = { organizationId, groupId: id }
    await prisma.groupMember.createMany({
      data: changed.map(person => ({ ...key, personId: person.id, createdAt: caller.at })),
      skipDuplicates: true,
    })
    await prisma.groupMember.updateMany({
      where: { ...key, personId: { in: changed.map(person => person.id) }, fromClaim: true },
      data: { fromClaim: false },
    })
    return recordParts({ caller, recordAlong }, adding, {
      group: { id, name: group.name },
      changed,
      unchanged: people.filter(isByHand),
    })
  },
  about: (_, done) => aboutParts(adding, done),
})

/**
 * Removes members from a group; ids that are not in it are ignored. A member whom the claim adds comes back at their
 * next sign-in.
 */
export const removeGroupMembers = operation({
  name: "organization_team_member.remove",
  summary: "Takes members out of a group; they lose what only it gave them at their next request.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, personIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const people = await peopleOf(prisma, organizationId, personIds)
    refuseUnknown(personIds, people, unknown)
    const before = await membersOfGroup(prisma, organizationId, id)
    const leaving = before.filter(({ personId }) => personIds.includes(personId))
    await refuseTakingFromAbove(
      { tx, caller, organizationId },
      { people: leaving, taken: grantsOfGroup(group) },
    )
    const isLeaving = ({ id: personId }: Part) => leaving.some(member => member.personId === personId)
    await prisma.groupMember.deleteMany({
      where: { organizationId, groupId: id, personId: { in: leaving.map(({ personId }) => personId) } },
    })
    await refuseLosingLastAdministrator(tx, organizationId)
    return recordParts({ caller, recordAlong }, removing, {
      group: { id, name: group.name },
      changed: people.filter(isLeaving),
      unchanged: people.filter(person => !isLeaving(person)),
    })
  },
  about: (_, done) => aboutParts(removing, done),
})

async function peopleOf(
  prisma: PrismaTransaction,
  organizationId: string,
  personIds: readonly string[],
): Promise<readonly Part[]> {
  const rows = await prisma.membership.findMany({
    where: { organizationId, personId: { in: [...personIds] } },
    select: { person: { select: { id: true, name: true } } },
    orderBy: [{ person: { name: "asc" } }, { personId: "asc" }],
  })
  return rows.map(({ person }) => person)
}
