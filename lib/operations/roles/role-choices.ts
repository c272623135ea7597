import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import type { GrantingRole } from "@/lib/access/grants"
import type { Principal } from "@/lib/access/principal"
import { operation, type ReadContext } from "@/lib/operations/core/operation"

/** A role in a dialog that asks which role to give. */
export interface RoleChoice {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly builtIn: boolean
  /** Descriptions of permissions from the catalogue. */
  readonly permissions: readonly string[]
  /** The apps to which it is limited; none = every app. */
  readonly appIds: readonly string[]
  /** Why the caller cannot give it; null when they can. */
  readonly refusal: string | null
}

/** Lists by name the roles that an invitation can give; each says whether the caller can give it. */
export const listRoleChoices = operation({
  name: "role.choices",
  summary: "Lists the roles that an invitation can carry, and which of them the caller can give.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: context => choicesOf(context),
})

/** The same for giving roles to groups and members. */
export const listRoleChoicesToHandOut = operation({
  name: "role.choices_to_hand_out",
  summary: "Lists the roles that a group or a member can be given, and which of them the caller can give.",
  permission: "ROLE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: context => choicesOf(context),
})

/** The same for collaborators of one app, where a role reaches no other app. */
export const listRoleChoicesForApp = operation({
  name: "role.choices_for_app",
  summary:
    "Lists the roles that a collaborator of an app can be given, and which of them the caller can give.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ appId: z.uuid("Give the id of an app.") }),
  run: (context, { appId }) => choicesOf(context, [appId]),
})

async function choicesOf(
  { caller: { principal }, read }: ReadContext,
  assignmentAppIds: readonly string[] = [],
): Promise<readonly RoleChoice[]> {
  const roles = await read(({ prisma, organization }) =>
    prisma.role.findMany({
      where: { organizationId: organization.id },
      select: { id: true, name: true, description: true, builtIn: true, permissions: true, appIds: true },
      orderBy: [{ builtIn: "desc" }, { name: "asc" }, { id: "asc" }],
    }),
  )
  return roles.map(role => ({ ...role, refusal: refusalOf(principal, { ...role, assignmentAppIds }) }))
}

/** Returns the sentence that says why the principal cannot give the role; null when it can. */
export function refusalOf(principal: Principal, role: GrantingRole): string | null {
  const missing = missingForGranting(principal, [role])
  if (missing.length === 0) return null
  return `You cannot give it: you do not hold ${missing.join(", ")} yourself${role.appIds.length > 0 ? " for its apps" : ""}.`
}
