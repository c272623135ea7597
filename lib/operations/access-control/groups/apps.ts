import { z } from "zod"
import { refuseLosingLastAdministrator } from "@/lib/access/administrators"
import type { PrismaTransaction } from "@/lib/db"
import { operation } from "@/lib/operations/operation"
import {
  type Acting,
  type Group,
  grantsOfGroup,
  lockGroup,
  membersOfGroup,
  refuseBeyondCaller,
  refuseTakingFromAbove,
  type Transaction,
} from "./group"
import { groupId, idsInput } from "./input"
import { aboutParts, type Part, recordParts, refuseUnknown } from "./parts"

const input = z.strictObject({ id: groupId, appIds: idsInput("app") })
const words = { type: "application", path: "apps", nouns: ["app", "apps"] } as const
const adding = { ...words, operation: "organization_team_app.add", deed: "added" } as const
const removing = { ...words, operation: "organization_team_app.remove", deed: "removed" } as const
const unknown = { field: "appIds", message: "There is no such app any more." }

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
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, appIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const chosen = await appsOf(prisma, organizationId, appIds)
    refuseUnknown(appIds, chosen, unknown)
    const before = limitOf(group)
    const added = chosen.filter(app => !before.includes(app.id))
    const after = [...before, ...added.map(app => app.id)]
    await refuseReaching({ prisma, tx, caller, organizationId }, group, after)
    await prisma.groupApp.createMany({
      data: added.map(app => ({ organizationId, groupId: id, appId: app.id })),
      skipDuplicates: true,
    })
    await refuseLosingLastAdministrator(tx, organizationId)
    return recordParts({ caller, recordAlong }, adding, {
      group: { id, name: group.name },
      changed: added,
      unchanged: chosen.filter(app => before.includes(app.id)),
    })
  },
  about: (_, done) => aboutParts(adding, done),
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
  run: async ({ caller, organization, prisma, tx, recordAlong }, { id, appIds }) => {
    const organizationId = organization.id
    const group = await lockGroup({ prisma, tx }, organizationId, id)
    const chosen = await appsOf(prisma, organizationId, appIds)
    refuseUnknown(appIds, chosen, unknown)
    const before = limitOf(group)
    const after = before.filter(appId => !appIds.includes(appId))
    await refuseReaching({ prisma, tx, caller, organizationId }, group, after)
    await prisma.groupApp.deleteMany({ where: { organizationId, groupId: id, appId: { in: appIds } } })
    await refuseLosingLastAdministrator(tx, organizationId)
    return recordParts({ caller, recordAlong }, removing, {
      group: { id, name: group.name },
      changed: chosen.filter(app => before.includes(app.id)),
      unchanged: chosen.filter(app => !before.includes(app.id)),
    })
  },
  about: (_, done) => aboutParts(removing, done),
})

function limitOf({ apps }: Group): readonly string[] {
  return apps.map(({ app }) => app.id)
}

// No app means every app, so adding the first one narrows access, and removing the last one widens it.
async function refuseReaching(
  { prisma, tx, ...acting }: Transaction & Acting,
  group: Group,
  after: readonly string[],
): Promise<void> {
  const before = limitOf(group)
  if (before.length === after.length) return
  if (isWider(after, before)) return refuseBeyondCaller(acting.caller, grantsOfGroup(group, after))
  const people = await membersOfGroup(prisma, acting.organizationId, group.id)
  await refuseTakingFromAbove({ tx, ...acting }, { people, taken: grantsOfGroup(group) })
}

function isWider(after: readonly string[], before: readonly string[]): boolean {
  if (before.length === 0) return false
  return after.length === 0 || after.length > before.length
}

async function appsOf(
  prisma: PrismaTransaction,
  organizationId: string,
  appIds: readonly string[],
): Promise<readonly Part[]> {
  return prisma.app.findMany({
    where: { organizationId, id: { in: [...appIds] } },
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { slug: "asc" }],
  })
}
