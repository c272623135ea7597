import { z } from "zod"
import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import type { HeldRole } from "@/lib/access/held-roles"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { operation, type Work } from "@/lib/operations/core/operation"
import { personIdInput } from "./input"
import { findMemberBelow, isDirect, isSelf, memberTarget } from "./member"

interface ChosenRole {
  readonly id: string
  readonly name: string
  readonly permissions: readonly string[]
  readonly appIds: readonly string[]
}

const mostTargets = 20

const roleIdsInput = z.array(z.uuid("Give the id of a role.")).max(100, "Choose at most 100 roles.")

/**
 * Sets the roles that a member holds directly; roles through groups and single apps stay. Throws AppError `conflict`
 * when they were changed after the form was opened. Nobody gives more than they hold, or changes somebody who holds
 * more. Removing a role from oneself requires `self`.
 */
export const changeMember = operation({
  name: "organization_member.change",
  summary: "Sets the roles that a member holds directly.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    personId: personIdInput,
    roleIds: roleIdsInput,
    /** What the member held directly when the form was opened. */
    expected: z.strictObject({ roleIds: roleIdsInput }),
    /** Set to confirm that callers remove a role from themselves. */
    self: z.literal(true).optional(),
  }),
  run: async (context, { personId, roleIds, expected, self }) => {
    const { caller, prisma } = context
    const key = { organizationId: context.organization.id, personId }
    const member = await findMemberBelow(context, personId)
    const held = member.roles.filter(isDirect)
    const heldIds = held.map(({ roleId }) => roleId)
    if (!sameIds(heldIds, expected.roleIds)) throw changedMeanwhile(`the roles of ${member.name}`)
    const chosen = await findRoles(context, roleIds)
    const added = chosen.filter(role => !held.some(({ roleId }) => roleId === role.id))
    const taken = held.filter(({ roleId }) => !chosen.some(role => role.id === roleId))
    if (added.length + taken.length === 0) {
      throw new AppError("conflict", `${member.name} holds exactly these roles already.`)
    }
    refuseGrantingMore(caller.principal, added)
    if (taken.length > 0 && isSelf(caller.principal, member) && !self) {
      throw new AppError("conflict", "This is you. Confirm that you give up a role yourself.")
    }
    if (areRolesPowerful(added)) requireRecentProof(caller)
    await prisma.membershipRole.deleteMany({
      where: { ...key, roleId: { in: taken.map(({ roleId }) => roleId) } },
    })
    await prisma.membershipRole.createMany({ data: added.map(({ id }) => ({ ...key, roleId: id })) })
    const touched = [...added.map(({ id, name }) => ({ id, name })), ...taken.map(targetOf)]
    return {
      value: { personId },
      event: {
        targets: [
          memberTarget(member),
          ...touched.slice(0, mostTargets - 1).map(role => ({ type: "role", ...role })),
        ],
        description: `The roles of ${member.name} were changed.`,
        changes: [{ path: "/roles", before: namesOf(held), after: namesOf(chosen) }],
      },
    }
  },
})

// Locked, so that the roles given are the roles checked: nobody changes or deletes them before the commit.
async function findRoles({ tx, organization }: Work, ids: readonly string[]): Promise<readonly ChosenRole[]> {
  const roles = await tx.query<ChosenRole>(
    `SELECT id, name, permissions, app_ids AS "appIds" FROM role
     WHERE organization_id = $1::uuid AND id = ANY ($2::uuid[]) ORDER BY id FOR SHARE`,
    [organization.id, ids],
  )
  const faults = ids.flatMap((id, position) =>
    roles.some(role => role.id === id)
      ? []
      : [{ pointer: `/roleIds/${position}`, message: "There is no such role any more." }],
  )
  if (faults.length > 0) throw new AppError("invalid", "Not every role exists.", { faults })
  return roles
}

function sameIds(first: readonly string[], second: readonly string[]): boolean {
  return [...new Set(first)].sort().join() === [...new Set(second)].sort().join()
}

function targetOf({ roleId, name }: HeldRole) {
  return { id: roleId, name }
}

function namesOf(roles: readonly { readonly name: string }[]): string[] {
  return roles.map(({ name }) => name).sort()
}
