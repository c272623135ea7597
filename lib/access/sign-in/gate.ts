import { AppError } from "@/lib/errors"

/** Lets a bounded number of tasks run at once, a bounded number wait, and turns the rest away. */
export interface Gate {
  /** Runs the task in its turn. Throws AppError `unavailable` when too many are waiting already. */
  run<Result>(task: () => Promise<Result>): Promise<Result>
}

/** Promise: a gate through which at most `running` tasks go at once while at most `waiting` more stand in line. */
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

  // A place is handed over to the next in line, so `running` only falls when nobody waits.
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
