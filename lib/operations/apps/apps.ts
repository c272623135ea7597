import { randomBytes } from "node:crypto"
import { z } from "zod"
import { uuidv7 } from "@/lib/audit/event/uuid"
import { AppError } from "@/lib/errors"
import { operation } from "@/lib/operations/operation"
import { slugInput } from "@/lib/operations/organizations/organizations"
import { nameInput } from "@/lib/operations/sign-in/accounts"
import { platform } from "@/lib/platform"

/** An app as lists show it. */
export interface AppSummary {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** Carries the console's own events; it takes no keys and cannot be archived. */
  readonly builtIn: boolean
  readonly createdAt: string
  readonly archivedAt: string | null
}

/** Makes an app of the organization: a producer of events. */
export const createApp = operation({
  name: "application.create",
  summary: "Makes an app: a producer of events.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ slug: slugInput, name: nameInput }),
  run: async ({ caller, organization, prisma }, { slug, name }): Promise<AppSummary> => {
    const id = uuidv7(caller.at.getTime(), randomBytes(10))
    const { count } = await prisma.app.createMany({
      data: [{ id, organizationId: organization.id, slug, name, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      throw new AppError("conflict", `There is an app "${slug}" already.`, {
        faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
      })
    }
    return { id, slug, name, builtIn: false, createdAt: caller.at.toISOString(), archivedAt: null }
  },
  about: (_, { id, slug, name }) => ({
    targets: [{ type: "application", id, name }],
    description: `The app ${name} was made.`,
    changes: [{ path: "", before: null, after: { slug, name } }],
  }),
})

/** Lists the apps of the organization, by name. */
export const listApps = operation({
  name: "application.list",
  summary: "Lists the apps of the organization.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ organization }) => appsOf(organization.id),
})

async function appsOf(organizationId: string): Promise<readonly AppSummary[]> {
  const apps = await platform().database.withOrganizationPrisma(organizationId, ({ prisma }) =>
    prisma.app.findMany({
      where: { organizationId },
      orderBy: [{ name: "asc" }, { slug: "asc" }],
    }),
  )
  return apps.map(({ id, slug, name, builtIn, createdAt, archivedAt }) => ({
    id,
    slug,
    name,
    builtIn,
    createdAt: createdAt.toISOString(),
    archivedAt: archivedAt?.toISOString() ?? null,
  }))
}
