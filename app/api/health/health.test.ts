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

test("sinks that do not deliver are in health as a number, without a name, and do not take the process out of service", async () => {
  const { organization } = api.tenant
  const fail = (id: string, since: string, kind: string) =>
    api.db.superuser.query(
      `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, failures, first_failure_at, last_error_kind, last_error, last_error_at)
       VALUES (gen_random_uuid(), $1, $2, 0, 0, 3, now() - $3::interval, $4, 'A secret of acme', now())`,
      [id, organization.id, since, kind],
    )
  await fail("0193b5a6-0000-7000-8000-000000000001", "29 minutes", "later")
  expect(Object.keys((await health()).body)).toEqual(members)
  await fail("0193b5a6-0000-7000-8000-000000000002", "31 minutes", "later")
  await fail("0193b5a6-0000-7000-8000-000000000003", "1 second", "configuration")
  const { status, body } = await health()
  expect([status, body.status, body.failingSinks]).toEqual([200, "ok", { count: 2, environment: false }])
  expect(JSON.stringify(body)).not.toContain("acme")
})
