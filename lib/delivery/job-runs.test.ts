import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { type JobRuns, jobRuns, type RunEnd } from "./job-runs"
import { listJobStates, listLateJobs } from "./job-states"

let db: TestDatabase
let runs: JobRuns
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.owner.query("DELETE FROM job_run")
  runs = jobRuns(db.database)
})

const done: RunEnd = { outcome: "done", error: null, tookMs: 5, nextInMs: 3_600_000 }
const failed: RunEnd = { ...done, outcome: "failed", error: "Unexpected error." }

const states = () => listJobStates(db.database.queryDirectly)
const late = () => listLateJobs(db.database.queryDirectly)
const row = async (name = "probe") =>
  (await db.owner.query("SELECT * FROM job_run WHERE name = $1", [name])).rows[0]

async function leaseOf(abandonedOnly = false): Promise<string> {
  const claim = await runs.claim("probe", { abandonedOnly })
  if (!("lease" in claim)) throw new Error(`It is held for ${claim.heldForMs} ms.`)
  return claim.lease
}

/** As if all of this had happened earlier. */
async function age(interval: string): Promise<void> {
  const columns = [
    "created_at",
    "leased_until",
    "heartbeat_at",
    "last_started_at",
    "last_finished_at",
    "last_done_at",
    "next_at",
  ]
  await db.owner.query(
    `UPDATE job_run SET ${columns.map(name => `${name} = ${name} - interval '${interval}'`).join(", ")}`,
  )
}

describe("a lease", () => {
  test("belongs to one of many claims at once", async () => {
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => runs.claim("probe", { abandonedOnly: false })),
    )
    expect(claims.filter(claim => "lease" in claim)).toHaveLength(1)
    for (const claim of claims) if ("heldForMs" in claim) expect(claim.heldForMs).toBeGreaterThan(0)
  })

  test("that has ended is free for another worker, and the former one can neither prolong nor end it", async () => {
    const former = await leaseOf()
    await age("61 seconds")
    const current = await leaseOf(true)
    expect(await runs.beat("probe", former)).toBe(false)
    expect(await runs.finish("probe", former, done)).toBe(false)
    expect(await row()).toMatchObject({ lease: current, outcome: null })
    expect(await runs.finish("probe", current, done)).toBe(true)
    expect(await row()).toMatchObject({ lease: null, leased_until: null, outcome: "done" })
  })

  test("is prolonged by each sign of its worker", async () => {
    const lease = await leaseOf()
    await age("30 seconds")
    const before = await row()
    expect(await runs.beat("probe", lease)).toBe(true)
    const after = await row()
    expect(after.leased_until.getTime() - before.leased_until.getTime()).toBeGreaterThanOrEqual(30_000)
    expect(after.last_started_at).toEqual(before.last_started_at)
  })

  test("of a run that has ended leaves nothing to take over", async () => {
    await runs.finish("probe", await leaseOf(), failed)
    expect(await runs.claim("probe", { abandonedOnly: true })).toEqual({ heldForMs: null })
    expect(await runs.claim("probe", { abandonedOnly: false })).toHaveProperty("lease")
  })

  test("keeps the row of a job that another worker still has", async () => {
    const lease = await leaseOf()
    await runs.forget("probe")
    expect(await row()).toMatchObject({ lease })
    await runs.finish("probe", lease, done)
    await runs.forget("probe")
    expect(await row()).toBeUndefined()
  })
})

describe("a run without a lease", () => {
  test("that found nothing to do is stored once, not every second", async () => {
    const idle: RunEnd = { ...done, outcome: "idle" }
    await runs.finish("probe", null, idle)
    await age("1 second")
    const first = await row()
    await runs.finish("probe", null, idle)
    expect(await row()).toEqual(first)
  })

  test("is stored at once when it did something, failed, or is well again", async () => {
    for (const [end, outcome] of [
      [{ ...done, outcome: "idle" }, "idle"],
      [done, "done"],
      [failed, "failed"],
      [{ ...done, outcome: "idle" }, "idle"],
    ] as const) {
      await runs.finish("probe", null, end)
      expect(await row()).toMatchObject({ outcome, error: end.error })
    }
  })
})

describe("a job", () => {
  test("that has run is not late until five minutes after its time", async () => {
    await runs.finish("probe", await leaseOf(), done)
    await age("64 minutes")
    expect([await late(), await states()]).toMatchObject([[], [{ state: "done", isLate: false }]])
    await age("2 minutes")
    expect([await late(), await states()]).toMatchObject([
      [{ name: "probe" }],
      [{ state: "done", isLate: true }],
    ])
    const [job] = await late()
    expect(job?.ageSeconds).toBeGreaterThanOrEqual(66 * 60)
    expect(Object.keys(job ?? {}).sort()).toEqual(["ageSeconds", "name"])
  })

  test("that no worker has ever run is late", async () => {
    await db.owner.query("INSERT INTO job_run (name) VALUES ('probe')")
    expect([await late(), await states()]).toMatchObject([[], [{ state: "never-run", isLate: false }]])
    await age("6 minutes")
    expect([await late(), await states()]).toMatchObject([
      [{ name: "probe" }],
      [{ state: "never-run", isLate: true }],
    ])
  })

  test("whose worker was killed is interrupted, then late", async () => {
    await leaseOf()
    expect(await states()).toMatchObject([{ state: "running", isLate: false }])
    await age("2 minutes")
    expect(await states()).toMatchObject([{ state: "interrupted", isLate: false }])
    await age("4 minutes")
    expect(await states()).toMatchObject([{ state: "interrupted", isLate: true }])
  })

  test("that runs for long is not late while it gives signs, for an hour after its time", async () => {
    const lease = await leaseOf()
    await age("20 minutes")
    await runs.beat("probe", lease)
    expect(await states()).toMatchObject([{ state: "running", isLate: false }])
    await age("50 minutes")
    await runs.beat("probe", lease)
    expect(await states()).toMatchObject([{ state: "running", isLate: true }])
  })

  test("that keeps failing is late, though it runs; the reason is gone when it succeeds", async () => {
    await runs.finish("probe", null, done)
    await age("6 minutes")
    await runs.finish("probe", null, { ...failed, nextInMs: 5_000 })
    expect([await late(), await states()]).toMatchObject([
      [{ name: "probe" }],
      [{ state: "failed", error: "Unexpected error.", isLate: true }],
    ])
    await runs.finish("probe", null, done)
    expect([await late(), await states()]).toMatchObject([
      [],
      [{ state: "done", error: null, isLate: false }],
    ])
  })
})

test("the jobs of every worker are known before one has run", async () => {
  const fresh = await createTestDatabase()
  try {
    const known = await listJobStates(fresh.database.queryDirectly)
    expect(known.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "capture-clean-up never-run",
      "clean-up never-run",
      "clock never-run",
      "deliver-mail never-run",
      "deliver-sinks never-run",
      "sink-clean-up never-run",
      "tell-sinks never-run",
    ])
  } finally {
    await fresh.close()
  }
})

test("the database refuses a name, an outcome or an error that is none", async () => {
  for (const [name, outcome, error] of [
    ["nadia@acme.example", null, null],
    ["probe", "nadia", null],
    ["probe", "done", "Unexpected error."],
    ["probe", "failed", null],
    ["probe", "failed", "x".repeat(201)],
  ])
    await expect(
      db.owner.query("INSERT INTO job_run (name, outcome, error) VALUES ($1, $2, $3)", [
        name,
        outcome,
        error,
      ]),
    ).rejects.toMatchObject({ code: "23514" })
})
