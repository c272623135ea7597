import { z } from "zod"
import { AppError } from "@/lib/errors"
import { activeAt } from "@/lib/operations/api-keys/key-state"
import { operation } from "@/lib/operations/core/operation"

/** Something of the organization, by name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** What archiving an app affects. */
export interface AppUses {
  /** Keys that are valid, or would be if the app were not archived. */
  readonly activeKeys: number
  /** Roles limited to some apps, this one among them. */
  readonly roles: readonly Named[]
  /** Groups limited to some apps, this one among them. */
  readonly groups: readonly Named[]
  /** Members who hold a role in this app only. */
  readonly collaborators: readonly Named[]
}

/** Lists what depends on an app, to be shown before it is archived. */
export const findAppUses = operation({
  name: "application.find_uses",
  summary: "Tells which keys, roles, groups and collaborators hang on an app.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({
    /** The slug of the app. */
    app: z.string().max(100),
  }),
  run: ({ caller, organization, read }, { app: slug }): Promise<AppUses> =>
    read(async ({ prisma }) => {
      const organizationId = organization.id
      const app = await prisma.app.findUnique({
        where: { organizationId_slug: { organizationId, slug } },
        select: { id: true },
      })
      if (!app) throw new AppError("not-found", `There is no app "${slug}".`)
      const named = { select: { id: true, name: true }, orderBy: { name: "asc" } } as const
      const activeKeys = await prisma.apiKey.count({
        where: { organizationId, appId: app.id, ...activeAt(caller.at) },
      })
      const roles = await prisma.role.findMany({
        where: { organizationId, appIds: { has: app.id } },
        ...named,
      })
      const groups = await prisma.group.findMany({
        where: { organizationId, apps: { some: { appId: app.id } } },
        ...named,
      })
      const collaborators = await prisma.collaborator.findMany({
        where: { organizationId, appId: app.id },
        select: { membership: { select: { person: { select: { id: true, name: true } } } } },
      })
      const people = collaborators.map(({ membership }) => membership.person)
      return { activeKeys, roles, groups, collaborators: people.sort((a, b) => a.name.localeCompare(b.name)) }
    }),
})
