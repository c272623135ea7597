import { randomBytes } from "node:crypto"
import { afterAll, beforeAll } from "vitest"
import { readEnv } from "@/lib/env"
import { createPlatform, type Platform, usePlatform } from "@/lib/platform"
import { createTestDatabase, type TestDatabase, testPatienceMs } from "./database"

/** A database that the tests of one file have to themselves, and the platform of the process on it. */
export let db: TestDatabase
export let platform: Platform

/** Sets the above up before the tests of the file that calls it, and closes both after them. Variables are settings to add. */
export function setUpPlatform(variables: Readonly<Record<string, string>> = {}): void {
  beforeAll(async () => {
    db = await createTestDatabase()
    const secret = randomBytes(48).toString("base64")
    const settings = {
      DATABASE_URL: db.applicationUrl,
      DATABASE_PATIENCE_SECONDS: String(testPatienceMs / 1000),
      SECRET: secret,
    }
    platform = createPlatform(readEnv({ ...settings, ...variables }))
    usePlatform(platform)
  })
  afterAll(async () => {
    usePlatform(null)
    await platform.database.close()
    await db.close()
  })
}
