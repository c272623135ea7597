import { randomBytes } from "node:crypto"
import { afterAll, beforeAll } from "vitest"
import { readEnv } from "@/lib/env/env"
import { createPlatform, type Platform, usePlatform } from "@/lib/platform"
import { createTestDatabase, type TestDatabase, testPatienceMs } from "./database"

/** A database for the tests of one file, and the platform of the process that uses it. */
export let db: TestDatabase
export let platform: Platform

/**
 * Sets up the database and the platform before the tests of the calling file, and closes both after them. Variables are
 * additional settings.
 */
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
