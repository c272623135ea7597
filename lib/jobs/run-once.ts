import { pauseAfter } from "@/lib/delivery/back-off"
import { jobErrorInWords } from "@/lib/delivery/job-error"
import type { JobRuns } from "@/lib/delivery/job-runs"
import type { Log } from "@/lib/log"
import type { Job, JobOutcome } from "./job"
import { pause } from "./pause"

export interface Running {
  readonly log: Log
  readonly now: () => Date
  readonly runs: JobRuns
  /** Pause after a first failure; doubles with each consecutive one, up to the job's own interval. */
  readonly retryMs?: number
}

/** What a run leaves to the next one. */
export interface Turn {
  /** Failures in a row. */
  readonly failures: number
  /** Another worker has the job: the next run takes it over only if that worker does not finish. */
  readonly abandonedOnly: boolean
}

export const firstTurn: Turn = { failures: 0, abandonedOnly: false }

interface Ran {
  readonly pauseMs: number
  readonly turn: Turn
}

/** Runs the job, unless another worker has it; logs and stores how it ended. Returns when to run it again. */
export async function runOnce(job: Job, running: Running, turn: Turn): Promise<Ran> {
  const began = performance.now()
  const tookMs = () => Math.round(performance.now() - began)
  try {
    const claim = await claimOf(job, running, turn)
    if ("heldForMs" in claim) return skipped(job, running, claim.heldForMs, tookMs())
    // What was taken over counts as this worker's own: when it fails, it is tried again soon.
    return await claimedRun(job, running, claim.lease, { ...turn, abandonedOnly: false }, tookMs)
  } catch (error) {
    return failed(job, running, turn, error, tookMs())
  }
}

async function claimOf({ name, exclusive }: Job, { runs }: Running, { abandonedOnly }: Turn) {
  return exclusive ? runs.claim(name, { abandonedOnly }) : { lease: null }
}

async function claimedRun(
  job: Job,
  running: Running,
  lease: string | null,
  turn: Turn,
  tookMs: () => number,
): Promise<Ran> {
  const endBeats = beginBeats(job, running, lease)
  let ended: JobOutcome | { readonly outcome: "failed"; readonly error: unknown }
  try {
    ended = await job.run(running.now())
  } catch (error) {
    ended = { outcome: "failed", error }
  } finally {
    await endBeats()
  }
  const ran = isFailed(ended)
    ? failed(job, running, turn, ended.error, tookMs())
    : succeeded(job, running, ended, tookMs())
  const error = isFailed(ended) ? jobErrorInWords(ended.error) : null
  const { outcome } = ended
  await store(job, running, () =>
    running.runs.finish(job.name, lease, { outcome, error, tookMs: tookMs(), nextInMs: ran.pauseMs }),
  )
  return ran
}

function isFailed(ended: {
  readonly outcome: string
}): ended is { readonly outcome: "failed"; readonly error: unknown } {
  return ended.outcome === "failed"
}

function succeeded(job: Job, { log }: Running, ended: JobOutcome, durationMs: number): Ran {
  const { outcome, goesOnInMs = job.everyMs, ...facts } = ended
  if (outcome !== "idle") {
    const say = outcome === "done" ? log.info : log.debug
    say(`job.${outcome}`, { job: job.name, durationMs, ...facts })
  }
  return { pauseMs: goesOnInMs, turn: firstTurn }
}

function failed(job: Job, running: Running, turn: Turn, error: unknown, durationMs: number): Ran {
  running.log.error("job.failed", { job: job.name, durationMs, error })
  const failures = turn.failures + 1
  const backOff = { firstMs: running.retryMs ?? 5_000, longestMs: job.everyMs }
  return { pauseMs: pauseAfter(failures, backOff), turn: { ...turn, failures } }
}

/** When the other worker is killed, its lease is what ends. */
function skipped(job: Job, { log }: Running, heldForMs: number | null, durationMs: number): Ran {
  log.debug("job.skipped", { job: job.name, durationMs })
  if (heldForMs === null) return { pauseMs: job.everyMs, turn: firstTurn }
  return { pauseMs: Math.min(job.everyMs, heldForMs), turn: { failures: 0, abandonedOnly: true } }
}

/** Says at intervals that the job still runs, until the function that it returns is called. */
function beginBeats(job: Job, running: Running, lease: string | null): () => Promise<void> {
  const { runs } = running
  const ending = new AbortController()
  const beats = async () => {
    for (;;) {
      await pause(runs.beatEveryMs, ending.signal)
      if (ending.signal.aborted) return
      await store(job, running, () => runs.beat(job.name, lease))
    }
  }
  const ended = beats()
  return () => {
    ending.abort()
    return ended
  }
}

/** What is stored about a run is never a reason for the job to fail. */
async function store({ name }: Job, { log }: Running, write: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await write())) log.warn("job.lease-lost", { job: name })
  } catch (error) {
    log.warn("job.not-stored", { job: name, error })
  }
}
