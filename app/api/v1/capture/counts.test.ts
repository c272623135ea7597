import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, startApi, type Tenant } from "@/app/api/fixtures/api"
import { captureCounts } from "@/lib/capture/counts"
import { type CaptureReport, reportLimits } from "@/lib/capture/report"
import { captureCleanUpJob } from "@/lib/jobs/capture-clean-up"

let api: Api
let key: string
beforeAll(async () => {
  api = await startApi()
  key = await api.tenant.makeKey(["LOG-INGESTION"])
})
afterAll(() => api.close())

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const aCount = (members: object = {}) => ({
  ...{ hour: new Date().toISOString(), endpoint: "/orders/{id}", method: "GET", class: "2xx" },
  ...{ calls: 10, bytesIn: 100, bytesOut: 2_000 },
  ...members,
})
const aReport = (members: object = {}) => ({
  ...{ instance: randomUUID(), sequence: 1, kind: "express", version: "0.1.0", policyVersion: 0, dropped: 0 },
  counts: [aCount()],
  ...members,
})
const send = (report: object, asKey = key) =>
  api.call("POST", "/api/v1/capture/counts", { key: asKey, body: JSON.stringify(report) })

interface Row {
  readonly endpoint: string
  readonly method: string
  readonly class: string
  readonly calls: number
  readonly hour: Date
}

async function rowsOf(endpoint: string): Promise<readonly Row[]> {
  const sql = "SELECT hour, endpoint, method, class, calls::float8, bytes_in::float8, bytes_out::float8"
  const { rows } = await api.db.superuser.query(
    `${sql} FROM capture_count WHERE endpoint = $1 ORDER BY hour, method, class`,
    [endpoint],
  )
  return rows
}

async function instanceOf(instance: string) {
  const { rows } = await api.db.superuser.query("SELECT * FROM capture_instance WHERE instance = $1", [
    instance,
  ])
  return rows[0]
}

