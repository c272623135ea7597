import { randomBytes } from "node:crypto"
import { expect, test, vi } from "vitest"
import { makeApiKey } from "@/lib/access/keys/api-keys"
import { db, platform, setUpPlatform } from "@/test/platform"
import { prepareServing } from "./prepare-serving"

setUpPlatform({ DATABASE_POOL_SIZE: "7" })

async function connections(): Promise<number> {
  const { rows } = await db.superuser.query<{ number: number }>(
    `SELECT count(*)::int AS number FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'auditorium'`,
  )
  return rows[0]?.number ?? 0
}

test("before a server listens, its connections are open, and the first look-up of a key compiles nothing any more", async () => {
  const compiled = vi.spyOn(WebAssembly, "Module")
  expect(await connections()).toBe(0)
  await prepareServing(platform)
  expect(await connections()).toBe(7)
  expect(compiled).toHaveBeenCalled()

  compiled.mockClear()
  const { key } = makeApiKey(randomBytes)
  await expect(platform.keys.principalOf(key, null, new Date())).rejects.toMatchObject({
    code: "unauthenticated",
  })
  expect(compiled).not.toHaveBeenCalled()
  expect(await connections()).toBe(7)
  compiled.mockRestore()
})

test("nothing is written by that", async () => {
  await prepareServing(platform)
  const { rows } = await db.superuser.query(
    "SELECT (SELECT count(*)::int FROM attempt) AS attempts, (SELECT count(*)::int FROM ledger.event) AS events",
  )
  expect(rows).toEqual([{ attempts: 0, events: 0 }])
})
