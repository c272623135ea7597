import type { LogFields } from "@/lib/log"

/**
 * `skipped`: another process is doing it. `idle`: there was nothing to do, which a job with an interval of a second does
 * not report.
 */
export type JobOutcome = {
  readonly outcome: "done" | "skipped" | "idle"
  /** The job is in the middle of longer work and continues after this pause instead of its interval. */
  readonly goesOnInMs?: number
} & LogFields

/** Work that is repeated. Running it twice, or in two workers at once, must be harmless. */
export interface Job {
  /** Lower-case letters, digits and hyphens: `deliver-mail`. */
  readonly name: string
  readonly everyMs: number
  /** Runs in one worker at a time: the others skip it, and take it over when its worker was killed. */
  readonly exclusive?: true
  readonly run: (at: Date) => Promise<JobOutcome>
}
