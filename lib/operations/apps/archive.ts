import { z } from "zod"
import { isPermission } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import { activeAt } from "@/lib/operations/api-keys/key-state"
import { scopeFaults } from "@/lib/operations/api-keys/rules"
import { operation, type Work } from "@/lib/operations/core/operation"
import { appInput, appToChange } from "./app"

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
