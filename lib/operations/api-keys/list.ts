import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"
import { type ApiKeySummary, findApp, summaryOf } from "./api-key"
import { successorsOf } from "./key-state"

/** Lists the API keys of the organization or of one app, newest first; at most 1,000. */
export const listApiKeys = operation({
  name: "api_key.list",
  summary: "Lists API keys: what they may do, and when they were last used.",
  permission: "APP-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ app: z.string().max(100).optional() }),
  run: ({ caller, organization, read }, { app }): Promise<readonly ApiKeySummary[]> =>
    read(async work => {
      const appId = app === undefined ? undefined : (await findApp(work, app, true)).id
      const keys = await work.prisma.apiKey.findMany({
        where: { organizationId: organization.id, appId },
        include: {
          app: { select: { id: true, slug: true, name: true } },
          createdBy: { select: { id: true, name: true } },
        },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: 1_000,
      })
      const successors = successorsOf(keys, caller.at)
      return keys.map(key => summaryOf(key, successors.get(key.id), caller.at))
    }),
})
