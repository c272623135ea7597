import { afterAll, beforeAll, expect, test } from "vitest"
import { databaseClock, skewOf } from "@/lib/database/clock"
import { createLog } from "@/lib/log"
import { watchClock } from "@/lib/watch-clock"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { clockJob } from "./clock"

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
})
afterAll(() => own.close())

async function warningsWith(aheadMs: number): Promise<readonly string[]> {
  const warnings: string[] = []
  const log = createLog({ level: () => "warn", now: () => new Date(0), write: line => warnings.push(line) })
  await clockJob(
    databaseClock(own.database, () => Date.now() + aheadMs),
    log,
  ).run(new Date())
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

test("a serving process measures at its start and again, and tells each change once", async () => {
  const ahead = { ms: -3_600_000 }
  const lines: { event: string; skewMs: number }[] = []
  const log = createLog({
    level: () => "info",
    now: () => new Date(0),
    write: line => lines.push(JSON.parse(line)),
  })
  const clock = databaseClock(own.database, () => Date.now() + ahead.ms)
  expect(clock.skewMs).toBe(0)
  const watch = await watchClock(clock, log, 5)
  try {
    expect(clock.skewMs).toBeLessThan(-3_590_000)
    const at = new Date(Date.now() + ahead.ms)
    expect(Math.abs(clock.toDatabase(at).getTime() - Date.now())).toBeLessThan(60_000)
    ahead.ms = 600_000
    await expect.poll(() => lines.length, { timeout: 30_000 }).toBe(2)
    ahead.ms = 0
    await expect.poll(() => lines.length, { timeout: 30_000 }).toBe(3)
  } finally {
    watch.end()
  }
  expect(lines.map(({ event }) => event)).toEqual(["clock.skewed", "clock.skewed", "clock.right_again"])
})
