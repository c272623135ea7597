import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { type GroupApp, groupParts } from "./group"

/** A group as the list shows it. */
export interface GroupSummary {
  readonly id: string
  readonly name: string
  readonly description: string
  /** The value of the identity provider's groups claim that adds members; null = nobody by claim. */
  readonly claimValue: string | null
  readonly createdAt: string
  /** How many members it has. */
  readonly members: number
  /** Names of the first members. */
  readonly firstMembers: readonly string[]
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  /** The apps to which its roles are limited; none = every app. */
  readonly apps: readonly GroupApp[]
}

const shownMembers = 3

/** Lists the groups of the organization by name, with their members, roles and apps; at most 1,000. */
export const listGroups = operation({
  name: "organization_team.list",
  summary: "Lists the groups: their members, roles and apps.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ organization, read }): Promise<readonly GroupSummary[]> =>
    read(async ({ prisma }) => {
      const groups = await prisma.group.findMany({
        where: { organizationId: organization.id },
        include: {
          ...groupParts,
          _count: { select: { members: true } },
          members: {
            select: { membership: { select: { person: { select: { name: true } } } } },
            orderBy: { membership: { person: { name: "asc" } } },
            take: shownMembers,
          },
        },
        orderBy: [{ name: "asc" }, { id: "asc" }],
        take: 1_000,
      })
      return groups.map(group => ({
        id: group.id,
        name: group.name,
        description: group.description,
        claimValue: group.claimValue,
        createdAt: group.createdAt.toISOString(),
        members: group._count.members,
        firstMembers: group.members.map(({ membership }) => membership.person.name),
        roles: group.roles.map(({ role: { id, name } }) => ({ id, name })),
        apps: group.apps.map(({ app }) => app),
      }))
    }),
})
