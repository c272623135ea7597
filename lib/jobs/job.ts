import { setTimeout as sleep } from "node:timers/promises"
import type { Log, LogFields } from "@/lib/log"

/** `skipped`: another worker is at it. `idle`: there was nothing to do, which a job that asks every second does not report. */
export type JobOutcome = {
  readonly outcome: "done" | "skipped" | "idle"
  /** The job is in the middle of longer work and goes on after this pause, in place of its interval. */
  readonly goesOnInMs?: number
} & LogFields

/** Work that is done again and again. Doing it twice, or in two workers at once, must be harmless. */
export interface Job {
  readonly name: string
  readonly everyMs: number
  readonly run: (at: Date) => Promise<JobOutcome>
}

interface Running {
  readonly log: Log
  readonly now: () => Date
  readonly signal: AbortSignal
  /** Pause after a first failure; doubles with each one in a row, up to the job's own interval. */
  readonly retryMs?: number
}

/** Promise: runs every job at its interval, each on its own, until the signal; a failure is logged and tried again. */
export async function runJobs(jobs: readonly Job[], running: Running): Promise<void> {
  await Promise.all(jobs.map(job => repeat(job, running)))
}

async function repeat(job: Job, { log, now, signal, retryMs = 5_000 }: Running): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const { succeeded, goesOnInMs = job.everyMs } = await runOnce(job, log, now)
    failures = succeeded ? 0 : failures + 1
    const pauseMs = succeeded ? goesOnInMs : Math.min(job.everyMs, retryMs * 2 ** (failures - 1))
    // The only way out of the pause before its end is the signal, which the loop asks about.
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
