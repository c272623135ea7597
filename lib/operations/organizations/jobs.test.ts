import { beforeAll, expect, test } from "vitest"
import { jobRuns } from "@/lib/delivery/job-runs"
import type { Job } from "@/lib/jobs/job"
import { firstTurn, runOnce } from "@/lib/jobs/run-once"
import { createLog } from "@/lib/log"
import { execute } from "@/lib/operations/core/execute"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import { listJobs } from "./jobs"

setUpHome(beforeAll)

test("who manages an organization sees the jobs of the installation, without data of any tenant", async () => {
  const name = `Nadia ${home.name}`
  // A statement that the database refuses with the data in its message.
  const job: Job = {
    name: "refused",
    everyMs: 3_600_000,
    run: async () => {
      await db.database.queryDirectly(`SELECT $1::text::uuid`, [name])
      return { outcome: "done" }
    },
  }
  const lines: string[] = []
  const log = createLog({ level: () => "error", now: () => new Date(0), write: line => lines.push(line) })
  await runOnce(job, { log, now: () => new Date(), runs: jobRuns(db.database) }, firstTurn)
  expect(lines.join()).toContain(name)

  const jobs = await execute(listJobs, await memberAs(["Organization Administrator"]), {})
  expect(jobs.find(each => each.name === "refused")).toMatchObject({
    state: "failed",
    error: expect.stringContaining("(22P02)"),
    lastStartedAt: expect.stringMatching(/Z$/),
    nextAt: expect.stringMatching(/Z$/),
    isLate: false,
  })
  const { rows } = await db.owner.query("SELECT j::text AS row FROM job_run j")
  expect(JSON.stringify([jobs, rows])).not.toMatch(/nadia/i)
})

test("nobody else sees them", async () => {
  expect(await codeOf(execute(listJobs, await memberAs(["Auditor"]), {}))).toBe("forbidden")
})
