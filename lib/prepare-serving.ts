import { addMicroseconds, instantFromDate } from "@/lib/audit/time/instant"
import { nilUuid } from "@/lib/audit/uuid"
import type { Platform } from "./platform"

/**
 * Does once what the first requests would do while all others wait for it: opens the connections, compiles what Prisma compiles with its
 * first query, and reads a page. Nothing is written. Throws what the database throws.
 */
export async function prepareServing({ database, keys, store, env }: Platform): Promise<void> {
  const connections = Array.from({ length: env.databasePoolSize }, () => database.queryDirectly("SELECT 1"))
  await Promise.all(connections)
  await keys.prepare()
  const now = instantFromDate(new Date())
  await store.search(
    { organizationId: nilUuid, appIds: null, actorId: null },
    {
      window: { from: addMicroseconds(now, -1), before: now },
      ...{ include: {}, exclude: {}, text: null, order: "newest", asOf: null },
    },
    { limit: 1, after: null },
  )
}
