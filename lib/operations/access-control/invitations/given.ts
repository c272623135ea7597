import { areRolesPowerful, refuseGrantingMore } from "@/lib/access/granting"
import type { GrantingRole } from "@/lib/access/grants"
import type { PrismaTransaction } from "@/lib/db"
import { AppError, type Fault } from "@/lib/errors"
import { requireRecentProof } from "@/lib/operations/authorise"
import type { Caller } from "@/lib/operations/operation"

/** What an invitation will give, by name. */
export interface Chosen {
  readonly roles: readonly { readonly id: string; readonly name: string }[]
  readonly groups: readonly { readonly id: string; readonly name: string }[]
}

interface Choice {
  readonly roleIds: readonly string[]
  readonly groupIds: readonly string[]
}

/**
 * Promise: the roles and groups of these ids, by name, after seeing that the caller may give all that comes with them.
 * Throws AppError `invalid` for an id that is unknown or foreign, `forbidden` for more than the caller holds, and
 * `proof-required` when what is given is powerful and the caller's proof is old.
 */
export async function chooseGiven(
  prisma: PrismaTransaction,
  { caller, organizationId }: { readonly caller: Caller; readonly organizationId: string },
  choice: Choice,
): Promise<Chosen> {
  const { roles, groups, granted } = await findGiven(prisma, organizationId, choice)
  const faults = [
    ...unknown("/roleIds", choice.roleIds, roles, "There is no such role any more."),
    ...unknown("/groupIds", choice.groupIds, groups, "There is no such group any more."),
  ]
  if (faults.length > 0) throw new AppError("invalid", "Not everything chosen exists.", { faults })
  refuseGrantingMore(caller.principal, granted)
  if (areRolesPowerful(granted)) requireRecentProof(caller)
  return { roles, groups }
}

/** Promise: what there is of these roles and groups, by name, and all the roles that come with them. */
export async function findGiven(
  prisma: PrismaTransaction,
  organizationId: string,
  { roleIds, groupIds }: Choice,
): Promise<Chosen & { readonly granted: readonly GrantingRole[] }> {
  const roles = await prisma.role.findMany({
    where: { organizationId, id: { in: [...roleIds] } },
    orderBy: { name: "asc" },
  })
  const groups = await prisma.group.findMany({
    where: { organizationId, id: { in: [...groupIds] } },
    include: { roles: { include: { role: true } }, apps: { select: { appId: true } } },
    orderBy: { name: "asc" },
  })
  const granted: readonly GrantingRole[] = [
    ...roles,
    ...groups.flatMap(group =>
      group.roles.map(({ role }) => ({ ...role, assignmentAppIds: group.apps.map(({ appId }) => appId) })),
    ),
  ]
  return { roles: roles.map(nameOf), groups: groups.map(nameOf), granted }
}

function unknown(
  pointer: string,
  asked: readonly string[],
  found: readonly { readonly id: string }[],
  message: string,
): Fault[] {
  return asked.flatMap((id, position) =>
    found.some(each => each.id === id) ? [] : [{ pointer: `${pointer}/${position}`, message }],
  )
}

function nameOf({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name }
}
