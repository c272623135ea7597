import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import type { Principal } from "@/lib/access/principal"
import { operation } from "@/lib/operations/operation"
import { platform } from "@/lib/platform"
import { grantsOfGroup, groupParts } from "./group"

/** A group that somebody can be put into, for a dialog that asks which. */
export interface GroupChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  /** How many members it has. */
  readonly members: number
  /** Names of the roles that its members hold. */
  readonly roles: readonly string[]
  /** Names of the apps that it holds its roles to; none = every app. */
  readonly apps: readonly string[]
  /** Why the caller cannot put anybody into it; null when they can. */
  readonly refusal: string | null
}

/** Lists the groups that an invitation or a member can be given, by name; each says whether the caller can. */
export const listGroupChoices = operation({
  name: "organization_team.choices",
  summary: "Lists the groups that a member can be put into, and which of them the caller can give.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ caller, organization }): Promise<readonly GroupChoice[]> =>
    platform().database.withOrganizationPrisma(organization.id, async ({ prisma }) => {
      const groups = await prisma.group.findMany({
        where: { organizationId: organization.id },
        select: {
          id: true,
          name: true,
          description: true,
          ...groupParts,
          _count: { select: { members: true } },
        },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      })
      return groups.map(group => ({
        id: group.id,
        name: group.name,
        description: group.description,
        members: group._count.members,
        roles: group.roles.map(({ role }) => role.name),
        apps: group.apps.map(({ app }) => app.name),
        refusal: refusalOf(caller.principal, grantsOfGroup(group)),
      }))
    }),
})

function refusalOf(principal: Principal, roles: ReturnType<typeof grantsOfGroup>): string | null {
  const missing = missingForGranting(principal, roles)
  if (missing.length === 0) return null
  return `You cannot give it: its roles hold ${missing.join(", ")}, and you do not${principal.scope?.appIds ? " for every app" : ""}.`
}
