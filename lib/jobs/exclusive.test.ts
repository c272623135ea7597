import { type ChildProcess, spawn } from "node:child_process"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { jobRuns } from "@/lib/delivery/job-runs"
import { createLog } from "@/lib/log"
import { compiledScript } from "@/test/compiled"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import type { Job } from "./job"
import { firstTurn, runOnce } from "./run-once"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
})

/** Long enough for a busy machine to say in time that the job still runs. */
const leaseMs = 8_000

/** A real process; resolves the named event when it happens there. */
async function worker(end: "stuck" | "quick") {
  const script = await compiledScript("lib/jobs/fixtures/worker.ts")
  const child = spawn(process.execPath, [script, db.applicationUrl, String(leaseMs), end], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  children.push(child)
  const seen: string[] = []
  child.on("message", (message: { readonly event: string }) => seen.push(message.event))
  const ended = new Promise(resolve => child.once("exit", (_, signal) => resolve(signal)))
  const saw = (event: string) => expect.poll(() => seen, { timeout: 120_000 }).toContain(event)
  return { child, ended, seen, saw }
}

async function stored() {
  const { rows } = await db.owner.query(
    `SELECT lease, leased_until::text, outcome, last_started_at::text,
       last_started_at >= $1::timestamptz AS "isAfterLease" FROM job_run WHERE name = 'only-one'`,
    [leftUntil],
  )
  return rows[0]
}
let leftUntil: string | null = null

test("a job whose worker ends by kill -9 is taken over by another worker when its lease ends, not before", async () => {
  const first = await worker("stuck")
  await first.saw("begun")
  const second = await worker("quick")
  await second.saw("job.skipped")
  expect(second.seen).not.toContain("begun")
  first.child.kill("SIGKILL")
  expect(await first.ended).toBe("SIGKILL")
  const left = await stored()
  expect(left.lease).not.toBeNull()
  leftUntil = left.leased_until

  await second.saw("job.done")
  expect(await stored()).toMatchObject({ isAfterLease: true })
  await expect.poll(stored).toMatchObject({ lease: null, outcome: "done" })
})

const quiet = createLog({ level: () => "silent", now: () => new Date(0), write: () => {} })

test("of many workers at once, one runs an exclusive job; all run one that is not", async () => {
  const running = () => ({ log: quiet, now: () => new Date(), runs: jobRuns(db.database) })
  for (const exclusive of [true, undefined]) {
    let begun = 0
    let others = 0
    let give = () => {}
    const allThere = new Promise<void>(resolve => {
      give = resolve
    })
    const job: Job = {
      name: exclusive ? "exclusive" : "shared",
      everyMs: 1_000,
      ...(exclusive && { exclusive }),
      run: async () => {
        begun += 1
        if (!exclusive && begun === 8) give()
        await allThere
        return { outcome: "done" }
      },
    }
    const workers = Array.from({ length: 8 }, async () => {
      await runOnce(job, running(), firstTurn)
      others += 1
      // The one that runs it waits until the seven others were turned away.
      if (exclusive && others === 7) give()
    })
    await Promise.all(workers)
    expect(begun).toBe(exclusive ? 1 : 8)
  }
})

test("a worker that has lost its lease stores nothing, and the job of the other one stays as it is", async () => {
  const runs = jobRuns(db.database)
  let other: unknown
  const job: Job = {
    name: "slow",
    everyMs: 1_000,
    exclusive: true,
    run: async () => {
      // The worker stood still for longer than its lease.
      await db.owner.query(
        "UPDATE job_run SET leased_until = now() - interval '1 second' WHERE name = 'slow'",
      )
      other = await runs.claim("slow", { abandonedOnly: true })
      return { outcome: "done" }
    },
  }
  const lines: string[] = []
  const log = createLog({
    level: () => "warn",
    now: () => new Date(0),
    write: line => lines.push(JSON.parse(line).event),
  })
  await runOnce(job, { log, now: () => new Date(), runs }, firstTurn)
  expect(lines).toEqual(["job.lease-lost"])
  const { rows } = await db.owner.query("SELECT lease, outcome FROM job_run WHERE name = 'slow'")
  expect(rows).toEqual([{ ...(other as object), outcome: null }])
})

test("a job that was taken over and fails is tried again soon, like any other", async () => {
  const runs = jobRuns(db.database)
  const running = { log: quiet, now: () => new Date(), runs, retryMs: 7 }
  let tries = 0
  const job: Job = {
    name: "taken-over",
    everyMs: 3_600_000,
    exclusive: true,
    run: async () => {
      tries += 1
      if (tries === 1) throw new Error("once")
      return { outcome: "done" }
    },
  }
  await runs.claim(job.name, { abandonedOnly: false })
  const held = await runOnce(job, running, firstTurn)
  expect(held.turn.abandonedOnly).toBe(true)
  expect(held.pauseMs).toBeLessThanOrEqual(60_000)
  await db.owner.query("UPDATE job_run SET leased_until = now() - interval '1 second' WHERE name = $1", [
    job.name,
  ])
  const failed = await runOnce(job, running, held.turn)
  expect(failed.pauseMs).toBe(7)
  expect((await runOnce(job, running, failed.turn)).pauseMs).toBe(job.everyMs)
  expect(tries).toBe(2)
})

test("what cannot be stored about a run is logged, and the job has run", async () => {
  const lines: string[] = []
  const log = createLog({
    level: () => "warn",
    now: () => new Date(0),
    write: line => lines.push(JSON.parse(line).event),
  })
  const away = await createTestDatabase()
  await away.close()
  const job: Job = { name: "shared", everyMs: 1_000, run: async () => ({ outcome: "done" }) }
  const ran = await runOnce(job, { log, now: () => new Date(), runs: jobRuns(away.database) }, firstTurn)
  expect([ran.turn, ran.pauseMs]).toEqual([firstTurn, 1_000])
  expect(lines).toEqual(["job.not-stored"])
})
