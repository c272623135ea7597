import { type BackOff, nextAttempt as nextOf } from "@/lib/delivery/back-off"

/** How long attempts to send a mail continue. */
export const givenUpAfterMs = 48 * 60 * 60_000

const backOff: BackOff = { firstMs: 5_000, longestMs: 60 * 60_000, givenUpAfterMs }

/** Returns when to try again after that many attempts, null when to give up; `random` is 0 to below 1. */
export function nextAttempt(
  { attempts, createdAt }: { readonly attempts: number; readonly createdAt: Date },
  at: Date,
  random: number,
): Date | null {
  return nextOf({ attempts, since: createdAt, at, random }, backOff)
}
