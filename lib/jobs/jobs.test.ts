import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { jobRuns } from "@/lib/delivery/job-runs"
import { createLog } from "@/lib/log"
import { compiledScript } from "@/test/compiled"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { cleanUpJob } from "./clean-up"
import type { Job, JobOutcome } from "./job"
import { partitionsJob } from "./partitions"
import { runJobs } from "./run-jobs"
import { firstTurn, runOnce } from "./run-once"

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.close())

function capture() {
  const lines: { event: string; job?: string; level: string }[] = []
  const log = createLog({
    level: () => "debug",
    now: () => new Date(0),
    write: line => lines.push(JSON.parse(line)),
  })
  return { log, lines }
}

/** Runs the jobs until `seen` resolves, then stops them and waits for their end. */
async function runUntil(
  seen: Promise<unknown>,
  jobs: readonly Job[],
  log: ReturnType<typeof capture>["log"],
) {
  const ending = new AbortController()
  const runs = jobRuns(test.database)
  const running = runJobs(() => jobs, { log, now: () => new Date(), runs, signal: ending.signal, retryMs: 1 })
  await seen
  ending.abort()
  await running
}

/** A promise that is resolved from outside. */
function signal() {
  let give = () => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { given, give: () => give() }
}

/** Counts calls and resolves when there were that many. */
function counter(enough: number) {
  const reached = signal()
  let calls = 0
  const count = () => {
    calls += 1
    if (calls === enough) reached.give()
  }
  return { count, reached: reached.given }
}

describe("the loop", () => {
  it("does each job again and again, a failing one too, and does not let it hold up another", async () => {
    const { log, lines } = capture()
    const [steadily, failingly, unstuck] = [counter(4), counter(4), signal()]
    const steady: Job = {
      name: "steady",
      everyMs: 1,
      run: async () => {
        steadily.count()
        return { outcome: "done", rows: 3 }
      },
    }
    const failing: Job = {
      name: "failing",
      everyMs: 1,
      run: () => {
        failingly.count()
        return Promise.reject(new Error("no\nluck"))
      },
    }
    const stuck: Job = {
      name: "stuck",
      everyMs: 3_600_000,
      run: async (): Promise<JobOutcome> => {
        await unstuck.given
        return { outcome: "skipped" }
      },
    }
    const seen = Promise.all([steadily.reached, failingly.reached]).then(unstuck.give)
    await runUntil(seen, [steady, failing, stuck], log)
    const count = (event: string, job: string) =>
      lines.filter(line => line.event === event && line.job === job).length
    expect(count("job.done", "steady")).toBeGreaterThan(3)
    expect(count("job.failed", "failing")).toBeGreaterThan(3)
    expect(count("job.skipped", "stuck")).toBe(1)
    expect(lines.find(line => line.job === "steady")).toMatchObject({ level: "info", rows: 3 })
  })

  it("waits for a running job when it is told to end", async () => {
    const { log } = capture()
    const [begun, told] = [signal(), signal()]
    let finished = false
    const slow: Job = {
      name: "slow",
      everyMs: 3_600_000,
      run: async () => {
        begun.give()
        await told.given
        finished = true
        return { outcome: "done" }
      },
    }
    const ended = runUntil(begun.given, [slow], log)
    await begun.given
    expect(finished).toBe(false)
    told.give()
    await ended
    expect(finished).toBe(true)
  })
})

