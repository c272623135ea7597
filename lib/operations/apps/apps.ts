import { z } from "zod"
import { isPermission } from "@/lib/access/permissions"
import { newId } from "@/lib/audit/ids"
import { AppError } from "@/lib/errors"
import { operation, type Work } from "@/lib/operations/core/operation"
import { slugInput } from "@/lib/operations/organizations/create"
import { nameInput } from "@/lib/operations/sign-in/credentials"
import { scopeFaults } from "./api-key-rules"
import { activeAt } from "./key-state"

/** An app as lists show it. */
export interface AppSummary {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** True for the app of the console's own events; it has no keys and cannot be archived. */
  readonly builtIn: boolean
  readonly createdAt: string
  readonly archivedAt: string | null
}

/** Creates an app of the organization: a producer of events. */
export const createApp = operation({
  name: "application.create",
  summary: "Makes an app: a producer of events.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ slug: slugInput, name: nameInput }),
  run: async ({ caller, organization, prisma }, { slug, name }) => {
    const id = newId(caller.at.getTime())
    const { count } = await prisma.app.createMany({
      data: [{ id, organizationId: organization.id, slug, name, createdAt: caller.at }],
      skipDuplicates: true,
    })
    if (count === 0) {
      throw new AppError("conflict", `There is an app "${slug}" already.`, {
        faults: [{ pointer: "/slug", message: "Choose another: this one is taken." }],
      })
    }
    const app: AppSummary = {
      ...{ id, slug, name, builtIn: false },
      ...{ createdAt: caller.at.toISOString(), archivedAt: null },
    }
    return {
      value: app,
      event: {
        targets: [{ type: "application", id, name }],
        description: `The app ${name} was created.`,
        changes: [{ path: "", before: null, after: { slug, name } }],
      },
    }
  },
})

const appInput = {
  /** The slug of the app. */
  app: z.string().max(100),
}

/** Renames an app. The slug stays: filters, URLs and exports use it. */
export const updateApp = operation({
  name: "application.update",
  summary: "Renames an app.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject({ ...appInput, name: nameInput }),
  run: async (context, { app: slug, name }) => {
    const app = await appToChange(context, slug)
    if (app.name === name) throw new AppError("conflict", `The app is called ${name} already.`)
    await context.prisma.app.update({ where: { id: app.id }, data: { name } })
    return {
      value: { id: app.id },
      event: {
        targets: [{ type: "application", id: app.id, name }],
        description: `The app ${app.name} was renamed to ${name}.`,
        changes: [{ path: "/name", before: app.name, after: name }],
      },
    }
  },
})

/** Archives an app: its keys are refused within five seconds; its events stay and can be searched. */
export const archiveApp = operation({
  name: "application.archive",
  summary: "Archives an app: its keys are refused, its events stay.",
  permission: "APP-MANAGEMENT",
  effect: "write",
  input: z.strictObject(appInput),
  run: async (context, { app: slug }) => {
    const { at } = context.caller
    const app = await appToChange(context, slug)
    const archived = await context.prisma.app.updateMany({
      where: { id: app.id, archivedAt: null },
      data: { archivedAt: at },
    })
    if (archived.count === 0) throw new AppError("conflict", `The app ${app.name} is archived already.`)
    return {
      value: { id: app.id },
      event: {
        targets: [{ type: "application", id: app.id, name: app.name }],
        description: `The app ${app.name} was archived.`,
        changes: [{ path: "/archivedAt", before: null, after: at.toISOString() }],
      },
    }
  },
})

/**
 * Restores an archived app: its keys that have neither expired nor been revoked are valid again. Requires the
 * permissions to create such keys.
 */
export const restoreApp = operation({
  name: "application.restore",
  summary: "Restores an archived app: its keys work again.",
  permission: "APP-MANAGEMENT",
  recentProof: true,
  effect: "write",
  input: z.strictObject(appInput),
  run: async (context, { app: slug }) => {
    const app = await appToChange(context, slug)
    const restored = await context.prisma.app.updateMany({
      where: { id: app.id, archivedAt: { not: null } },
      data: { archivedAt: null },
    })
    if (restored.count === 0) throw new AppError("conflict", `The app ${app.name} is not archived.`)
    await refuseRevivingBeyond(context, app)
    return {
      value: { id: app.id },
      event: {
        targets: [{ type: "application", id: app.id, name: app.name }],
        description: `The app ${app.name} was restored.`,
        changes: [{ path: "/archivedAt", before: app.archivedAt?.toISOString() ?? null, after: null }],
      },
    }
  },
})

const keysNamed = 5

// The keys of an archived app may have more permissions than the caller could give.
async function refuseRevivingBeyond(
  { prisma, caller: { principal, at } }: Work,
  app: { readonly id: string; readonly organizationId: string; readonly name: string },
): Promise<void> {
  const keys = await prisma.apiKey.findMany({
    where: { organizationId: app.organizationId, appId: app.id, ...activeAt(at) },
    select: { name: true, lastFour: true, scopes: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  })
  const faultsOf = (scopes: readonly string[]) => scopeFaults(principal, scopes.filter(isPermission))
  const beyond = keys.filter(({ scopes }) => faultsOf(scopes).length > 0)
  if (beyond.length === 0) return
  const named = beyond.slice(0, keysNamed).map(({ name, lastFour }) => `${name} …${lastFour}`)
  const more = beyond.length > keysNamed ? ` and ${beyond.length - keysNamed} more` : ""
  const reasons = faultsOf([...new Set(beyond.flatMap(({ scopes }) => scopes))])
  throw new AppError(
    "forbidden",
    [
      `With the app ${app.name}, keys would work again that can do more than you: ${named.join(", ")}${more}.`,
      ...reasons.map(({ message }) => message),
      "Revoke these keys first, or leave it to somebody who could make them.",
    ].join(" "),
  )
}

async function appToChange({ prisma, organization }: Work, slug: string) {
  const organizationId = organization.id
  const app = await prisma.app.findUnique({ where: { organizationId_slug: { organizationId, slug } } })
  if (!app) throw new AppError("not-found", `There is no app "${slug}".`)
  if (app.builtIn) {
    throw new AppError("conflict", `${app.name} carries the console's own events and cannot be changed.`)
  }
  return app
}

/** Lists the apps of the organization, by name. */
export const listApps = operation({
  name: "application.list",
  summary: "Lists the apps of the organization.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, read }): Promise<readonly AppSummary[]> => {
    const apps = await read(({ prisma }) =>
      prisma.app.findMany({
        where: { organizationId: organization.id },
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
  },
})
