import { setTimeout as sleep } from "node:timers/promises"

/**
 * The least duration of a response whose time must not reveal whether somebody is known: more than the longer path needs on
 * a machine that is not overloaded.
 */
export const evenAnswerMs = 400

/** Returns the result of the work after at least that time, also when it throws. */
export async function noSoonerThan<Result>(leastMs: number, work: () => Promise<Result>): Promise<Result> {
  const least = sleep(leastMs)
  try {
    return await work()
  } finally {
    await least
  }
}