describe("a report of counts", () => {
  test("is counted once, however often and in whatever order it is sent again", async () => {
    const endpoint = `/${randomUUID()}`
    const report = aReport({ sequence: 5, counts: [aCount({ endpoint }), aCount({ endpoint })] })
    const first = await send(report)
    expect([first.status, await first.json()]).toEqual([
      200,
      { outcome: "counted", policyVersion: 0, passedOver: 0 },
    ])
    const again = await Promise.all([5, 4, 0, 5].map(sequence => send({ ...report, sequence })))
    expect(await Promise.all(again.map(response => response.json()))).toEqual(
      again.map(() => ({ outcome: "repeated", policyVersion: 0, passedOver: 0 })),
    )
    await send({ ...report, sequence: 6 })
    await send({ ...report, instance: randomUUID() })
    expect(await rowsOf(endpoint)).toMatchObject([{ calls: 60, bytes_in: 600, bytes_out: 12_000 }])
  })

  test("that arrives several times at once is counted once", async () => {
    const endpoint = `/${randomUUID()}`
    const report = aReport({ counts: [aCount({ endpoint })] })
    const answers = await Promise.all(Array.from({ length: 8 }, async () => (await send(report)).json()))
    expect(answers.filter(({ outcome }) => outcome === "counted")).toHaveLength(1)
    expect(await rowsOf(endpoint)).toMatchObject([{ calls: 10 }])
  })

  test("keeps hours, methods and classes apart, in UTC", async () => {
    const endpoint = `/${randomUUID()}`
    const at = new Date(Math.floor((Date.now() - 5 * hourMs) / hourMs) * hourMs)
    const minute = (minutes: number) => new Date(at.getTime() + minutes * 60_000).toISOString()
    const counts = [
      aCount({ endpoint, hour: minute(0) }),
      aCount({ endpoint, hour: minute(59).replace("Z", "+00:00") }),
      aCount({ endpoint, hour: minute(60) }),
      aCount({ endpoint, hour: minute(0), method: "post", class: "5xx" }),
      aCount({ endpoint, hour: minute(0), method: "x y\u0000", class: "none" }),
    ]
    expect((await send(aReport({ counts }))).status).toBe(200)
    const rows = await rowsOf(endpoint)
    expect(rows.map(row => [row.hour.getTime() - at.getTime(), row.method, row.class, row.calls])).toEqual([
      [0, "GET", "2xx", 20],
      [0, "POST", "5xx", 10],
      [0, "other", "none", 10],
      [hourMs, "GET", "2xx", 10],
    ])
  })

  test("of a clock that is ahead counts as now; calls of more than 90 days ago are passed over and told", async () => {
    const endpoint = `/${randomUUID()}`
    const counts = [
      aCount({ endpoint, hour: new Date(Date.now() + 30 * dayMs).toISOString() }),
      aCount({ endpoint, hour: new Date(Date.now() - 91 * dayMs).toISOString() }),
    ]
    const response = await send(aReport({ counts }))
    expect(await response.json()).toMatchObject({ outcome: "counted", passedOver: 1 })
    const rows = await rowsOf(endpoint)
    expect(rows).toHaveLength(1)
    expect(rows[0]?.hour.getTime()).toBeLessThanOrEqual(Date.now())
  })

  test("says who reports, what it follows and what it lost", async () => {
    const instance = randomUUID()
    const report = aReport({ instance, profile: "docker", host: "web\u00071", policyVersion: 7, dropped: 0 })
    await send(report)
    expect(await instanceOf(instance)).toMatchObject({
      ...{ kind: "express", version: "0.1.0", profile: "docker", host: "web1", policy_version: 7 },
      ...{ dropped: "0", dropped_at: null },
    })
    await send({ ...report, sequence: 2, dropped: 3 })
    const { dropped, dropped_at: droppedAt } = await instanceOf(instance)
    expect([dropped, droppedAt]).toEqual(["3", expect.any(Date)])
    await send({ ...report, sequence: 3, dropped: 3 })
    expect((await instanceOf(instance)).dropped_at).toEqual(droppedAt)
  })

  test("may have 2,000 counts", async () => {
    const mark = randomUUID()
    const counts = Array.from({ length: 2_000 }, (_, at) => aCount({ endpoint: `/${mark}`, calls: at }))
    expect((await send(aReport({ counts }))).status).toBe(200)
    expect(await rowsOf(`/${mark}`)).toMatchObject([{ calls: 1_999_000 }])
  })

  test("whose endpoints are strange is counted all the same", async () => {
    const mark = randomUUID()
    const strange = [`/${mark}\u0000\u0007`, `/${mark}${"x".repeat(5_000)}`, `/${mark}\ud800`, "", "other"]
    const response = await send(aReport({ counts: strange.map(endpoint => aCount({ endpoint })) }))
    expect(response.status).toBe(200)
    const { rows } = await api.db.superuser.query(
      "SELECT endpoint, calls::int FROM capture_count WHERE endpoint LIKE $1 OR endpoint = 'other' ORDER BY 1",
      [`/${mark}%`],
    )
    expect(rows.map(row => [row.endpoint.length, row.calls])).toEqual(
      expect.arrayContaining([
        [37, 10],
        [200, 10],
        [38, 10],
        [5, 20],
      ]),
    )
  })

  const bad: readonly [string, object, string][] = [
    ["no instance", { instance: undefined }, "/instance"],
    ["an instance with a line break", { instance: "a\nb" }, "/instance"],
    ["a negative number", { sequence: -1 }, "/sequence"],
    ["a number between two", { sequence: 1.5 }, "/sequence"],
    ["an unknown member", { secret: "x" }, "/secret"],
    ["an unknown class", { counts: [aCount({ class: "6xx" })] }, "/counts/0/class"],
    ["negative calls", { counts: [aCount(), aCount({ calls: -1 })] }, "/counts/1/calls"],
    ["a day instead of an instant", { counts: [aCount({ hour: "2026-11-30" })] }, "/counts/0/hour"],
    ["more counts than a report has", { counts: Array.from({ length: 2_001 }, () => aCount()) }, "/counts"],
  ]
  test.each(bad)(
    "with %s is 422 with a pointer, and nothing of it is counted",
    async (_, members, pointer) => {
      const instance = "instance" in members ? undefined : randomUUID()
      const response = await send(aReport({ ...(instance && { instance }), ...members }))
      const { errors } = await response.json()
      expect([response.status, errors[0].pointer]).toEqual([422, pointer])
      if (instance) expect(await instanceOf(instance)).toBeUndefined()
    },
  )

  test("needs LOG-INGESTION, and counts for the app of its key in its own organization only", async () => {
    const reading = await api.tenant.makeKey(["LOG-MANAGEMENT"])
    expect((await send(aReport(), reading)).status).toBe(403)
    const endpoint = `/${randomUUID()}`
    const other: Tenant = await api.makeTenant()
    await send(aReport({ counts: [aCount({ endpoint })] }), await other.makeKey(["LOG-INGESTION"], "vision"))
    const { rows } = await api.db.superuser.query(
      "SELECT organization_id, app_id FROM capture_count WHERE endpoint = $1",
      [endpoint],
    )
    expect(rows).toEqual([{ organization_id: other.organization.id, app_id: other.apps[1]?.id }])
    const seen = await api.platform.database.withOrganization(api.tenant.organization.id, tx =>
      tx.query("SELECT 1 FROM capture_count WHERE endpoint = $1", [endpoint]),
    )
    expect(seen).toEqual([])
  })
})

