import type { Database } from "./db"

/** Clocks further apart than this are reported: sessions count by the machine's, receipts and windows by the database's. */
export const tolerableSkewMs = 2_000

/** How far this machine's clock is from the database's, by which events are received. */
export interface DatabaseClock {
  /** Milliseconds by which this machine is ahead of the database (negative = behind); 0 until it was measured. */
  readonly skewMs: number
  /** Measures again and returns the skew. Throws, and keeps what is known, when the database cannot be reached. */
  measure(): Promise<number>
  /** Returns what the database's clock shows when this machine's shows `at`. */
  toDatabase(at: Date): Date
}

/** Returns a clock that has not been measured yet; `now` is this machine's, in milliseconds since 1970. */
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

/** Returns how far this machine is ahead of the database (behind when negative), less what the way there may explain. */
export function skewOf({ askedAt, answeredAt, databaseAt }: Reading): number {
  if (databaseAt < askedAt) return askedAt - databaseAt
  if (databaseAt > answeredAt) return answeredAt - databaseAt
  return 0
}
