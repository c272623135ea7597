import { execFileSync, spawnSync } from "node:child_process"
import { randomBytes, randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type Api, anEvent, startApi } from "@/app/api/fixtures/api"
import { captureCounts } from "@/lib/capture/counts"
import { readEnv } from "@/lib/env/env"
import { execute } from "@/lib/operations/core/execute"
import { job } from "@/lib/operations/fixtures/access"
import { makeWebhook } from "@/lib/operations/sinks/fixtures/sinks"
import { pauseSink } from "@/lib/operations/sinks/pause"
import { usePlatform } from "@/lib/platform"

const token = "t0ken-of-prometheus-for-tests"
let api: Api
beforeAll(async () => {
  api = await startApi(() => ({ OUTBOUND_ALLOW: "127.0.0.1" }))
})
afterAll(() => api.close())
beforeEach(() => usePlatform(api.platform))

const withToken = () => usePlatform({ ...api.platform, env: { ...api.platform.env, metricsToken: token } })

/** As our own server hands on a request: who connected, and whether the request says that it was forwarded. */
const from = (peer: string, forwarded = "0") => ({
  "x-auditorium-peer": peer,
  "x-auditorium-forwarded": forwarded,
})
const here = from("127.0.0.1")
const scrape = async (headers: Readonly<Record<string, string>>) => {
  const response = await api.call("GET", "/api/metrics", { key: null, headers })
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() }
}

describe("without METRICS_TOKEN", () => {
  test.each([
    ["127.0.0.1", "0", 200],
    ["127.9.9.9", "0", 200],
    ["::1", "0", 200],
    ["::ffff:127.0.0.1", "0", 200],
    ["127.0.0.1", "1", 403],
    ["10.0.0.7", "0", 403],
    ["203.0.113.5", "0", 403],
    ["", "0", 403],
  ])("a connection from %j, forwarded %s, is answered with %i", async (peer, forwarded, status) => {
    expect((await scrape(from(peer, forwarded))).status).toBe(status)
  })

  test("a request that did not come through our own server is refused, and no header of a client changes that", async () => {
    expect((await scrape({ "x-auditorium-peer": "127.0.0.1" })).status).toBe(403)
    expect((await scrape({ ...from("203.0.113.5"), "x-forwarded-for": "127.0.0.1" })).status).toBe(403)
    expect((await scrape({ ...from("203.0.113.5"), authorization: `Bearer ${token}` })).status).toBe(403)
  })
})

describe("with METRICS_TOKEN", () => {
  test.each([
    [`Bearer ${token}`, 200],
    [`bearer  ${token} `, 200],
    [`Bearer ${token}x`, 401],
    [`Bearer ${token.slice(1)}`, 401],
    [`Basic ${token}`, 401],
    ["Bearer ", 401],
    [token, 401],
  ])("the authorization %j is answered with %i, from wherever it comes", async (authorization, status) => {
    withToken()
    expect((await scrape({ ...from("203.0.113.5", "1"), authorization })).status).toBe(status)
  })

  test("this machine needs it as well", async () => {
    withToken()
    expect((await scrape(here)).status).toBe(401)
  })

  test("a short one is refused at the start", () => {
    const environment = { DATABASE_URL: "postgresql://u:p@h/d", SECRET: randomBytes(48).toString("base64") }
    expect(() => readEnv({ ...environment, METRICS_TOKEN: "short" })).toThrow("METRICS_TOKEN")
    const { metricsToken, shown } = readEnv({ ...environment, METRICS_TOKEN: token })
    expect(metricsToken).toBe(token)
    expect(shown.find(({ name }) => name === "METRICS_TOKEN")?.value).toBe("set")
  })
})

test("the figures are those of every organization, each with its own labels, in a text that promtool accepts", async () => {
  const { organization } = api.tenant
  const other = await api.makeTenant()
  const sink = await makeWebhook(job(organization), "http://127.0.0.1:9", {
    name: 'A "hook"',
    begin: { at: "beginning" },
  })
  const paused = await makeWebhook(job(other.organization), "http://127.0.0.1:9")
  await execute(pauseSink, job(other.organization), { id: paused.id })
  await api.call("POST", "/api/v1/events", { body: JSON.stringify(anEvent()) })
  await api.db.superuser.query(
    "UPDATE sink_cursor SET failed = 7, last_success_at = to_timestamp(1790000000) WHERE sink_id = $1",
    [sink.id],
  )
  await api.db.superuser.query(
    `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, dead_at, first_refused_at, last_refused_at, reason)
     VALUES (gen_random_uuid(), $1, $2, 0, gen_random_uuid(), 3, now(), now(), now(), 'no')`,
    [sink.id, organization.id],
  )
  const [app] = other.apps
  const report = {
    kind: "proxy",
    version: "1",
    profile: null,
    host: null,
    policyVersion: null,
    counts: [],
    sequence: 1,
    dropped: 4,
  }
  await captureCounts(api.platform.database).count(
    { organizationId: other.organization.id, appId: app?.id ?? "" },
    { ...report, instance: randomUUID() },
    new Date(),
  )

  const { status, type, text } = await scrape(here)
  expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"])
  const sizes = await api.db.superuser.query("SELECT size::int FROM ledger.head WHERE organization_id = $1", [
    organization.id,
  ])
  const size = sizes.rows[0].size
  const labels = `{organization="${organization.slug}",sink="A \\"hook\\"",sink_id="${sink.id}",kind="webhook"}`
  const lines = text.split("\n")
  expect(lines).toContain(`auditorium_events_total{organization="${organization.slug}"} ${size}`)
  expect(lines).toContain(`auditorium_sink_lag_events${labels} ${size}`)
  expect(lines).toContain(`auditorium_sink_failures_total${labels} 7`)
  expect(lines).toContain(`auditorium_sink_last_success_timestamp_seconds${labels} 1790000000`)
  expect(lines).toContain(`auditorium_sink_dead_letters${labels} 1`)
  expect(text).toMatch(
    new RegExp(`^auditorium_sink_lag_seconds\\{organization="${organization.slug}".*\\} \\d`, "m"),
  )
  expect(text).toMatch(
    new RegExp(`^auditorium_sink_paused\\{organization="${other.organization.slug}".*\\} 1$`, "m"),
  )
  expect(text).toMatch(
    new RegExp(
      `^auditorium_capture_dropped_total\\{organization="${other.organization.slug}",app="billing",instance=".*"\\} 4$`,
      "m",
    ),
  )
  expect(text).not.toContain("whsec_")
  if (spawnSync("promtool", ["--version"]).status === 0)
    execFileSync("promtool", ["check", "metrics"], { input: text, stdio: ["pipe", "pipe", "pipe"] })
})

test("reading them leaves the connection in no organization", async () => {
  await api.platform.database.queryDirectly("SELECT count(*) FROM figures_of_organizations()")
  const seen = await Promise.all(
    Array.from({ length: 12 }, () =>
      api.platform.database.queryDirectly(
        "SELECT current_setting('app.organization', true) AS organization, (SELECT count(*)::int FROM sink) AS sinks",
      ),
    ),
  )
  for (const [row] of seen) expect(row).toMatchObject({ sinks: 0 })
})
