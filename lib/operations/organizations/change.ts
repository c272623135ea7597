import { z } from "zod"
import { isUniqueViolation } from "@/lib/database/errors"
import { AppError } from "@/lib/errors"
import { changedMeanwhile } from "@/lib/operations/core/changed-meanwhile"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { organizationSlugInput, slugInput, takenSlug } from "./create"

/**
 * Changes the name or the slug of the organization. Throws AppError `conflict` when they were changed after the form
 * was opened. Sessions stay valid; urls with the old slug are answered like those of an unknown organization.
 */
export const updateOrganization = operation({
  name: "organization.update",
  summary: "Renames the organization, or changes its part of addresses.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    name: nameInput,
    slug: organizationSlugInput.optional(),
    /** The name and the slug when the form was opened. */
    expected: z.strictObject({ name: nameInput, slug: slugInput }),
  }),
  run: async ({ organization, prisma }, { expected, ...input }) => {
    const { id } = organization
    const before = await prisma.organization.findUniqueOrThrow({
      where: { id },
      select: { name: true, slug: true },
    })
    if (before.name !== expected.name || before.slug !== expected.slug) throw renamedMeanwhile()
    const after = { name: input.name, slug: input.slug ?? before.slug }
    if (before.name === after.name && before.slug === after.slug) {
      throw new AppError("conflict", "Nothing would change.")
    }
    const taken = await prisma.organization.findUnique({ where: { slug: after.slug }, select: { id: true } })
    if (taken && taken.id !== id) throw takenSlug(after.slug)
    const changed = await prisma.organization
      .updateMany({ where: { id, ...before }, data: after })
      .catch(error => {
        // A concurrent change gave the slug to another organization.
        throw isUniqueViolation(error) ? takenSlug(after.slug) : error
      })
    // A concurrent change of this organization was committed first.
    if (changed.count === 0) throw renamedMeanwhile()
    return {
      value: { id, ...after },
      event: {
        targets: [{ type: "organization", id, name: after.name }],
        description: `The organization ${before.name} was changed.`,
        changes: [
          { path: "/name", before: before.name, after: after.name },
          { path: "/slug", before: before.slug, after: after.slug },
        ].filter(change => change.before !== change.after),
      },
    }
  },
})

function renamedMeanwhile(): AppError {
  return changedMeanwhile("the name or the address of the organization")
}

/** Finds the organization as its settings show it. */
export const findOrganization = operation({
  name: "organization.find",
  summary: "Tells the name, the part of addresses, the id and the age of the organization.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, read }) => {
    const { id, slug, name, createdAt } = await read(({ prisma }) =>
      prisma.organization.findUniqueOrThrow({ where: { id: organization.id } }),
    )
    return { id, slug, name, createdAt: createdAt.toISOString() }
  },
})
