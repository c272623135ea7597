import type { Job } from "./job"

const everyMs = 30_000

/** How much a run has told. */
interface Told {
  readonly events: number
  readonly mails: number
}

/**
 * Returns the job that tells logs and administrators which sinks do not deliver and what producers have lost. `tell` are the ways of
 * doing so, one after the other: they are operations, which jobs do not know.
 */
export function tellSinksJob(tell: readonly ((at: Date) => Promise<Told>)[]): Job {
  return {
    name: "tell-sinks",
    everyMs,
    exclusive: true,
    run: async at => {
      const told = { events: 0, mails: 0 }
      for (const each of tell) {
        const { events, mails } = await each(at)
        told.events += events
        told.mails += mails
      }
      return told.events === 0 ? { outcome: "idle" } : { outcome: "done", ...told }
    },
  }
}
