import { z } from "zod"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
import { nameInput } from "@/lib/operations/sign-in/accounts"
import { organizationSlugInput } from "./organizations"

/**
 * Renames the organization, or gives it another address. Sessions go on; the old address is nobody's from then on, and is
 * answered like one that never was.
 */
export const updateOrganization = operation({
  name: "organization.update",
  summary: "Renames the organization, or changes its part of addresses.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ name: nameInput, slug: organizationSlugInput.optional() }),
  run: async ({ organization, prisma }, input) => {
    const { id } = organization
    const before = await prisma.organization.findUniqueOrThrow({
      where: { id },
      select: { name: true, slug: true },
    })
    const after = { name: input.name, slug: input.slug ?? before.slug }
    if (before.name === after.name && before.slug === after.slug) {
      throw new AppError("conflict", "Nothing would change.")
    }
    const taken = await prisma.organization.findUnique({ where: { slug: after.slug }, select: { id: true } })
    if (taken && taken.id !== id) throw takenSlug(after.slug)
    await prisma.organization.update({ where: { id }, data: after })
    return { id, before, ...after }
  },
  about: (_, { id, before, name, slug }) => ({
    targets: [{ type: "organization", id, name }],
    description: `The organization ${before.name} was changed.`,
    changes: [
      { path: "/name", before: before.name, after: name },
      { path: "/slug", before: before.slug, after: slug },
    ].filter(change => change.before !== change.after),
  }),
})

function takenSlug(slug: string): AppError {
  return new AppError("conflict", `There is an organization "${slug}" already.`, {
    faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
  })
}
