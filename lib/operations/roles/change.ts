import { z } from "zod"
import { refuseGrantingMore } from "@/lib/access/granting"
import { newId } from "@/lib/audit/ids"
import type { JsonObject } from "@/lib/audit/json/value"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { operation } from "@/lib/operations/core/operation"
import { findRole, lockRole, type RoleState, refuseBuiltIn, sameState, stateOf } from "./role"
import { checkState, refuseBeyondCaller, roleId, roleInput, tidyState } from "./rules"

/** Creates a role, or a copy of one under another name. */
export const createRole = operation({
  name: "role.create",
  summary: "Makes a role: a name for permissions that can be given together.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    ...roleInput,
    /** The role from which it was copied; the event names it. */
    sourceId: roleId.optional(),
  }),
  run: async (context, { sourceId, ...given }) => {
    const { caller, organization, prisma } = context
    const source = sourceId === undefined ? null : await findRole(context, sourceId)
    const state = tidyState(given)
    await checkState(context, { state, id: null })
    refuseBeyondCaller(caller, [state])
    const id = newId(caller.at.getTime())
    await prisma.role.create({
      data: { id, organizationId: organization.id, ...columnsOf(state), createdAt: caller.at },
    })
    return {
      value: { id },
      event: {
        targets: [
          { type: "role", id, name: state.name },
          ...(source ? [{ type: "role", id: source.id, name: source.name }] : []),
        ],
        description: source
          ? `The role ${state.name} was created as a copy of ${source.name}.`
          : `The role ${state.name} was created.`,
        changes: [{ path: "", before: null, after: jsonOf(state) }],
      },
    }
  },
})

/**
 * Changes a role for everybody who holds it. Throws AppError `conflict` when it was changed after the form was
 * opened.
 */
export const updateRole = operation({
  name: "role.update",
  summary: "Changes what a role is called, lets its holders do and is limited to.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    id: roleId,
    ...roleInput,
    /** The state of the role when the form was opened. */
    expected: z.strictObject(roleInput),
  }),
  run: async (context, { id, expected, ...given }) => {
    const { caller } = context
    const role = await lockRole(context, id)
    refuseBuiltIn(role)
    const before = stateOf(role)
    refuseGrantingMore(caller.principal, [before])
    if (!sameState(before, expected)) throw changedMeanwhile(`the role ${role.name}`)
    const after = tidyState(given)
    await checkState(context, { state: after, id })
    refuseBeyondCaller(caller, [before, after])
    await context.prisma.role.update({ where: { id }, data: columnsOf(after) })
    return {
      value: { id },
      event: {
        targets: [{ type: "role", id, name: after.name }],
        description:
          before.name === after.name
            ? `The role ${after.name} was changed.`
            : `The role ${before.name} was changed, and is called ${after.name} now.`,
        changes: changesOf(before, after),
      },
    }
  },
})

function columnsOf({ name, description, permissions, appIds }: RoleState) {
  return { name, description, permissions: [...permissions], appIds: [...appIds] }
}

/** Returns the state as an event stores it. */
export function jsonOf(state: RoleState): JsonObject {
  return columnsOf(state)
}

function changesOf(before: RoleState, after: RoleState) {
  const first = columnsOf(before)
  const second = columnsOf(after)
  const paths = ["name", "description", "permissions", "appIds"] as const
  return paths
    .filter(path => JSON.stringify(first[path]) !== JSON.stringify(second[path]))
    .map(path => ({ path: `/${path}`, before: first[path], after: second[path] }))
}
