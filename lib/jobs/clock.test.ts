import { afterAll, beforeAll, expect, test } from "vitest"
import { createLog } from "@/lib/log"
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database"
import { clockJob, skewOf } from "./clock"

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
})
afterAll(() => own.close())

async function warningsWith(aheadMs: number): Promise<readonly string[]> {
  const warnings: string[] = []
  const log = createLog({ level: () => "warn", now: () => new Date(0), write: line => warnings.push(line) })
  await clockJob(own.database, { log, now: () => Date.now() + aheadMs }).run(new Date())
  return warnings
}

test("a clock that is minutes ahead of the database's, or behind it, is reported", async () => {
  for (const aheadMs of [5 * 60_000, -5 * 60_000]) {
    const [warning, ...others] = await warningsWith(aheadMs)
    expect(others).toEqual([])
    expect(JSON.parse(warning ?? "{}")).toMatchObject({ level: "warn", event: "clock.skewed" })
  }
})

test("clocks that agree are not reported", async () => {
  expect(await warningsWith(0)).toEqual([])
})

test("a slow answer is not taken for a wrong clock", () => {
  expect(skewOf({ askedAt: 1_000, answeredAt: 9_000, databaseAt: 5_000 })).toBe(0)
  expect(skewOf({ askedAt: 1_000, answeredAt: 1_001, databaseAt: 5_000 })).toBe(-3_999)
  expect(skewOf({ askedAt: 5_000, answeredAt: 5_001, databaseAt: 1_000 })).toBe(4_000)
})
