import { z } from "zod"
import { refuseGrantingMore } from "@/lib/access/granting"
import { operation } from "@/lib/operations/core/operation"
import { changeParts, type PartKind, type PartsChange } from "./change-parts"
import {
  type GroupRole,
  grantsOfGroup,
  membersOfGroup,
  refuseBeyondCaller,
  refuseTakingFromAbove,
} from "./group"
import { groupId, idsInput } from "./input"

const input = z.strictObject({ id: groupId, roleIds: idsInput("role") })

const roles: PartKind<GroupRole> = {
  type: "role",
  path: "roles",
  nouns: ["role", "roles"],
  field: "roleIds",
  find: ({ prisma, organization }, roleIds) =>
    prisma.role.findMany({
      where: { organizationId: organization.id, id: { in: [...roleIds] } },
      select: { id: true, name: true, permissions: true, appIds: true },
      orderBy: { name: "asc" },
    }),
  held: async (_, group) => group.roles.map(({ role }) => role.id),
  refuse: {
    added: ({ caller }, change) => refuseBeyondCaller(caller, grantsOf(change)),
    removed: async (work, change) => {
      const taken = grantsOf(change)
      refuseGrantingMore(work.caller.principal, taken)
      const people = taken.length === 0 ? [] : await membersOfGroup(work, change.group.id)
      await refuseTakingFromAbove(work, { people, taken })
    },
  },
  add: ({ prisma, organization }, { group, parts }) =>
    prisma.groupRole.createMany({
      data: parts.map(({ id }) => ({ organizationId: organization.id, groupId: group.id, roleId: id })),
      skipDuplicates: true,
    }),
  remove: ({ prisma, organization }, { group, parts }) =>
    prisma.groupRole.deleteMany({
      where: {
        organizationId: organization.id,
        groupId: group.id,
        roleId: { in: parts.map(({ id }) => id) },
      },
    }),
}

/** Adds roles to a group, and so to all its members; roles that it has already stay. */
export const addGroupRoles = operation({
  name: "organization_team_role.add",
  summary: "Gives roles to a group; its members hold them from their next request on.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: (context, { id, roleIds }) =>
    changeParts(context, roles, { id, ids: roleIds, operation: "organization_team_role.add" }),
})

/** Removes roles from a group, and so from members who hold them through nothing else. */
export const removeGroupRoles = operation({
  name: "organization_team_role.remove",
  summary: "Removes roles from a group; its members lose what only these gave them.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: (context, { id, roleIds }) =>
    changeParts(context, roles, { id, ids: roleIds, operation: "organization_team_role.remove" }),
})

function grantsOf({ group, parts }: PartsChange<GroupRole>) {
  return grantsOfGroup({ roles: parts.map(role => ({ role })), apps: group.apps })
}