describe("what an app may have", () => {
  const report = (members: Partial<CaptureReport>): CaptureReport => ({
    ...{ instance: "one", sequence: 1, kind: "node", version: "1", profile: null, host: null },
    ...{ policyVersion: null, dropped: 0, counts: [] },
    ...members,
  })
  const count = (endpoint: string) => ({
    ...{ hour: new Date(), endpoint, method: "GET", class: "2xx" },
    ...{ calls: 1, bytesIn: 0, bytesOut: 0 },
  })

  test("after 2,000 endpoints, further ones are counted as other; the known ones keep their own counts", async () => {
    const tenant = await api.makeTenant()
    const app = { organizationId: tenant.organization.id, appId: tenant.apps[0]?.id ?? "" }
    const counts = captureCounts(api.platform.database)
    const of = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, position) =>
        count(`/e/${from + position}`),
      ) as CaptureReport["counts"]
    await counts.count(app, report({ sequence: 1, counts: of(0, 1_000) }), new Date())
    await counts.count(app, report({ sequence: 2, counts: of(1_000, 1_999) }), new Date())
    // Two at once for the last place.
    await Promise.all([
      counts.count(app, report({ instance: "two", counts: of(3_000, 3_002) }), new Date()),
      counts.count(
        app,
        report({ instance: "three", counts: [...of(4_000, 4_002), ...of(0, 1)] }),
        new Date(),
      ),
    ])
    const { rows } = await api.db.superuser.query(
      `SELECT count(DISTINCT endpoint)::int AS endpoints, sum(calls) FILTER (WHERE endpoint = 'other')::int AS other,
         sum(calls) FILTER (WHERE endpoint = '/e/0')::int AS first, sum(calls)::int AS calls
       FROM capture_count WHERE app_id = $1`,
      [app.appId],
    )
    expect(rows).toEqual([{ endpoints: reportLimits.endpoints + 1, other: 3, first: 2, calls: 2_004 }])
  })

  test("after 1,000 instances, one that was not seen for an hour makes room; else the new one is asked to wait", async () => {
    const tenant = await api.makeTenant()
    const app = { organizationId: tenant.organization.id, appId: tenant.apps[0]?.id ?? "" }
    await api.db.superuser.query(
      `INSERT INTO capture_instance (organization_id, app_id, instance, sequence, kind, version, first_seen_at, last_seen_at)
       SELECT $1, $2, 'i' || n, 1, 'node', '1', now(), now() FROM generate_series(1, 1000) n`,
      [app.organizationId, app.appId],
    )
    const counts = captureCounts(api.platform.database)
    await expect(counts.count(app, report({ instance: "late" }), new Date())).rejects.toMatchObject({
      code: "rate-limited",
    })
    expect(await counts.count(app, report({ instance: "i7", sequence: 2 }), new Date())).toMatchObject({
      outcome: "counted",
    })
    await api.db.superuser.query(
      "UPDATE capture_instance SET last_seen_at = now() - interval '61 minutes' WHERE app_id = $1 AND instance = 'i9'",
      [app.appId],
    )
    expect(await counts.count(app, report({ instance: "late" }), new Date())).toMatchObject({
      outcome: "counted",
    })
    const { rows } = await api.db.superuser.query(
      "SELECT count(*)::int, bool_or(instance = 'i9') AS kept FROM capture_instance WHERE app_id = $1",
      [app.appId],
    )
    expect(rows).toEqual([{ count: 1_000, kept: false }])
  })

  test("instances are forgotten 30 days after their last report, counts and endpoints after 90 days", async () => {
    const tenants = [await api.makeTenant(), await api.makeTenant()]
    const counts = captureCounts(api.platform.database)
    const at = new Date("2026-06-01T00:00:00Z")
    const ago = (days: number) => new Date(at.getTime() - days * dayMs)
    for (const { organization, apps } of tenants) {
      const app = { organizationId: organization.id, appId: apps[0]?.id ?? "" }
      for (const days of [89, 91]) {
        const counted = [{ ...count(`/${days}`), hour: ago(days) }] as CaptureReport["counts"]
        await counts.count(app, report({ instance: `c${days}`, counts: counted }), ago(days))
      }
      for (const days of [29, 31]) await counts.count(app, report({ instance: `i${days}` }), ago(days))
    }
    const job = captureCleanUpJob(api.platform.database)
    expect(await job.run(at)).toMatchObject({ outcome: "done", instances: 6, counts: 2, endpoints: 2 })
    const left = async (table: string, column: string) => {
      const sql = `SELECT ${column} AS name FROM ${table} WHERE app_id = ANY ($1) ORDER BY 1`
      const { rows } = await api.db.superuser.query(sql, [tenants.map(({ apps }) => apps[0]?.id)])
      return rows.map(({ name }) => name)
    }
    expect(await left("capture_instance", "instance")).toEqual(["i29", "i29"])
    expect(await left("capture_count", "endpoint")).toEqual(["/89", "/89"])
    expect(await left("capture_endpoint", "endpoint")).toEqual(["/89", "/89"])
    expect(await job.run(at)).toMatchObject({ instances: 0, counts: 0, endpoints: 0 })
  })
})
