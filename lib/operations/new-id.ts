import { randomFillSync } from "node:crypto"
import { uuidv7 } from "@/lib/audit/event/uuid"

const bytesPerId = 10
const pool = Buffer.alloc(400 * bytesPerId)
let used = pool.byteLength

/** Promise: a new version 7 UUID of that time. Randomness is fetched for many ids at once: one by one it costs more than all else. */
export function newId(atMs: number): string {
  if (used === pool.byteLength) {
    randomFillSync(pool)
    used = 0
  }
  used += bytesPerId
  return uuidv7(atMs, pool.subarray(used - bytesPerId, used))
}
