import { z } from "zod"
import { administratorRole } from "@/lib/access/directory"
import { permissions } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import type { PrismaTransaction } from "@/lib/database/database"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/core/operation"
import { nameInput } from "@/lib/operations/sign-in/credentials"

/** The app of the console's own events; every organization has it. */
export const builtInApp = { slug: "auditorium", name: "Auditorium" } as const

/** The built-in roles of every organization, which nobody can edit. */
export const builtInRoles = {
  administrator: {
    name: administratorRole,
    description: "May do everything in the organization.",
    permissions,
  },
  auditor: {
    name: "Auditor",
    description: "May see, search and export the audit logs.",
    permissions: ["LOG-MANAGEMENT"],
  },
  member: {
    name: "Member",
    description: "Belongs to the organization, and may do nothing yet.",
    permissions: [],
  },
} as const

/** First path segments that have, or may get, another meaning than an organization. */
export const reservedSlugs: ReadonlySet<string> = new Set(
  [
    "_next account accounts admin api app apps assets auth auditorium dashboard docs favicon health help invitation",
    "invitations login logout mail metrics new next null organization organizations org public settings setup sign-in",
    "sign-out sign-up signin signout signup static status support system undefined user users v1 v2 v3 www",
  ].flatMap(line => line.split(" ")),
)

/** A slug for urls: lower-case letters, digits and single hyphens, 2 to 40 characters, beginning with a letter. */
export const slugInput = z
  .string()
  .min(2, { error: "Use at least 2 characters.", abort: true })
  .max(40, { error: "Use at most 40 characters.", abort: true })
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "Use lower-case letters, digits and single hyphens between them, beginning with a letter.",
  )

/** The same, without words that have another meaning as the first path segment. */
export const organizationSlugInput = slugInput.refine(
  slug => !reservedSlugs.has(slug),
  "This word has another meaning in addresses.",
)

/**
 * Creates an organization with its built-in app and roles. A job acts on the new organization itself. A person acts
 * in an organization where they have the permission and becomes administrator of the new one; both logs get the
 * event.
 */
export const createOrganization = operation({
  name: "organization.create",
  summary: "Makes an organization with its built-in app and roles; who makes it becomes its administrator.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ slug: organizationSlugInput, name: nameInput }),
  run: async ({ caller, organization, prisma, enter }, { slug, name }) => {
    const { principal, at } = caller
    if (principal.kind === "api-key") {
      throw new AppError("forbidden", "Organizations are created by people, or with the admin command.")
    }
    const id = principal.kind === "job" ? organization.id : newId(at.getTime())
    const made = { id, slug, name }
    const { count } = await prisma.organization.createMany({
      data: [{ ...made, createdAt: at }],
      skipDuplicates: true,
    })
    if (count === 0) throw takenSlug(slug)
    await enter(id)
    const { administratorRoleId } = await furnish(prisma, { organizationId: id, at })
    if (principal.kind === "person") {
      const membership = { organizationId: id, personId: principal.personId }
      await prisma.membership.create({ data: { ...membership, createdAt: at } })
      await prisma.membershipRole.create({ data: { ...membership, roleId: administratorRoleId } })
    }
    return {
      value: made,
      event: {
        targets: [{ type: "organization", id, name }],
        organizationIds: [...new Set([id, organization.id])],
        description: `The organization ${name} was created.`,
        details: principal.kind === "person" ? [`${principal.name} is its administrator.`] : [],
        changes: [{ path: "", before: null, after: { slug, name } }],
      },
    }
  },
})

/** Returns the AppError `conflict` for a slug that another organization has. */
export function takenSlug(slug: string): AppError {
  return new AppError("conflict", `There is an organization "${slug}" already.`, {
    faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
  })
}

/** What every new organization gets: the app of the console's own events, and the built-in roles. */
async function furnish(
  prisma: PrismaTransaction,
  { organizationId, at }: { readonly organizationId: string; readonly at: Date },
): Promise<{ readonly administratorRoleId: string }> {
  await prisma.app.create({
    data: { id: newId(at.getTime()), organizationId, ...builtInApp, builtIn: true, createdAt: at },
  })
  const roles = Object.values(builtInRoles).map(role => ({
    id: newId(at.getTime()),
    organizationId,
    name: role.name,
    description: role.description,
    permissions: [...role.permissions],
    appIds: [],
    builtIn: true,
    createdAt: at,
  }))
  await prisma.role.createMany({ data: roles })
  const administrator = roles.find(role => role.name === administratorRole)
  if (!administrator) throw new AppError("internal", "An organization would have no administrators.")
  return { administratorRoleId: administrator.id }
}
