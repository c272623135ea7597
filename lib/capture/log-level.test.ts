import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { chooseLogLevel, processLogLevel } from "@/lib/env/env"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { followLogLevel, readChosenLogLevel, writeChosenLogLevel } from "./log-level"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
  chooseLogLevel(null)
  vi.unstubAllEnvs()
})

const choose = (level: "debug" | "info" | "warn" | "error") =>
  writeChosenLogLevel(db.database.queryDirectly, level, new Date())

async function follow(logLevelIsSet: boolean, told: string[] = []) {
  const log = { warn: (_: string, fields?: object) => void told.push(JSON.stringify(fields)) }
  const { end } = await followLogLevel({ database: db.database, env: { logLevelIsSet } }, log, 5)
  ends.push(end)
  return told
}

test("a level that is chosen is that of a process at its start and when it changes, and each change is told once", async () => {
  vi.stubEnv("LOG_LEVEL", "")
  expect(await readChosenLogLevel(db.database.queryDirectly)).toBeNull()
  await choose("debug")
  const told = await follow(false)
  expect(processLogLevel()).toBe("debug")
  await choose("error")
  await expect.poll(processLogLevel, { timeout: 30_000 }).toBe("error")
  expect(told).toEqual(['{"logLevel":"debug"}', '{"logLevel":"error"}'])
})

test("LOG_LEVEL wins over it", async () => {
  await choose("debug")
  vi.stubEnv("LOG_LEVEL", "warn")
  expect(await follow(true)).toEqual([])
  chooseLogLevel("debug")
  expect(processLogLevel()).toBe("warn")
})

test("no other setting and no other level can be stored", async () => {
  const store = (name: string, value: string) =>
    db.database.queryDirectly("INSERT INTO server_setting (name, value) VALUES ($1, $2)", [name, value])
  await expect(store("log-level", "silent")).rejects.toThrow()
  await expect(store("base-url", "info")).rejects.toThrow()
})
