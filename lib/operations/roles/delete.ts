import { z } from "zod"
import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import { AppError } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/core/authorise"
import { type About, operation, type Work } from "@/lib/operations/core/operation"
import { jsonOf } from "./change"
import { unanswered } from "./holders"
import { lockRole, type RoleState, refuseBuiltIn, type StoredRole, stateOf } from "./role"
import { roleId } from "./rules"

/** How many hold a role, of each kind. */
interface Counts {
  readonly members: number
  readonly groups: number
  readonly collaborators: number
  readonly invitations: number
}

/** Deletes a role. While anybody holds it, another one must be named that replaces it for them. */
export const deleteRole = operation({
  name: "role.delete",
  summary: "Deletes a role; while it is held, only with another role that its holders get in its place.",
  permission: "ROLE-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ id: roleId, replacementId: roleId.optional() }),
  run: async (context, { id, replacementId }) => {
    const { caller, organization, prisma } = context
    const role = await lockRole(context, id)
    refuseBuiltIn(role)
    refuseGrantingMore(caller.principal, [role])
    const replacement = await findReplacement(context, { id, replacementId })
    const counts = await countHolders(context, id)
    const isHeld = Object.values(counts).some(count => count > 0)
    if (isHeld && !replacement) throw heldError(role.name, counts)
    if (replacement) refuseGrantingMore(caller.principal, [replacement])
    if (areRolesPowerful(replacement ? [role, replacement] : [role])) requireRecentProof(caller)
    if (replacement) await handOver(context, { from: id, to: replacement.id })
    await prisma.invitationRole.deleteMany({ where: { organizationId: organization.id, roleId: id } })
    await prisma.role.delete({ where: { id } })
    const event = aboutDeletion({ id, state: stateOf(role) }, counts, isHeld ? replacement : null)
    return { value: { id }, event }
  },
})

function aboutDeletion(
  { id, state }: { readonly id: string; readonly state: RoleState },
  counts: Counts,
  replacement: StoredRole | null,
): About {
  return {
    targets: [
      { type: "role", id, name: state.name },
      ...(replacement ? [{ type: "role", id: replacement.id, name: replacement.name }] : []),
    ],
    description: replacement
      ? `The role ${state.name} was deleted; its holders received ${replacement.name} in its place.`
      : `The role ${state.name} was deleted.`,
    changes: [{ path: "", before: jsonOf(state), after: null }],
    ...(replacement
      ? { details: [`Given in its place: ${inWords(counts)}.`], metadata: { replaced: { ...counts } } }
      : {}),
  }
}

async function findReplacement(
  work: Work,
  { id, replacementId }: { readonly id: string; readonly replacementId: string | undefined },
) {
  if (replacementId === undefined) return null
  const fault = (message: string) =>
    new AppError("invalid", message, { faults: [{ pointer: "/replacementId", message }] })
  if (replacementId === id) throw fault("Choose another role than the one that goes.")
  return lockRole(work, replacementId).catch(error => {
    if (error instanceof AppError && error.code === "not-found")
      throw fault("There is no such role any more.")
    throw error
  })
}

async function countHolders({ prisma, organization }: Work, roleId: string): Promise<Counts> {
  const where = { organizationId: organization.id, roleId }
  return {
    members: await prisma.membershipRole.count({ where }),
    groups: await prisma.groupRole.count({ where }),
    collaborators: await prisma.collaborator.count({ where }),
    invitations: await prisma.invitationRole.count({ where: { ...where, invitation: unanswered } }),
  }
}

function heldError(name: string, counts: Counts): AppError {
  return new AppError(
    "conflict",
    `${name} is held by ${inWords(counts)}. Choose a role that they get in its place, or take it away from them first.`,
  )
}

function inWords(counts: Counts): string {
  const parts = [
    counted(counts.members, "member", "members"),
    counted(counts.groups, "group", "groups"),
    counted(counts.collaborators, "collaborator", "collaborators"),
    counted(counts.invitations, "invitation", "invitations"),
  ].filter(part => part !== "")
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`
}

// The primary keys of the links contain the role, so each link is inserted again; a holder of both roles keeps one.
async function handOver(
  { tx, organization }: Work,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const links = [
    { table: "membership_role", holder: "person_id" },
    { table: "group_role", holder: "group_id" },
    { table: "invitation_role", holder: "invitation_id" },
  ] as const
  for (const { table, holder } of links) {
    await tx.query(
      `INSERT INTO ${table} (organization_id, ${holder}, role_id)
       SELECT organization_id, ${holder}, $3::uuid FROM ${table}
       WHERE organization_id = $1::uuid AND role_id = $2::uuid ON CONFLICT DO NOTHING`,
      [organization.id, from, to],
    )
    await tx.query(`DELETE FROM ${table} WHERE organization_id = $1::uuid AND role_id = $2::uuid`, [
      organization.id,
      from,
    ])
  }
  await tx.query(
    "UPDATE collaborator SET role_id = $3::uuid WHERE organization_id = $1::uuid AND role_id = $2::uuid",
    [organization.id, from, to],
  )
}
