import type { Database } from "@/lib/db"
import type { Log } from "@/lib/log"
import type { Job } from "./job"

const hourMs = 60 * 60 * 1000

/** Clocks further apart than this are reported: sessions and windows count by this one, receipts by the database's. */
export const tolerableSkewMs = 2_000

interface Clocks {
  readonly log: Log
  /** Milliseconds since 1970 by this machine. */
  readonly now: () => number
}

/** Promise: compares this machine's clock with the database's and warns when they are more than two seconds apart. */
export function clockJob(database: Pick<Database, "queryDirectly">, { log, now }: Clocks): Job {
  return {
    name: "clock",
    everyMs: hourMs,
    run: async () => {
      const askedAt = now()
      const rows = await database.queryDirectly<{ epochMs: number }>(
        `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "epochMs"`,
      )
      const answeredAt = now()
      const skewMs = skewOf({ askedAt, answeredAt, databaseAt: rows[0]?.epochMs ?? answeredAt })
      if (Math.abs(skewMs) > tolerableSkewMs) {
        log.warn("clock.skewed", {
          skewMs,
          advice: "Synchronise the clocks of this machine and of the database.",
        })
      }
      return { outcome: "done", skewMs }
    },
  }
}

interface Reading {
  readonly askedAt: number
  readonly answeredAt: number
  readonly databaseAt: number
}

/** Promise: how far this machine is ahead of the database (behind when negative), less what the way there may explain. */
export function skewOf({ askedAt, answeredAt, databaseAt }: Reading): number {
  if (databaseAt < askedAt) return askedAt - databaseAt
  if (databaseAt > answeredAt) return answeredAt - databaseAt
  return 0
}
