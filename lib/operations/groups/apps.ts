import { z } from "zod"
import { operation, type Work } from "@/lib/operations/core/operation"
import { changeParts, type Part, type PartKind } from "./change-parts"
import { type Group, grantsOfGroup, membersOfGroup, refuseBeyondCaller, refuseTakingFromAbove } from "./group"
import { groupId, idsInput } from "./input"

const input = z.strictObject({ id: groupId, appIds: idsInput("app") })

const apps: PartKind<Part> = {
  type: "application",
  path: "apps",
  nouns: ["app", "apps"],
  field: "appIds",
  find: ({ prisma, organization }, appIds) =>
    prisma.app.findMany({
      where: { organizationId: organization.id, id: { in: [...appIds] } },
      select: { id: true, name: true },
      orderBy: [{ name: "asc" }, { slug: "asc" }],
    }),
  held: async (_, group) => limitOf(group),
  refuse: {
    added: (work, { group, parts }) =>
      refuseReaching(work, group, [...limitOf(group), ...parts.map(({ id }) => id)]),
    removed: (work, { group, parts }) =>
      refuseReaching(
        work,
        group,
        limitOf(group).filter(appId => !parts.some(({ id }) => id === appId)),
      ),
  },
  add: ({ prisma, organization }, { group, parts }) =>
    prisma.groupApp.createMany({
      data: parts.map(({ id }) => ({ organizationId: organization.id, groupId: group.id, appId: id })),
      skipDuplicates: true,
    }),
  remove: ({ prisma, organization }, { group, parts }) =>
    prisma.groupApp.deleteMany({
      where: { organizationId: organization.id, groupId: group.id, appId: { in: parts.map(({ id }) => id) } },
    }),
}

/**
 * Adds apps to the ones that a group's roles reach. The first app limits the group: before it, the roles reach every
 * app.
 */
export const addGroupApps = operation({
  name: "organization_team_app.add",
  summary: "Adds apps to those that a group's roles reach; the first one limits the group to it.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: (context, { id, appIds }) =>
    changeParts(context, apps, { id, ids: appIds, operation: "organization_team_app.add" }),
})

/**
 * Removes apps from the ones that a group's roles reach. Removing the last one ends the limit: the roles reach every
 * app again.
 */
export const removeGroupApps = operation({
  name: "organization_team_app.remove",
  summary: "Takes apps out of those that a group's roles reach; with the last one the limit ends.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input,
  run: (context, { id, appIds }) =>
    changeParts(context, apps, { id, ids: appIds, operation: "organization_team_app.remove" }),
})

function limitOf({ apps: limit }: Group): readonly string[] {
  return limit.map(({ app }) => app.id)
}

// No app means every app, so adding the first one narrows access, and removing the last one widens it.
async function refuseReaching(work: Work, group: Group, after: readonly string[]): Promise<void> {
  const before = limitOf(group)
  if (before.length === after.length) return
  if (isWider(after, before)) return refuseBeyondCaller(work.caller, grantsOfGroup(group, after))
  const people = await membersOfGroup(work, group.id)
  await refuseTakingFromAbove(work, { people, taken: grantsOfGroup(group) })
}

function isWider(after: readonly string[], before: readonly string[]): boolean {
  if (before.length === 0) return false
  return after.length === 0 || after.length > before.length
}
