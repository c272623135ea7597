import { z } from "zod"
import { AppError } from "@/lib/errors"
import type { Work } from "@/lib/operations/core/operation"

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

export const appInput = {
  /** The slug of the app. */
  app: z.string().max(100),
}

export async function appToChange({ prisma, organization }: Work, slug: string) {
  const organizationId = organization.id
  const app = await prisma.app.findUnique({ where: { organizationId_slug: { organizationId, slug } } })
  if (!app) throw new AppError("not-found", `There is no app "${slug}".`)
  if (app.builtIn) {
    throw new AppError("conflict", `${app.name} carries the console's own events and cannot be changed.`)
  }
  return app
}
