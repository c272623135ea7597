import { z } from "zod"
import { isUuid } from "@/lib/audit/uuid"
import { isUniqueViolation } from "@/lib/database/errors"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { isUserId } from "./user-id"

/** A name by which programs for Clarifai's API call the organization, besides its slug and its id. */
export interface ClarifaiUserIdRow {
  readonly value: string
  readonly createdAt: string
  /** The name of that time. */
  readonly createdBy: string
}

const most = 50

/** Lists the Clarifai user ids of the organization, in their order. */
export const listClarifaiUserIds = operation({
  name: "clarifai_user_id.list",
  summary: "Lists the user ids by which programs for Clarifai's API call the organization.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ organization, read }): Promise<readonly ClarifaiUserIdRow[]> =>
    read(async ({ prisma }) => {
      const rows = await prisma.clarifaiUserId.findMany({
        where: { organizationId: organization.id },
        orderBy: { value: "asc" },
      })
      return rows.map(({ value, createdAt, createdBy }) => ({
        ...{ value, createdBy },
        createdAt: createdAt.toISOString(),
      }))
    }),
})

const valueInput = z
  .string()
  .trim()
  .min(1, { error: "Type the user id.", abort: true })
  .refine(isUserId, "Use letters, digits, dots, hyphens, underscores and @, at most 100 characters.")

/** Adds a user id. Throws AppError `invalid` for one that belongs to another organization, or means something already. */
export const createClarifaiUserId = operation({
  name: "clarifai_user_id.create",
  summary: "Adds a user id by which programs for Clarifai's API call the organization.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ value: valueInput }),
  run: async ({ organization, prisma, caller: { principal, at } }, { value }) => {
    const organizationId = organization.id
    if (value === "me") throw refused("Every key calls its own organization that.")
    const namesakes = await prisma.organization.count({
      where: { OR: [{ slug: value }, ...(isUuid(value) ? [{ id: value }] : [])] },
    })
    if (namesakes > 0) throw refused("An organization is called that already, by its address or its id.")
    if ((await prisma.clarifaiUserId.count({ where: { organizationId } })) >= most) {
      throw new AppError(
        "conflict",
        `An organization has at most ${most} Clarifai user ids. Remove one first.`,
      )
    }
    const createdBy = "name" in principal ? principal.name : principal.kind
    const { count } = await prisma.clarifaiUserId
      .createMany({ data: [{ value, organizationId, createdAt: at, createdBy }], skipDuplicates: true })
      .catch(error => {
        throw isUniqueViolation(error) ? taken() : error
      })
    if (count === 0) throw taken()
    return { value: { value }, event: about(organization, value, "added") }
  },
})

/** Removes a user id: programs that use it are refused from their next request on. */
export const deleteClarifaiUserId = operation({
  name: "clarifai_user_id.delete",
  summary: "Removes a user id by which programs for Clarifai's API call the organization.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ value: valueInput }),
  run: async ({ organization, prisma }, { value }) => {
    const where = { value, organizationId: organization.id }
    const { count } = await prisma.clarifaiUserId.deleteMany({ where })
    if (count === 0)
      throw new AppError("not-found", "The organization has no such Clarifai user id any more.")
    return { value: { value }, event: about(organization, value, "removed") }
  },
})

function about(
  { id, name }: { readonly id: string; readonly name: string },
  value: string,
  what: "added" | "removed",
) {
  const [before, after] = what === "added" ? [null, value] : [value, null]
  return {
    targets: [{ type: "organization", id, name }],
    description: `The Clarifai user id ${value} was ${what}.`,
    changes: [{ path: "/clarifaiUserIds", before, after }],
  }
}

function taken(): AppError {
  return refused("It belongs to an organization of this installation already.")
}

function refused(message: string): AppError {
  return new AppError("invalid", `Not acceptable as sent. ${message}`, {
    faults: [{ pointer: "/value", message }],
  })
}
