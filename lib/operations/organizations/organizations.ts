import { randomBytes } from "node:crypto"
import { z } from "zod"
import { administratorRole } from "@/lib/access/directory"
import { permissions } from "@/lib/access/permissions"
import type { OrganizationRef } from "@/lib/access/principal"
import { uuidv7 } from "@/lib/audit/event/uuid"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
import { nameInput } from "@/lib/operations/sign-in/accounts"

/** The app that carries the console's own events; every organization has it. */
export const builtInApp = { slug: "auditorium", name: "Auditorium" } as const

/** The roles that every organization begins with and nobody can edit. */
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

// First parts of addresses that are, or may become, something else than an organization.
const reservedSlugs = new Set(
  [
    "_next account accounts admin api app apps assets auth auditorium dashboard docs favicon health help invitation",
    "invitations login logout mail metrics new next null organization organizations org public settings setup sign-in",
    "sign-out sign-up signin signout signup static status support system undefined user users v1 v2 v3 www",
  ].flatMap(line => line.split(" ")),
)

/** A name for addresses: lower-case letters, digits and single hyphens, 2 to 40 characters, beginning with a letter. */
export const slugInput = z
  .string()
  .min(2, { error: "Use at least 2 characters.", abort: true })
  .max(40, { error: "Use at most 40 characters.", abort: true })
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "Use lower-case letters, digits and single hyphens between them, beginning with a letter.",
  )

/** The same, and no word that has another meaning at the beginning of an address. */
export const organizationSlugInput = slugInput.refine(
  slug => !reservedSlugs.has(slug),
  "This word has another meaning in addresses.",
)

/**
 * Makes an organization with its built-in app and roles. It is made from within: the caller is a job that acts on the
 * organization to be, so the database's walls hold here as everywhere, and the event opens the organization's own log.
 */
export const createOrganization = operation({
  name: "organization.create",
  summary: "Makes an organization with its built-in app and roles.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "write",
  input: z.strictObject({
    slug: organizationSlugInput,
    name: nameInput,
  }),
  run: async ({ caller, organization, prisma }, { slug, name }): Promise<OrganizationRef> => {
    if (caller.principal.kind !== "job") {
      throw new AppError("forbidden", "Organizations are made with the admin command.")
    }
    const { id } = organization
    const { count } = await prisma.organization.createMany({
      data: [{ id, slug, name, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      throw new AppError("conflict", `There is an organization "${slug}" already.`, {
        faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
      })
    }
    const newId = () => uuidv7(caller.at.getTime(), randomBytes(10))
    await prisma.app.create({
      data: { id: newId(), organizationId: id, ...builtInApp, builtIn: true, createdAt: caller.at },
    })
    await prisma.role.createMany({
      data: Object.values(builtInRoles).map(role => ({
        id: newId(),
        organizationId: id,
        name: role.name,
        description: role.description,
        permissions: [...role.permissions],
        appIds: [],
        builtIn: true,
        createdAt: caller.at,
      })),
    })
    return { id, slug, name }
  },
  about: (_, { id, slug, name }) => ({
    targets: [{ type: "organization", id, name }],
    description: `The organization ${name} was made.`,
    changes: [{ path: "", before: null, after: { slug, name } }],
  }),
})
