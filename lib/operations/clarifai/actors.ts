import { isUuid } from "@/lib/audit/uuid"
import type { ReadContext } from "@/lib/operations/core/operation"

/** Returns the ids of actors that are meant: the id of a group of the organization means its current members. */
export async function actorsOf(
  { organization, read }: ReadContext,
  userIds: readonly string[],
): Promise<readonly string[]> {
  const candidates = [...new Set(userIds.map(id => id.toLowerCase()).filter(isUuid))]
  if (candidates.length === 0) return userIds
  const organizationId = organization.id
  const groups = await read(({ prisma }) =>
    prisma.group.findMany({
      where: { organizationId, id: { in: candidates } },
      select: { id: true, members: { select: { personId: true } } },
    }),
  )
  const membersOf = new Map(groups.map(({ id, members }) => [id, members.map(({ personId }) => personId)]))
  return [...new Set(userIds.flatMap(id => membersOf.get(id.toLowerCase()) ?? [id]))]
}
