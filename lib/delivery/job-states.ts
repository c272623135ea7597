import { dateText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"

/** A job as people see it. Times are as Date#toISOString writes them. */
export interface JobState {
  readonly name: string
  /** `interrupted`: its worker was killed or stopped before the run ended. */
  readonly state: "never-run" | "running" | "interrupted" | "done" | "idle" | "skipped" | "failed"
  readonly lastStartedAt: string | null
  readonly nextAt: string | null
  /** Why the last run failed, in words; null otherwise. */
  readonly error: string | null
  /** It should have run, and did not; or it keeps failing. */
  readonly isLate: boolean
}

/** A job that has not done its work, and for how long. */
export interface LateJob {
  readonly name: string
  /** Since its last success, or since it is known. */
  readonly ageSeconds: number
}

/** `query` of a transaction, or `queryDirectly`. */
type Query = Tx["query"]

/** A pause of the machine or a restart must not look like a job that does not run. */
const graceMinutes = 5
/** A job that still says that it runs counts as running for this long after it was due. */
const longestRunMinutes = 60

const due = "coalesce(next_at, created_at)"
const lastSign = `least(coalesce(heartbeat_at, created_at), ${due} + interval '${longestRunMinutes} minutes')`
const lastSuccess = "coalesce(last_done_at, created_at)"
const isOver = (time: string) => `${time} + interval '${graceMinutes} minutes' < clock_timestamp()`
const isLate = `(${isOver(`greatest(${due}, ${lastSign})`)} OR outcome IS NOT DISTINCT FROM 'failed' AND ${isOver(lastSuccess)})`

const statesStatement = `
  SELECT name, error, ${dateText("last_started_at")} AS "lastStartedAt", ${dateText("next_at")} AS "nextAt",
    ${isLate} AS "isLate",
    CASE
      WHEN last_started_at IS NULL THEN 'never-run'
      WHEN leased_until > clock_timestamp() THEN 'running'
      WHEN lease IS NOT NULL THEN 'interrupted'
      ELSE outcome
    END AS state
  FROM job_run ORDER BY name`

const lateStatement = `
  SELECT name, floor(extract(epoch FROM clock_timestamp() - ${lastSuccess}))::float8 AS "ageSeconds"
  FROM job_run WHERE ${isLate} ORDER BY name`

/** Returns every known job, by name. */
export async function listJobStates(query: Query): Promise<readonly JobState[]> {
  const rows = await query<JobState>(statesStatement)
  // A job that runs again has no reason to show yet.
  return rows.map(row => (row.state === "failed" ? row : { ...row, error: null }))
}

/** Returns the jobs that have not run when they were due, or keep failing. */
export function listLateJobs(query: Query): Promise<readonly LateJob[]> {
  return query<LateJob>(lateStatement)
}
