import { randomFillSync } from "node:crypto"
import { uuidv7 } from "@/lib/audit/event/uuid"

const bytesPerId = 10
const pool = Buffer.alloc(400 * bytesPerId)
let used = pool.byteLength

/**
 * Returns a new version 7 UUID of that time, in milliseconds. Random bytes are fetched for many ids at once: fetching
 * them one by one costs more than everything else.
 */
export function newId(atMs: number): string {
  if (used === pool.byteLength) {
    randomFillSync(pool)
    used = 0
  }
  used += bytesPerId
  return uuidv7(atMs, pool.subarray(used - bytesPerId, used))
}
