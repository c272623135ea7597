import { setTimeout as sleep } from "node:timers/promises"
import type { Log, LogFields } from "@/lib/log"

/**
 * `skipped`: another worker is running it. `idle`: there was nothing to do, which a job with an interval of a second does
 * not report.
 */
export type JobOutcome = {
  readonly outcome: "done" | "skipped" | "idle"
  /** The job is in the middle of longer work and continues after this pause instead of its interval. */
  readonly goesOnInMs?: number
} & LogFields

/** Work that is repeated. Running it twice, or in two workers at once, must be harmless. */
export interface Job {
  readonly name: string
  readonly everyMs: number
  readonly run: (at: Date) => Promise<JobOutcome>
}

interface Running {
  readonly log: Log
  readonly now: () => Date
  readonly signal: AbortSignal
  /** Pause after a first failure; doubles with each consecutive one, up to the job's own interval. */
  readonly retryMs?: number
}

/** Runs every job at its interval, independently, until the signal; a failure is logged and retried. */
export async function runJobs(jobs: readonly Job[], running: Running): Promise<void> {
  await Promise.all(jobs.map(job => repeat(job, running)))
}

async function repeat(job: Job, { log, now, signal, retryMs = 5_000 }: Running): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const { succeeded, goesOnInMs = job.everyMs } = await runOnce(job, log, now)
    failures = succeeded ? 0 : failures + 1
    const pauseMs = succeeded ? goesOnInMs : Math.min(job.everyMs, retryMs * 2 ** (failures - 1))
    // Only the signal ends the pause early, and the loop checks it.
    await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
}

interface Ran {
  readonly succeeded: boolean
  readonly goesOnInMs?: number
}

async function runOnce({ name, run }: Job, log: Log, now: () => Date): Promise<Ran> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  try {
    const { outcome, goesOnInMs, ...facts } = await run(now())
    const ran = { succeeded: true, ...(goesOnInMs !== undefined && { goesOnInMs }) }
    if (outcome === "idle") return ran
    const say = outcome === "done" ? log.info : log.debug
    say(`job.${outcome}`, { job: name, durationMs: took(), ...facts })
    return ran
  } catch (error) {
    log.error("job.failed", { job: name, durationMs: took(), error })
    return { succeeded: false }
  }
}
