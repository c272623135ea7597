import { newId } from "@/lib/audit/ids"
import type { Database } from "@/lib/database/database"

const name = "demo"

/**
 * Returns the id of the demo organization while its data must be created: a new one for a database without any
 * organization, the same one again when the work was interrupted. Null when it is complete, or when there are organizations
 * already: a restored backup, a renamed organization, or a database in use.
 */
export async function beginDemo({ prisma }: Pick<Database, "prisma">): Promise<string | null> {
  const known = await prisma.oneTimeTask.findUnique({ where: { name } })
  if (known) return known.finishedAt === null ? known.organizationId : null
  const isUsed = (await prisma.organization.count()) > 0
  const organizationId = newId(Date.now())
  await prisma.oneTimeTask.create({
    data: isUsed ? { name, finishedAt: new Date() } : { name, organizationId },
  })
  return isUsed ? null : organizationId
}

/** Records that the demo data are complete. */
export async function finishDemo({ prisma }: Pick<Database, "prisma">): Promise<void> {
  await prisma.oneTimeTask.update({ where: { name }, data: { finishedAt: new Date() } })
}
