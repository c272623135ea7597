const firstPauseMs = 5_000
const longestPauseMs = 60 * 60_000

/** How long a mail is tried before it is given up. */
export const givenUpAfterMs = 48 * 60 * 60_000

/**
 * Promise: when to try again after that many attempts, null when it is time to give up. The pause doubles up to an hour; `random`
 * (0 to below 1) spreads it over its upper half, so that what failed together does not come back together.
 */
export function nextAttempt(
  { attempts, createdAt }: { readonly attempts: number; readonly createdAt: Date },
  at: Date,
  random: number,
): Date | null {
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, attempts - 1))
  const next = new Date(at.getTime() + Math.round(pauseMs * (0.5 + random / 2)))
  return next.getTime() - createdAt.getTime() > givenUpAfterMs ? null : next
}
