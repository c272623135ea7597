import type { Job } from "./job"
import { pause } from "./pause"
import { firstTurn, type Running, runOnce } from "./run-once"

interface Repeating extends Running {
  readonly signal: AbortSignal
  /** How often the list of jobs is read. */
  readonly lookEveryMs?: number
}

/** A job that is repeated until it leaves the list. */
interface Loop {
  /** Replaced when the list has another job of this name; the next run uses it. */
  job: Job
  readonly ending: AbortController
  readonly ended: Promise<void>
}

/**
 * Runs every job of the list at its interval, independently, until the signal; a failure is logged and retried. The list
 * is read again and again: a job that is new in it begins, one that has left it ends after its run.
 */
export async function runJobs(
  currentJobs: () => readonly Job[] | Promise<readonly Job[]>,
  repeating: Repeating,
): Promise<void> {
  const { log, signal, lookEveryMs = 5_000 } = repeating
  const loops = new Map<string, Loop>()
  while (!signal.aborted) {
    try {
      follow(byName(await currentJobs()), loops, repeating)
    } catch (error) {
      log.error("jobs.unknown", { error })
    }
    await pause(lookEveryMs, signal)
  }
  await Promise.all([...loops.values()].map(({ ended }) => ended))
}

function byName(jobs: readonly Job[]): ReadonlyMap<string, Job> {
  const named = new Map(jobs.map(job => [job.name, job]))
  if (named.size < jobs.length) throw new Error("Two jobs have the same name.")
  return named
}

function follow(jobs: ReadonlyMap<string, Job>, loops: Map<string, Loop>, repeating: Repeating): void {
  for (const [name, loop] of loops) {
    const job = jobs.get(name)
    if (job === undefined) loop.ending.abort()
    else loop.job = job
  }
  for (const [name, job] of jobs) {
    if (!loops.has(name))
      loops.set(
        name,
        begin(job, repeating, () => loops.delete(name)),
      )
  }
}

/** `left` is called when the job has left the list and its last run has ended; then it can begin again. */
function begin(job: Job, repeating: Repeating, left: () => void): Loop {
  const ending = new AbortController()
  const loop: Loop = {
    job,
    ending,
    // Begins in a later turn, when the loop exists.
    ended: Promise.resolve().then(async () => {
      await repeat(loop, repeating)
      if (!ending.signal.aborted) return
      await forget(job, repeating)
      left()
    }),
  }
  return loop
}

async function repeat(loop: Loop, repeating: Repeating): Promise<void> {
  const signal = AbortSignal.any([repeating.signal, loop.ending.signal])
  for (let turn = firstTurn; !signal.aborted; ) {
    const ran = await runOnce(loop.job, repeating, turn)
    turn = ran.turn
    await pause(ran.pauseMs, signal)
  }
}

async function forget({ name }: Job, { runs, log }: Running): Promise<void> {
  await runs.forget(name).catch(error => log.warn("job.not-stored", { job: name, error }))
}
