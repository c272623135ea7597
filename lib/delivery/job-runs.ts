import { randomUUID } from "node:crypto"
import type { Database } from "@/lib/database/database"

/** What the end of a run says about it. */
export interface RunEnd {
  readonly outcome: "done" | "idle" | "skipped" | "failed"
  /** Of a failed run: in words, without values (`jobErrorInWords`). */
  readonly error: string | null
  readonly tookMs: number
  /** How long until it is due again. */
  readonly nextInMs: number
}

/**
 * The result of a claim: a lease, or how long another worker's lease still lasts. `null`: there is nothing to take over,
 * the other worker has finished.
 */
export type JobClaim = { readonly lease: string } | { readonly heldForMs: number | null }

/** What is stored about the runs of jobs. All times are the database's, so workers need no common clock. */
export interface JobRuns {
  /** How often a running job says that it still runs. */
  readonly beatEveryMs: number
  /**
   * Claims a job for this worker alone, until the lease ends. `abandonedOnly`: only when its last run never ended, because
   * its worker was killed.
   */
  claim(name: string, options: { readonly abandonedOnly: boolean }): Promise<JobClaim>
  /** Stores that the job still runs, and prolongs the lease. Returns false when another worker has it meanwhile. */
  beat(name: string, lease: string | null): Promise<boolean>
  /**
   * Stores the end of a run and ends the lease. Returns false when another worker has it meanwhile; nothing is stored
   * then. Runs without a lease that found nothing to do are stored once a minute.
   */
  finish(name: string, lease: string | null, end: RunEnd): Promise<boolean>
  /** Deletes what is stored about a job that is not repeated any more, unless another worker is running it. */
  forget(name: string): Promise<void>
}

/** A job of a killed worker is free again after this time. */
const standardLeaseMs = 60_000
/** A job of every second must not write a row every second. */
const idleStoredEveryMs = 60_000

const after = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`

// A run that ends clears its lease: one that is over and still there is of a worker that was killed.
const claimStatement = `
  INSERT INTO job_run AS run (name, lease, leased_until, heartbeat_at, last_started_at)
  VALUES ($1, $2::uuid, ${after("$3")}, clock_timestamp(), clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET lease = excluded.lease, leased_until = excluded.leased_until,
    heartbeat_at = excluded.heartbeat_at, last_started_at = excluded.last_started_at
  WHERE (run.leased_until IS NULL OR run.leased_until <= clock_timestamp())
    AND (NOT $4::boolean OR run.lease IS NOT NULL)
  RETURNING name`

const heldStatement = `
  SELECT greatest(0, ceil(extract(epoch FROM leased_until - clock_timestamp()) * 1000))::float8 AS "heldForMs"
  FROM job_run WHERE name = $1 AND lease IS NOT NULL`

const leasedBeatStatement = `
  UPDATE job_run SET heartbeat_at = clock_timestamp(), leased_until = ${after("$3")}
  WHERE name = $1 AND lease = $2::uuid RETURNING name`

const beatStatement = `
  INSERT INTO job_run (name, heartbeat_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (name) DO UPDATE SET heartbeat_at = excluded.heartbeat_at RETURNING name`

const leasedFinishStatement = `
  UPDATE job_run SET lease = NULL, leased_until = NULL, heartbeat_at = clock_timestamp(),
    last_finished_at = clock_timestamp(), outcome = $3::text, error = $4::text, next_at = ${after("$5")},
    last_done_at = CASE WHEN $3::text = 'failed' THEN last_done_at ELSE clock_timestamp() END
  WHERE name = $1 AND lease = $2::uuid RETURNING name`

const finishStatement = `
  INSERT INTO job_run AS run
    (name, heartbeat_at, last_started_at, last_finished_at, outcome, error, next_at, last_done_at)
  VALUES ($1, clock_timestamp(), ${after("-$2")}, clock_timestamp(), $3::text, $4::text, ${after("$5")},
    CASE WHEN $3::text = 'failed' THEN NULL ELSE clock_timestamp() END)
  ON CONFLICT (name) DO UPDATE SET heartbeat_at = excluded.heartbeat_at,
    last_started_at = excluded.last_started_at, last_finished_at = excluded.last_finished_at,
    outcome = excluded.outcome, error = excluded.error, next_at = excluded.next_at,
    last_done_at = coalesce(excluded.last_done_at, run.last_done_at)
  RETURNING name`

const forgetStatement =
  "DELETE FROM job_run WHERE name = $1 AND (leased_until IS NULL OR leased_until <= clock_timestamp())"

/** Returns the stored runs of the database. */
export function jobRuns(
  database: Pick<Database, "queryDirectly">,
  { leaseMs = standardLeaseMs }: { readonly leaseMs?: number } = {},
): JobRuns {
  const stored = new Map<string, { readonly outcome: string; readonly at: number }>()
  const hits = async (sql: string, values: readonly unknown[]) =>
    (await database.queryDirectly(sql, values)).length > 0
  return {
    beatEveryMs: leaseMs / 3,
    async claim(name, { abandonedOnly }) {
      const lease = randomUUID()
      if (await hits(claimStatement, [name, lease, leaseMs, abandonedOnly])) return { lease }
      const [held] = await database.queryDirectly<{ heldForMs: number }>(heldStatement, [name])
      return { heldForMs: held?.heldForMs ?? null }
    },
    beat: (name, lease) =>
      lease === null ? hits(beatStatement, [name]) : hits(leasedBeatStatement, [name, lease, leaseMs]),
    async finish(name, lease, { outcome, error, tookMs, nextInMs }) {
      if (lease !== null) return hits(leasedFinishStatement, [name, lease, outcome, error, nextInMs])
      const last = stored.get(name)
      const isRecent = last !== undefined && performance.now() - last.at < idleStoredEveryMs
      if (outcome === "idle" && isRecent && last.outcome !== "failed") return true
      await hits(finishStatement, [name, tookMs, outcome, error, nextInMs])
      stored.set(name, { outcome, at: performance.now() })
      return true
    },
    async forget(name) {
      stored.delete(name)
      await database.queryDirectly(forgetStatement, [name])
    },
  }
}
