import type { Database } from "./database"

/** A larger difference is reported: sessions use the machine's clock, receipts and time ranges the database's. */
export const tolerableSkewMs = 2_000

/** How far this machine's clock is from the database's, which sets the time of receipt. */
export interface DatabaseClock {
  /** Milliseconds by which this machine is ahead of the database (negative = behind); 0 until it is measured. */
  readonly skewMs: number
  /** Measures again and returns the skew. Throws, and keeps the last value, when the database cannot be reached. */
  measure(): Promise<number>
  /** Returns what the database's clock shows when this machine's shows `at`. */
  toDatabase(at: Date): Date
}

/** Returns a clock without a measurement; `now` returns this machine's time, in milliseconds since 1970. */
export function databaseClock(
  database: Pick<Database, "queryDirectly">,
  now: () => number = Date.now,
): DatabaseClock {
  let skewMs = 0
  return {
    get skewMs() {
      return skewMs
    },
    async measure() {
      const askedAt = now()
      const [row] = await database.queryDirectly<{ epochMs: number }>(
        `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "epochMs"`,
      )
      const answeredAt = now()
      skewMs = skewOf({ askedAt, answeredAt, databaseAt: row?.epochMs ?? answeredAt })
      return skewMs
    },
    toDatabase: at => new Date(at.getTime() - skewMs),
  }
}

interface Reading {
  readonly askedAt: number
  readonly answeredAt: number
  readonly databaseAt: number
}

/** Returns how far this machine is ahead of the database (behind when negative), minus what the network delay may explain. */
export function skewOf({ askedAt, answeredAt, databaseAt }: Reading): number {
  if (databaseAt < askedAt) return askedAt - databaseAt
  if (databaseAt > answeredAt) return answeredAt - databaseAt
  return 0
}
