import { pauseAfter } from "@/lib/delivery/back-off"
import type { SinkTrouble } from "@/lib/sinks/sink"

const minuteMs = 60_000
/** The longest pause between two attempts, unless a receiver asks for more. */
export const longestPauseMs = 15 * minuteMs
const hourMs = 60 * minuteMs

/** Whole batches that are not taken wait without end: they are never lost and never given up. */
export const backOff = { firstMs: 1_000, longestMs: longestPauseMs }
/** A receiver may ask for at most this pause. */
const longestRetryAfterMs = hourMs

/** So many refused events within an hour pause the sink: a mapping is wrong then, not the events. */
export const mostRefusalsInAnHour = 100
export const refusalsCountedForMs = hourMs

/** Why a sink pauses itself. */
export type PauseReason = "gone" | "credentials" | "dead-letters"

/** What a cursor knows of the attempts before. */
export interface Standing {
  readonly failures: number
  readonly firstFailureAt: Date | null
}

/** Why the attempt did not end with a decision about every event of its range. */
export interface Trouble {
  readonly kind: SinkTrouble
  readonly message: string
  readonly retryAfterMs?: number | undefined
}

/** How an attempt ended, as far as its pause depends on it. */
export interface Ended {
  /** Null = every event of the range was taken or refused. */
  readonly trouble: Trouble | null
  /** Some events of the range were taken or refused, so that the range is shorter now. */
  readonly moved: boolean
  /** Events that the sink has refused within the last hour, those of this attempt included; 0 when it refused none this time. */
  readonly refusals: number
}

/** What follows from an attempt. */
export interface NextState {
  readonly failures: number
  readonly firstFailureAt: Date | null
  /** Null = the sink pauses. */
  readonly dueAt: Date | null
  readonly pause: PauseReason | null
}

/** Returns what follows from an attempt. `random` is from 0 to below 1: it spreads what failed together. */
export function nextState(before: Standing, ended: Ended, now: Date, random: number): NextState {
  const { trouble, moved, refusals } = ended
  const tooMany = refusals > mostRefusalsInAnHour
  if (trouble === null) {
    const pause = tooMany ? "dead-letters" : null
    return { failures: 0, firstFailureAt: null, dueAt: pause === null ? now : null, pause }
  }
  // A receiver that takes a part each time is slow, not away.
  const failures = moved ? 1 : before.failures + 1
  const firstFailureAt = moved ? now : (before.firstFailureAt ?? now)
  const pause = tooMany ? "dead-letters" : pauseOf(trouble.kind)
  if (pause !== null) return { failures, firstFailureAt, dueAt: null, pause }
  return { failures, firstFailureAt, dueAt: dueAfter(failures, trouble, now, random), pause }
}

function pauseOf(kind: SinkTrouble): PauseReason | null {
  return kind === "gone" || kind === "credentials" ? kind : null
}

/** The pause doubles with each failure, half of it by chance; a receiver that asks for more gets more. */
function dueAfter(failures: number, { retryAfterMs = 0 }: Trouble, now: Date, random: number): Date {
  const spread = Math.round(pauseAfter(failures, backOff) * (0.5 + random / 2))
  const asked = Number.isFinite(retryAfterMs) ? Math.min(Math.max(0, retryAfterMs), longestRetryAfterMs) : 0
  return new Date(now.getTime() + Math.max(spread, asked))
}

/** After how long a refused event is tried a second and a third time: three tries within ten minutes. */
const triesAfterMs: readonly number[] = [2 * minuteMs, 8 * minuteMs]

/** Returns when an event that was refused so many times is tried again; null when it is given up. */
export function nextTryOfRefused(tries: number, at: Date): Date | null {
  const afterMs = triesAfterMs[tries - 1]
  return afterMs === undefined ? null : new Date(at.getTime() + afterMs)
}
