/** How attempts that fail are spread over time. */
export interface BackOff {
  readonly firstMs: number
  readonly longestMs: number
  /** How long after the beginning attempts continue. Absent: without end. */
  readonly givenUpAfterMs?: number
}

/** What the time of the next attempt depends on. */
export interface Attempted {
  /** Attempts so far, including the one that failed. */
  readonly attempts: number
  /** When the first attempt was due; `givenUpAfterMs` counts from here. */
  readonly since: Date
  readonly at: Date
  /** 0 to below 1; spreads what failed together, so that it is not repeated together. */
  readonly random: number
  /** The receiver asked for at least this pause. */
  readonly retryAfterMs?: number
}

/** Returns the pause after that many failures in a row: it doubles up to the longest. */
export function pauseAfter(failures: number, { firstMs, longestMs }: BackOff): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1))
}

/** Returns when to try again, in the upper half of the pause; null when to give up. */
export function nextAttempt(
  { attempts, since, at, random, retryAfterMs = 0 }: Attempted,
  backOff: BackOff,
): Date | null {
  const spread = Math.round(pauseAfter(attempts, backOff) * (0.5 + random / 2))
  const next = new Date(at.getTime() + Math.max(spread, Math.min(retryAfterMs, backOff.longestMs)))
  const { givenUpAfterMs = Number.POSITIVE_INFINITY } = backOff
  return next.getTime() - since.getTime() > givenUpAfterMs ? null : next
}
