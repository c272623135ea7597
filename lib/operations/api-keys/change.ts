import { z } from "zod"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"

export const idInput = z.uuid("Give the id of a key, as the list shows it.")

// The row is locked, so that two changes of one key happen one after the other.
export async function keyToChange({ prisma, caller: { at }, organization }: Work, id: string) {
  const organizationId = organization.id
  await prisma.$queryRaw`SELECT id FROM api_key WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`
  const key = await prisma.apiKey.findFirst({
    where: { id, organizationId },
    include: { app: { select: { id: true, slug: true, name: true, archivedAt: true } } },
  })
  if (!key) throw new AppError("not-found", "There is no such key.")
  if (key.revokedAt) throw new AppError("conflict", `The key ${key.name} is revoked.`)
  if (key.expiresAt && key.expiresAt <= at) throw new AppError("conflict", `The key ${key.name} has expired.`)
  if (key.app.archivedAt) throw new AppError("conflict", `The app ${key.app.name} is archived.`)
  return key
}
