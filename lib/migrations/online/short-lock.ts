import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { sqlState } from "@/lib/db-errors"

/** How a statement that locks out readers is tried: it waits a moment only, because everybody who comes after waits behind it. */
export interface Patience {
  readonly lockMs: number
  /** Pauses between the attempts; one attempt more than there are pauses. */
  readonly pausesMs: readonly number[]
}

/** What a transaction that holds such a lock for minutes, an export for example, is given to end. */
export const usualPatience: Patience = { lockMs: 300, pausesMs: [200, 500, 1_000, 2_000, 4_000] }

/** Whether PostgreSQL refused a statement because it could not have its lock in time. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === "55P03"
}

/** Runs the statement when its lock can be had within moments. Returns false when it could not in any attempt. */
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
