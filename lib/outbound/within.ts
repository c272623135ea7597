import { OutboundError } from "./outbound"

export interface Limits {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/**
 * Returns the result of some work. Throws OutboundError when the time is over or the caller gives up; the work is told by its signal
 * and must leave nothing behind.
 */
export async function within<Value>(
  place: string,
  { timeoutMs, signal }: Limits,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController()
  const end = (error: OutboundError) => ending.abort(error)
  const giveUp = () => end(new OutboundError("broken", `The attempt to reach ${place} was ended from here.`))
  const timer = setTimeout(
    () => end(new OutboundError("timeout", `${place} did not answer within ${timeoutMs / 1000} s.`)),
    timeoutMs,
  )
  if (signal?.aborted) giveUp()
  else signal?.addEventListener("abort", giveUp, { once: true })
  try {
    return await Promise.race([work(ending.signal), whenAborted(ending.signal)])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener("abort", giveUp)
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  })
}
