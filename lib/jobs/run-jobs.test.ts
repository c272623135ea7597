import { afterAll, beforeAll, expect, test } from "vitest"
import { jobRuns } from "@/lib/delivery/job-runs"
import { createLog } from "@/lib/log"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import type { Job } from "./job"
import { runJobs } from "./run-jobs"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

/** Runs what `jobs` holds at each moment, while `work` is done. */
async function whileRunning(jobs: () => readonly Job[], work: (events: readonly string[]) => Promise<void>) {
  const ending = new AbortController()
  const events: string[] = []
  const log = createLog({
    level: () => "debug",
    now: () => new Date(0),
    write: line => events.push(JSON.parse(line).event),
  })
  const runs = jobRuns(db.database)
  const running = runJobs(jobs, { log, now: () => new Date(), runs, signal: ending.signal, lookEveryMs: 1 })
  try {
    await work(events)
  } finally {
    ending.abort()
    await running
  }
}

const counted = (name: string, counts: Map<string, number>): Job => ({
  name,
  everyMs: 1,
  run: async () => {
    counts.set(name, (counts.get(name) ?? 0) + 1)
    return { outcome: "done" }
  },
})

const names = async () => (await db.owner.query("SELECT name FROM job_run")).rows.map(({ name }) => name)

test("a job that appears in the list begins, and one that has left it ends and is forgotten", async () => {
  const counts = new Map<string, number>()
  const [one, two] = [counted("one", counts), counted("two", counts)]
  let jobs: readonly Job[] = [one]
  await whileRunning(
    () => jobs,
    async () => {
      await expect.poll(() => counts.get("one"), { timeout: 60_000 }).toBeGreaterThan(1)
      expect(counts.get("two")).toBeUndefined()
      jobs = [two]
      await expect.poll(() => counts.get("two"), { timeout: 60_000 }).toBeGreaterThan(1)
      await expect.poll(names, { timeout: 60_000 }).not.toContain("one")
      const ran = counts.get("one")
      const others = counts.get("two") ?? 0
      await expect.poll(() => counts.get("two"), { timeout: 60_000 }).toBeGreaterThan(others + 2)
      expect(counts.get("one")).toBe(ran)
      jobs = [one, two]
      await expect.poll(() => counts.get("one"), { timeout: 60_000 }).toBeGreaterThan(ran ?? 0)
    },
  )
})

test("a list that cannot be read, or names a job twice, ends nothing and is read again", async () => {
  const counts = new Map<string, number>()
  const job = counted("steady", counts)
  let jobs: () => readonly Job[] = () => [job]
  await whileRunning(
    () => jobs(),
    async events => {
      await expect.poll(() => counts.get("steady"), { timeout: 60_000 }).toBeGreaterThan(1)
      for (const broken of [() => [job, { ...job }], () => Promise.reject(new Error("away")) as never]) {
        const [failures, before] = [
          events.filter(each => each === "jobs.unknown").length,
          counts.get("steady") ?? 0,
        ]
        jobs = broken
        const now = () => events.filter(each => each === "jobs.unknown").length
        await expect.poll(now, { timeout: 60_000 }).toBeGreaterThan(failures)
        await expect.poll(() => counts.get("steady"), { timeout: 60_000 }).toBeGreaterThan(before + 1)
      }
    },
  )
})
