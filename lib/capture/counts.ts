import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import {
  type CaptureReport,
  type CountedReport,
  otherEndpoint,
  type ReportedCount,
  reportLimits,
} from "./report"

/** Where the reports of SDKs and proxies are counted. */
export interface CaptureCounts {
  /** Counts a report of the app once, however often it is sent. Throws AppError `rate-limited` beyond the instances of an app. */
  count(app: CountedApp, report: CaptureReport, at: Date): Promise<CountedReport>
}

export interface CountedApp {
  readonly organizationId: string
  readonly appId: string
}

interface Work extends CountedApp {
  readonly tx: Tx
  readonly at: Date
}

const minuteMs = 60 * 1000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** An instance that was seen this recently may still send a report again. */
const retryingMs = hourMs

/** Returns the counts in this database. */
export function captureCounts(database: Database): CaptureCounts {
  return {
    count: async ({ organizationId, appId }, report, at) => {
      const counted = await database.withOrganization<CountedReport>(organizationId, async tx => {
        const work = { tx, organizationId, appId, at }
        // Reports of an app are counted one after the other: what it may have is counted and then added to.
        await tx.query(
          "SELECT 1 FROM app WHERE organization_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE",
          [organizationId, appId],
        )
        if (!(await isNew(work, report))) return { outcome: "repeated", passedOver: 0 }
        const kept = keptCounts(report.counts, at)
        await addCounts(work, await withKnownEndpoints(work, mergeCounts(kept)))
        return { outcome: "counted", passedOver: report.counts.length - kept.length }
      })
      if (report.dropped > 0) await noteLoss(database, organizationId, at)
      return counted
    },
  }
}

// After the transaction, and also for a report that is repeated because its first answer was lost: the job that tells the administrators
// looks for the instances that have lost more than is known. The row of the organization is never locked beside that of an app.
async function noteLoss(database: Database, organizationId: string, at: Date): Promise<void> {
  await database.queryDirectly(
    `UPDATE organization SET capture_lost_at = $2::timestamptz
     WHERE id = $1::uuid AND (capture_lost_at IS NULL OR capture_lost_at < $3::timestamptz)`,
    [organizationId, at.toISOString(), new Date(at.getTime() - minuteMs).toISOString()],
  )
}

/** Returns whether the report is newer than the last one of its instance, and remembers it. */
async function isNew(work: Work, report: CaptureReport): Promise<boolean> {
  const { tx, organizationId, appId, at } = work
  const { instance, sequence, kind, version, profile, host, policyVersion, dropped } = report
  const values = [
    organizationId,
    appId,
    instance,
    sequence,
    kind,
    version,
    profile,
    host,
    policyVersion,
    dropped,
    at,
  ]
  const [known] = await tx.query<{ sequence: number }>(
    "SELECT sequence FROM capture_instance WHERE organization_id = $1::uuid AND app_id = $2::uuid AND instance = $3",
    values.slice(0, 3),
  )
  if (known && sequence <= known.sequence) return false
  if (!known) await makeRoom(work)
  await tx.query(
    `INSERT INTO capture_instance (organization_id, app_id, instance, sequence, kind, version, profile, host,
       policy_version, dropped, dropped_at, first_seen_at, last_seen_at)
     VALUES ($1::uuid, $2::uuid, $3, $4::bigint, $5, $6, $7, $8, $9::int, $10::bigint,
       CASE WHEN $10::bigint > 0 THEN $11::timestamptz END, $11, $11)
     ON CONFLICT (organization_id, app_id, instance) DO UPDATE SET sequence = excluded.sequence, kind = excluded.kind,
       version = excluded.version, profile = excluded.profile, host = excluded.host,
       policy_version = excluded.policy_version, dropped = excluded.dropped, last_seen_at = excluded.last_seen_at,
       dropped_at = CASE WHEN excluded.dropped > capture_instance.dropped THEN excluded.last_seen_at
         ELSE capture_instance.dropped_at END`,
    values,
  )
  return true
}

/** Forgets the instance that was not seen for the longest time, when the app has as many as it may have. */
async function makeRoom({ tx, organizationId, appId, at }: Work): Promise<void> {
  const [row] = await tx.query<{ count: number; oldest: string | null; isIdle: boolean | null }>(
    `SELECT count(*)::int AS count, (array_agg(instance ORDER BY last_seen_at, instance))[1] AS oldest,
       min(last_seen_at) < $3::timestamptz AS "isIdle"
     FROM capture_instance WHERE organization_id = $1::uuid AND app_id = $2::uuid`,
    [organizationId, appId, new Date(at.getTime() - retryingMs)],
  )
  if (!row || row.count < reportLimits.instances) return
  if (!row.isIdle) {
    const message = `This app has ${reportLimits.instances} instances that report, and may not have more.`
    throw new AppError("rate-limited", message, { retryAfterSeconds: retryingMs / 1000 })
  }
  await tx.query(
    "DELETE FROM capture_instance WHERE organization_id = $1::uuid AND app_id = $2::uuid AND instance = $3",
    [organizationId, appId, row.oldest],
  )
}

