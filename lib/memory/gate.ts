import { AppError } from "@/lib/errors"

/** Runs a limited number of tasks at once, lets a limited number wait, and refuses others. */
export interface Gate {
  /** Runs the task in its turn. Throws AppError `unavailable` when too many are waiting. */
  run<Result>(task: () => Promise<Result>): Promise<Result>
}

/** Returns a gate that runs at most `running` tasks at once while at most `waiting` others wait. */
export function createGate(limits: { readonly running: number; readonly waiting: number }): Gate {
  let running = 0
  const line: (() => void)[] = []

  async function enter(): Promise<void> {
    if (running < limits.running) {
      running += 1
      return
    }
    if (line.length >= limits.waiting) {
      throw new AppError("unavailable", "The service is busy. Try again in a moment.", {
        retryAfterSeconds: 2,
      })
    }
    await new Promise<void>(resolve => line.push(resolve))
  }

  // A place is passed on to the next waiting task, so `running` decreases only when none waits.
  function leave(): void {
    const next = line.shift()
    if (next) next()
    else running -= 1
  }

  return {
    async run(task) {
      await enter()
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}
