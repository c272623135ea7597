import { setTimeout as sleep } from "node:timers/promises"

/**
 * How long an answer takes at least that must not show by its time whether somebody is known: more than all the work of the
 * longer way needs on a machine that is not overrun.
 */
export const evenAnswerMs = 400

/** Promise: the result of the work, no sooner than after that time, whatever the result is. */
export async function noSoonerThan<Result>(leastMs: number, work: () => Promise<Result>): Promise<Result> {
  const least = sleep(leastMs)
  try {
    return await work()
  } finally {
    await least
  }
}
