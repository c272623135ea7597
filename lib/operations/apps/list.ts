import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import type { AppSummary } from "./app"

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
