const firstPauseMs = 5_000
const longestPauseMs = 60 * 60_000

/** How long attempts to send a mail continue. */
export const givenUpAfterMs = 48 * 60 * 60_000

/**
 * Returns when to try again after that many attempts, null when to give up. The pause doubles up to an hour; `random` (0 to
 * below 1) spreads it over its upper half, so that mails that failed together are not retried together.
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
