import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { changeParts, type Part, type PartKind } from "./change-parts"
import { grantsOfGroup, membersOfGroup, refuseBeyondCaller, refuseTakingFromAbove } from "./group"
import { groupId, idsInput } from "./input"

const input = z.strictObject({ id: groupId, personIds: idsInput("member") })

const members: PartKind<Part> = {
  type: "user",
  path: "members",
  nouns: ["member", "members"],
  field: "personIds",
  find: async ({ prisma, organization }, personIds) => {
    const rows = await prisma.membership.findMany({
      where: { organizationId: organization.id, personId: { in: [...personIds] } },
      select: { person: { select: { id: true, name: true } } },
      orderBy: [{ person: { name: "asc" } }, { personId: "asc" }],
    })
    return rows.map(({ person }) => person)
  },
  // A member whom the identity provider added can be added by hand as well.
  held: async (work, group, deed) =>
    (await membersOfGroup(work, group.id))
      .filter(({ fromClaim }) => deed === "removed" || !fromClaim)
      .map(({ personId }) => personId),
  refuse: {
    added: ({ caller }, { group }) => refuseBeyondCaller(caller, grantsOfGroup(group)),
    removed: (work, { group, parts }) =>
      refuseTakingFromAbove(work, {
        people: parts.map(({ id, name }) => ({ personId: id, name })),
        taken: grantsOfGroup(group),
      }),
  },
  add: async ({ prisma, caller, organization }, { group, parts }) => {
    const key = { organizationId: organization.id, groupId: group.id }
    await prisma.groupMember.createMany({
      data: parts.map(({ id }) => ({ ...key, personId: id, createdAt: caller.at })),
      skipDuplicates: true,
    })
    await prisma.groupMember.updateMany({
      where: { ...key, personId: { in: parts.map(({ id }) => id) }, fromClaim: true },
      data: { fromClaim: false },
    })
  },
  remove: ({ prisma, organization }, { group, parts }) =>
    prisma.groupMember.deleteMany({
      where: {
        organizationId: organization.id,
        groupId: group.id,
        personId: { in: parts.map(({ id }) => id) },
      },
    }),
}

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
  run: (context, { id, personIds }) =>
    changeParts(context, members, { id, ids: personIds, operation: "organization_team_member.add" }),
})

/**
 * Removes members from a group; ids that are not in it are ignored. A member whom the claim adds comes back at their
 * next sign-in.
 */
export const removeGroupMembers = operation({
  name: "organization_team_member.remove",
  summary: "Removes members from a group; they lose what only it gave them at their next request.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: (context, { id, personIds }) =>
    changeParts(context, members, { id, ids: personIds, operation: "organization_team_member.remove" }),
})