/** Returns the counts that are young enough, each at the beginning of its hour; a clock that is ahead counts as now. */
function keptCounts(counts: readonly ReportedCount[], at: Date): ReportedCount[] {
  const oldestMs = at.getTime() - reportLimits.countDays * dayMs
  return counts
    .filter(({ hour }) => hour.getTime() >= oldestMs)
    .map(count => ({ ...count, hour: startOfHour(Math.min(count.hour.getTime(), at.getTime())) }))
}

function startOfHour(ms: number): Date {
  return new Date(Math.floor(ms / hourMs) * hourMs)
}

/** Returns the counts with those added up that a statement would update twice. */
function mergeCounts(counts: readonly ReportedCount[]): ReportedCount[] {
  const merged = new Map<string, ReportedCount>()
  for (const count of counts) {
    const key = JSON.stringify([count.hour.getTime(), count.endpoint, count.method, count.class])
    const before = merged.get(key)
    merged.set(key, before ? sumOf(before, count) : count)
  }
  return [...merged.values()]
}

function sumOf(one: ReportedCount, other: ReportedCount): ReportedCount {
  return {
    ...one,
    calls: one.calls + other.calls,
    bytesIn: one.bytesIn + other.bytesIn,
    bytesOut: one.bytesOut + other.bytesOut,
  }
}

/** Returns the counts with the endpoints for which the app has no room counted as `other`; remembers the new ones. */
async function withKnownEndpoints(work: Work, counts: readonly ReportedCount[]): Promise<ReportedCount[]> {
  const { tx, organizationId, appId } = work
  if (counts.length === 0) return []
  const rows = await tx.query<{ endpoint: string }>(
    "SELECT endpoint FROM capture_endpoint WHERE organization_id = $1::uuid AND app_id = $2::uuid",
    [organizationId, appId],
  )
  const known = new Set(rows.map(({ endpoint }) => endpoint))
  for (const { endpoint } of counts) {
    if (endpoint !== otherEndpoint && known.size < reportLimits.endpoints) known.add(endpoint)
  }
  const placed = counts.map(count =>
    known.has(count.endpoint) ? count : { ...count, endpoint: otherEndpoint },
  )
  await rememberEndpoints(work, placed)
  return mergeCounts(placed)
}

async function rememberEndpoints(
  { tx, organizationId, appId }: Work,
  counts: readonly ReportedCount[],
): Promise<void> {
  const latest = new Map<string, Date>()
  for (const { endpoint, hour } of counts) {
    if (endpoint === otherEndpoint) continue
    const before = latest.get(endpoint)
    if (!before || before < hour) latest.set(endpoint, hour)
  }
  await tx.query(
    `INSERT INTO capture_endpoint (organization_id, app_id, endpoint, last_hour)
     SELECT $1::uuid, $2::uuid, * FROM unnest($3::text[], $4::timestamptz[])
     ON CONFLICT (organization_id, app_id, endpoint) DO UPDATE SET last_hour = excluded.last_hour
       WHERE capture_endpoint.last_hour < excluded.last_hour`,
    [organizationId, appId, [...latest.keys()], [...latest.values()]],
  )
}

async function addCounts(
  { tx, organizationId, appId }: Work,
  counts: readonly ReportedCount[],
): Promise<void> {
  if (counts.length === 0) return
  const column = <Name extends keyof ReportedCount>(name: Name) => counts.map(count => count[name])
  await tx.query(
    `INSERT INTO capture_count (organization_id, app_id, hour, endpoint, method, class, calls, bytes_in, bytes_out)
     SELECT $1::uuid, $2::uuid, * FROM unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
     ON CONFLICT (organization_id, hour, app_id, endpoint, method, class) DO UPDATE SET
       calls = capture_count.calls + excluded.calls, bytes_in = capture_count.bytes_in + excluded.bytes_in,
       bytes_out = capture_count.bytes_out + excluded.bytes_out`,
    [
      ...[organizationId, appId, column("hour"), column("endpoint"), column("method"), column("class")],
      ...[column("calls"), column("bytesIn"), column("bytesOut")],
    ],
  )
}
