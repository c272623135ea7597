import { AppError } from "@/lib/errors"
import type { ReadContext } from "@/lib/operations/core/operation"
import { isUserId } from "./user-id"

/**
 * Throws AppError `not-found`, always with the same words, unless the user is the organization of the caller: as `me`, by its slug or
 * id, or by one of its Clarifai user ids.
 */
export async function refuseUnknownUser(context: ReadContext, user: string): Promise<void> {
  const { organization } = context
  if (user === "me" || user === organization.slug || user.toLowerCase() === organization.id) return
  if (isUserId(user) && (await isAlias(context, user))) return
  throw new AppError("not-found", "There is no such user, or this key does not belong to it.")
}

async function isAlias({ organization, read }: ReadContext, value: string): Promise<boolean> {
  const where = { value, organizationId: organization.id }
  return (await read(({ prisma }) => prisma.clarifaiUserId.count({ where }))) > 0
}
