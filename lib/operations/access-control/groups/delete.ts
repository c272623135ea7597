import { z } from "zod"
import { refuseLosingLastAdministrator } from "@/lib/access/administrators"
import { unanswered } from "@/lib/operations/access-control/roles/holders"
import { operation } from "@/lib/operations/operation"
import {
  grantsOfGroup,
  groupTarget,
  lockGroup,
  membersOfGroup,
  refuseTakingFromAbove,
  type Transaction,
} from "./group"
import { groupId } from "./input"

/**
 * Deletes a group. Its members lose what only it gave them, at their next request. Invitations that carry it stay open and
 * carry it no longer.
 */
export const deleteGroup = operation({
  name: "organization_team.delete",
  summary: "Deletes a group; its members lose what only it gave them, and invitations carry it no longer.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: groupId }),
  run: async ({ caller, organization, prisma, tx }, { id }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const members = await membersOfGroup(prisma, organizationId, id)
    await refuseTakingFromAbove(
      { tx, caller, organizationId },
      { people: members, taken: grantsOfGroup(group) },
    )
    const where = { organizationId, groupId: id }
    const invitations = await prisma.invitationGroup.count({ where: { ...where, invitation: unanswered } })
    await takeApart({ prisma, tx }, where)
    await refuseLosingLastAdministrator(tx, organizationId)
    return { group, members: members.map(({ name }) => name), invitations }
  },
  about: (_, { group, members, invitations }) => ({
    targets: [groupTarget(group)],
    description: `The group ${group.name} was deleted.`,
    changes: [
      {
        path: "",
        before: {
          name: group.name,
          description: group.description,
          claimValue: group.claimValue,
          members,
          roles: group.roles.map(({ role }) => role.name),
          apps: group.apps.map(({ app }) => app.name),
        },
        after: null,
      },
    ],
    ...(invitations === 0
      ? {}
      : {
          details: [
            `${invitations} ${invitations === 1 ? "invitation carries" : "invitations carry"} it no longer.`,
          ],
        }),
  }),
})

// The rows that refer to a group go before it does.
async function takeApart(
  { prisma }: Transaction,
  where: { readonly organizationId: string; readonly groupId: string },
): Promise<void> {
  await prisma.groupMember.deleteMany({ where })
  await prisma.groupRole.deleteMany({ where })
  await prisma.groupApp.deleteMany({ where })
  await prisma.invitationGroup.deleteMany({ where })
  await prisma.group.deleteMany({ where: { organizationId: where.organizationId, id: where.groupId } })
}
