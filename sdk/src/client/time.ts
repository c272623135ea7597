/** The clock of a client. */
export interface Time {
  /** Milliseconds of a clock that nobody sets. */
  now(): number
  /** Milliseconds since 1970, to compare with a date that a server names. */
  today(): number
  /** Resolves after so many milliseconds. Rejects with the reason of the signal when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Runs the action after so many milliseconds; returns a function that cancels it. */
  after(milliseconds: number, action: () => void): () => void
  /** From 0 to 1. */
  random(): number
}

export const systemTime: Time = {
  now: () => performance.now(),
  today: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener("abort", stop, { once: true })
    }),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}
