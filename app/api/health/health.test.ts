import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type Api, startApi } from "@/app/api/fixtures/api"

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(() => api.db.owner.query("DELETE FROM job_run"))

async function health() {
  const response = await api.call("GET", "/api/health", { key: null })
  return { status: response.status, body: await response.json() }
}

async function addJob(columns: string): Promise<void> {
  await api.db.owner.query(`INSERT INTO job_run (name, created_at, next_at, outcome, error)
    VALUES ('probe', now() - interval '2 days', ${columns})`)
}

const members = ["status", "version", "database", "writes", "migration", "clock", "textSearch"]

test("health has the members that it had while every job runs, and while there are none", async () => {
  expect(Object.keys((await health()).body)).toEqual(members)
  await addJob("now() + interval '1 hour', 'done', NULL")
  expect(Object.keys((await health()).body)).toEqual(members)
})

test("a job that has not run is in health by name and age, and does not take the process out of service", async () => {
  await addJob("now() - interval '1 day', 'failed', 'The connection to the database failed.'")
  const { status, body } = await health()
  expect([status, body.status, Object.keys(body)]).toEqual([200, "ok", [...members, "lateJobs"]])
  expect(body.lateJobs).toEqual([{ name: "probe", ageSeconds: expect.any(Number) }])
  expect(body.lateJobs[0].ageSeconds).toBeGreaterThanOrEqual(2 * 24 * 3_600)
})
