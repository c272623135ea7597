import { z } from "zod"
import { type About, operation, type Work } from "@/lib/operations/core/operation"
import { unanswered } from "@/lib/operations/roles/holders"
import {
  type Group,
  type GroupMember,
  grantsOfGroup,
  groupTarget,
  lockGroup,
  membersOfGroup,
  refuseTakingFromAbove,
} from "./group"
import { groupId } from "./input"

/**
 * Deletes a group. Its members lose the permissions that only the group gave them, at their next request. Open
 * invitations stay open, without the group.
 */
export const deleteGroup = operation({
  name: "organization_team.delete",
  summary: "Deletes a group; its members lose what only it gave them, and invitations carry it no longer.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: groupId }),
  run: async (context, { id }) => {
    const group = await lockGroup(context, id)
    const members = await membersOfGroup(context, id)
    await refuseTakingFromAbove(context, { people: members, taken: grantsOfGroup(group) })
    const where = { organizationId: context.organization.id, groupId: id }
    const invitations = await context.prisma.invitationGroup.count({
      where: { ...where, invitation: unanswered },
    })
    await takeApart(context, where)
    return { value: { id }, event: aboutDeletion(group, members, invitations) }
  },
})

function aboutDeletion(group: Group, members: readonly GroupMember[], invitations: number): About {
  const [roles, apps] = [group.roles.map(({ role }) => role), group.apps.map(({ app }) => app)]
  const { name, description, claimValue } = group
  const before = {
    ...{ name, description, claimValue },
    ...{ members: namesOf(members), roles: namesOf(roles), apps: namesOf(apps) },
  }
  return {
    targets: [groupTarget(group)],
    description: `The group ${name} was deleted.`,
    changes: [{ path: "", before, after: null }],
    details: [
      ...unnamed(members, "members"),
      ...unnamed(roles, "roles"),
      ...unnamed(apps, "apps"),
      ...(invitations === 0
        ? []
        : [`${invitations} ${invitations === 1 ? "invitation carries" : "invitations carry"} it no longer.`]),
    ],
  }
}

// One event cannot name any number of members, roles and apps, however long their names are.
const mostNamed = 200

function namesOf(things: readonly { readonly name: string }[]): readonly string[] {
  return things.slice(0, mostNamed).map(({ name }) => name)
}

function unnamed({ length }: readonly unknown[], noun: string): readonly string[] {
  if (length <= mostNamed) return []
  return [`It had ${length.toLocaleString("en")} ${noun}; the first ${mostNamed} by name are named.`]
}

// The rows that refer to a group are deleted before it.
async function takeApart(
  { prisma }: Work,
  where: { readonly organizationId: string; readonly groupId: string },
): Promise<void> {
  await prisma.groupMember.deleteMany({ where })
  await prisma.groupRole.deleteMany({ where })
  await prisma.groupApp.deleteMany({ where })
  await prisma.invitationGroup.deleteMany({ where })
  await prisma.group.deleteMany({ where: { organizationId: where.organizationId, id: where.groupId } })
}
