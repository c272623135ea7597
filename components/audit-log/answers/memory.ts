import type { LogState } from "./log-state"

/** Enough to go back through a day's work; the oldest is dropped first. */
const mostRemembered = 30

const states = new Map<string, LogState>()

/** Keeps a result for the lifetime of this document, so that going back shows it with all rows loaded since. */
export function rememberState(slug: string, state: LogState): void {
  const key = keyOf(slug, state.search)
  states.delete(key)
  states.set(key, state)
  const [oldest] = states.keys()
  if (states.size > mostRemembered && oldest !== undefined) states.delete(oldest)
}

/** Returns the last displayed result for those parameters, or null. */
export function recallState(slug: string, search: string): LogState | null {
  return states.get(keyOf(slug, search)) ?? null
}

/** Drops all results: the reader's permissions were reduced. */
export function forgetStates(): void {
  states.clear()
}

function keyOf(slug: string, search: string): string {
  return `${slug}?${search}`
}
