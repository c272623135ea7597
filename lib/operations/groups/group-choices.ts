import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import type { Principal } from "@/lib/access/principal"
import { operation } from "@/lib/operations/core/operation"
import { grantsOfGroup, groupParts } from "./group"

/** A group in a dialog that asks which group to add somebody to. */
export interface GroupChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  /** How many members it has. */
  readonly members: number
  /** Names of the apps to which its roles are limited; none = every app. */
  readonly roles: readonly string[]
  /** Why the caller cannot add anybody to it; null when they can. */
  readonly apps: readonly string[]
  /** Why the caller cannot put anybody into it; null when they can. */
  readonly refusal: string | null
}

/** Lists by name the groups that an invitation or a member can get; each says whether the caller can give it. */
export const listGroupChoices = operation({
  name: "organization_team.choices",
  summary: "Lists the groups that a member can be put into, and which of them the caller can give.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ caller, organization, read }): Promise<readonly GroupChoice[]> =>
    read(async ({ prisma }) => {
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
