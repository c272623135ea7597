import { z } from "zod"
import { refuseLosingLastAdministrator } from "@/lib/access/administrators"
import { refuseGrantingMore } from "@/lib/access/granting"
import type { PrismaTransaction } from "@/lib/db"
import { operation } from "@/lib/operations/operation"
import {
  type GroupRole,
  grantsOfGroup,
  lockGroup,
  membersOfGroup,
  refuseBeyondCaller,
  refuseTakingFromAbove,
} from "./group"
import { groupId, idsInput } from "./input"
import { aboutParts, recordParts, refuseUnknown } from "./parts"

const input = z.strictObject({ id: groupId, roleIds: idsInput("role") })
const words = { type: "role", path: "roles", nouns: ["role", "roles"] } as const
const adding = { ...words, operation: "organization_team_role.add", deed: "added" } as const
const removing = { ...words, operation: "organization_team_role.remove", deed: "removed" } as const
const unknown = { field: "roleIds", message: "There is no such role any more." }

/** Adds roles to a group, and so to all its members; roles that it has already stay. */
export const addGroupRoles = operation({
  name: "organization_team_role.add",
  summary: "Gives roles to a group; its members hold them from their next request on.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, roleIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const chosen = await rolesOf(prisma, organizationId, roleIds)
    refuseUnknown(roleIds, chosen, unknown)
    const isHeld = (role: GroupRole) => group.roles.some(held => held.role.id === role.id)
    const added = chosen.filter(role => !isHeld(role))
    refuseBeyondCaller(caller, grantsOfGroup({ roles: added.map(role => ({ role })), apps: group.apps }))
    await prisma.groupRole.createMany({
      data: added.map(role => ({ organizationId, groupId: id, roleId: role.id })),
      skipDuplicates: true,
    })
    return recordParts({ caller, recordAlong }, adding, {
      group: { id, name: group.name },
      changed: added.map(nameOf),
      unchanged: chosen.filter(isHeld).map(nameOf),
    })
  },
  about: (_, done) => aboutParts(adding, done),
})

/** Removes roles from a group, and so from members who hold them through nothing else. */
export const removeGroupRoles = operation({
  name: "organization_team_role.remove",
  summary: "Takes roles away from a group; its members lose what only these gave them.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, roleIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const chosen = await rolesOf(prisma, organizationId, roleIds)
    refuseUnknown(roleIds, chosen, unknown)
    const isHeld = (role: GroupRole) => group.roles.some(held => held.role.id === role.id)
    const taken = grantsOfGroup({
      roles: chosen.filter(isHeld).map(role => ({ role })),
      apps: group.apps,
    })
    refuseGrantingMore(caller.principal, taken)
    const people = taken.length === 0 ? [] : await membersOfGroup(prisma, organizationId, id)
    await refuseTakingFromAbove({ tx, caller, organizationId }, { people, taken })
    await prisma.groupRole.deleteMany({ where: { organizationId, groupId: id, roleId: { in: roleIds } } })
    await refuseLosingLastAdministrator(tx, organizationId)
    return recordParts({ caller, recordAlong }, removing, {
      group: { id, name: group.name },
      changed: chosen.filter(isHeld).map(nameOf),
      unchanged: chosen.filter(role => !isHeld(role)).map(nameOf),
    })
  },
  about: (_, done) => aboutParts(removing, done),
})

function nameOf({ id, name }: GroupRole) {
  return { id, name }
}

async function rolesOf(
  prisma: PrismaTransaction,
  organizationId: string,
  roleIds: readonly string[],
): Promise<readonly GroupRole[]> {
  return prisma.role.findMany({
    where: { organizationId, id: { in: [...roleIds] } },
    select: { id: true, name: true, permissions: true, appIds: true },
    orderBy: { name: "asc" },
  })
}