describe("on a database", () => {
  const { log } = capture()
  const partitions = async () => {
    const { rows } = await test.owner.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'ledger.event'::regclass ORDER BY 1",
    )
    return rows.map(({ name }) => name)
  }

  it("partitions that are missing are made, also by several workers at once", async () => {
    const before = await partitions()
    const spare = before.filter(name => /event_\d{4}_\d\d$/.test(name)).at(-2)
    expect(spare).toBeDefined()
    await test.owner.query(`DROP TABLE ${spare}`)
    const { run } = partitionsJob({ ownerUrl: test.ownerUrl, log })
    const outcomes = await Promise.all([run(new Date()), run(new Date()), run(new Date())])
    expect(outcomes.map(({ outcome }) => outcome)).toContain("done")
    expect(await partitions()).toEqual(before)
  })

  it("a worker leaves partitions alone while another one is at them", async () => {
    const { log: heard, lines } = capture()
    const other = await jobRuns(test.database).claim("partitions", { abandonedOnly: false })
    expect(other).toHaveProperty("lease")
    const job = partitionsJob({ ownerUrl: test.ownerUrl, log })
    const running = { log: heard, now: () => new Date(), runs: jobRuns(test.database) }
    await runOnce(job, running, firstTurn)
    expect(lines).toMatchObject([{ event: "job.skipped", job: "partitions" }])
  })

  it("an unreachable database is a failure that can be tried again", async () => {
    const nowhere = test.ownerUrl.replace(/:\d+\//, ":1/")
    await expect(partitionsJob({ ownerUrl: nowhere, log }).run(new Date())).rejects.toThrow("ECONNREFUSED")
  })

  it("what nobody can use any more is removed, and nothing else", async () => {
    const { prisma } = test.database
    const at = new Date("2026-06-01T00:00:00Z")
    const ago = (days: number) => new Date(at.getTime() - days * 24 * 60 * 60 * 1000)
    const personId = randomUUID()
    await prisma.person.create({ data: { id: personId, email: `${personId}@example.com`, name: "P" } })
    for (const [expiresAt, mark] of [
      [ago(31), 1],
      [ago(29), 2],
      [ago(-1), 3],
    ] as const) {
      const hash = Buffer.alloc(32, mark)
      await prisma.session.create({ data: { id: randomUUID(), personId, idHash: hash, expiresAt } })
      await prisma.signInLink.create({ data: { id: randomUUID(), personId, tokenHash: hash, expiresAt } })
      await prisma.attempt.create({
        data: { kind: "probe", key: `k${mark}`, startedAt: expiresAt, count: 1 },
      })
    }
    const mail = (createdAt: Date, end: object) => ({
      id: randomUUID(),
      purpose: "invitation",
      recipient: "nadia@acme.example",
      subject: "s",
      createdAt,
      nextAttemptAt: createdAt,
      ...end,
    })
    const kept = [
      mail(ago(40), { sentAt: ago(29) }),
      mail(ago(40), { failedAt: ago(29), lastError: "e" }),
      mail(ago(40), { sealedContent: new Uint8Array([1]) }),
    ]
    const old = [mail(ago(40), { sentAt: ago(31) }), mail(ago(40), { failedAt: ago(31), lastError: "e" })]
    await prisma.mailMessage.createMany({ data: [...kept, ...old] })
    expect(await cleanUpJob(test.database).run(at)).toEqual({ outcome: "done", links: 1, mails: 2 })
    const left = await prisma.mailMessage.findMany({ select: { id: true } })
    expect(left.map(({ id }) => id).sort()).toEqual(kept.map(({ id }) => id).sort())
    expect(await prisma.session.count({ where: { personId } })).toBe(2)
    expect(await prisma.signInLink.count({ where: { personId } })).toBe(2)
    expect(await prisma.attempt.findMany({ where: { kind: "probe" } })).toMatchObject([{ key: "k3" }])
  })

  const worker = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, [await compiledScript("scripts/worker.ts")], {
      env: { ...process.env, LOG_LEVEL: "info", ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    })
    let said = ""
    child.stdout?.on("data", data => {
      said += data
    })
    child.stderr?.on("data", data => {
      said += data
    })
    const ended = new Promise<number | null>(resolve => child.once("exit", resolve))
    const ready = new Promise(resolve => child.once("message", resolve))
    return { child, ended, ready, said: () => said }
  }

  const usable = () => ({
    DATABASE_URL: test.applicationUrl,
    DATABASE_OWNER_URL: test.ownerUrl,
    SECRET: "0123456789abcdef0123456789abcdef",
  })

  it("the worker follows the level of the log that is chosen for every process, and ends when whoever started it has gone", async () => {
    const choose = "INSERT INTO server_setting (name, value) VALUES ('log-level', 'error')"
    await test.superuser.query(choose)
    const { child, ready, ended, said } = await worker({ ...usable(), LOG_LEVEL: "" })
    await ready
    child.disconnect()
    expect(await ended).toBe(0)
    expect(said()).toContain('"event":"log.level_changed","logLevel":"error"')
    expect(said()).not.toContain("worker.started")
    await test.superuser.query("DELETE FROM server_setting")
  })

  it("the worker does its jobs and ends when told to", async () => {
    // Otherwise it waits for what other workers of this file were doing when they ended.
    await test.superuser.query("DELETE FROM job_run")
    const { child, ready, ended, said } = await worker(usable())
    expect(await ready).toEqual({ type: "ready" })
    await expect.poll(said, { timeout: 120_000 }).toMatch(/"job.done","job":"partitions"/)
    await expect.poll(said, { timeout: 120_000 }).toMatch(/"job.done","job":"clean-up"/)
    child.kill("SIGTERM")
    expect(await ended).toBe(0)
    for (const line of said().trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("event")
    expect(said()).not.toContain(new URL(test.ownerUrl).password)
  })

  it("the worker says which variable is wrong", async () => {
    const { ended, said } = await worker({ ...usable(), DATABASE_POOL_SIZE: "many" })
    expect(await ended).toBe(1)
    expect(said()).toContain("DATABASE_POOL_SIZE")
  })
})
