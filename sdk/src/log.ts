/** Writes a problem for the people who run the application. */
export type Log = (problem: string) => void

const everyMs = 60_000

/** Returns a log that writes the same problem once a minute at most, and never throws. */
export function oncePerMinute(write: Log, now: () => number = Date.now): Log {
  const last = new Map<string, number>()
  return problem => {
    const at = now()
    if (at - (last.get(problem) ?? Number.NEGATIVE_INFINITY) < everyMs) return
    if (last.size >= 100) last.clear()
    last.set(problem, at)
    try {
      write(problem)
    } catch {
      // The application's own log failed, which is not for us to report.
    }
  }
}

export function warn(problem: string): void {
  console.warn(`auditorium: ${problem}`)
}
