import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { sqlState } from "@/lib/database/errors"

/**
 * How a statement that locks out readers is tried: it waits only briefly, because everybody who comes after waits behind
 * it.
 */
export interface Patience {
  readonly lockMs: number
  /** Pauses between the attempts; there is one attempt more than pauses. */
  readonly pausesMs: readonly number[]
}

/** The time for a transaction that holds such a lock for minutes, for example an export, to end. */
export const usualPatience: Patience = { lockMs: 300, pausesMs: [200, 500, 1_000, 2_000, 4_000] }

/** Returns whether PostgreSQL refused a statement because it did not get its lock in time. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === "55P03"
}

/** Runs the statement when its lock is available within a short time. Returns false when it was not in any attempt. */
export async function withShortLock(
  client: pg.Client,
  statement: string,
  { lockMs, pausesMs }: Patience,
): Promise<boolean> {
  await client.query(`SET lock_timeout = ${lockMs}`)
  try {
    for (const pauseMs of [...pausesMs, null]) {
      try {
        await client.query(statement)
        return true
      } catch (error) {
        if (!isLockTimeout(error)) throw error
        if (pauseMs !== null) await sleep(pauseMs)
      }
    }
    return false
  } finally {
    await client.query("RESET lock_timeout")
  }
}
