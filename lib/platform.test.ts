import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database"
import { foundOf, prepareTestEvent } from "@/lib/testing/events"
import { migrationLevel, type Platform, platform, usePlatform } from "./platform"

let test: TestDatabase
let made: Platform | undefined
beforeAll(async () => {
  test = await createTestDatabase()
  vi.stubEnv("DATABASE_URL", test.applicationUrl)
  vi.stubEnv("SECRET", randomUUID() + randomUUID())
})
afterAll(async () => {
  vi.unstubAllEnvs()
  usePlatform(null)
  await made?.database.close()
  await test.close()
})

it("there is one platform in a process, also when a bundler loads the module twice", async () => {
  made = platform()
  expect(platform()).toBe(made)
  vi.resetModules()
  const again = await import("./platform")
  expect(again.platform).not.toBe(platform)
  expect(again.platform()).toBe(made)
})

it("what the ledger has accepted, the store of the same platform finds", async () => {
  made = platform()
  const organization = await test.organization()
  const event = prepareTestEvent(organization)
  const [result] = await made.ledger.append(organization.id, [event])
  const scope = { organizationId: organization.id, appIds: null, actorId: null }
  const found = foundOf(await made.store.find(scope, event.content.id))
  expect(found?.event).toMatchObject({ description: event.content.description, index: 0 })
  expect(result).toMatchObject({ outcome: "accepted", leafHash: found?.event.leafHash })
})

it("the level of the migrations is the one of the files", async () => {
  made = platform()
  expect(await migrationLevel()).toMatchObject({ pending: 0, problem: null })
})
