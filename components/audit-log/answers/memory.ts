import type { LogState } from "./log-state"

/** Enough to go back through a day's work; the oldest is forgotten first. */
const mostRemembered = 30

const states = new Map<string, LogState>()

/** Keeps an answer for as long as this document lives, so that going back shows it as it was, with all rows loaded since. */
export function rememberState(slug: string, state: LogState): void {
  const key = keyOf(slug, state.search)
  states.delete(key)
  states.set(key, state)
  const [oldest] = states.keys()
  if (states.size > mostRemembered && oldest !== undefined) states.delete(oldest)
}

/** Returns the answer to those parameters that was on screen last, or null. */
export function recallState(slug: string, search: string): LogState | null {
  return states.get(keyOf(slug, search)) ?? null
}

/** Forgets every answer: somebody sees less now. */
export function forgetStates(): void {
  states.clear()
}

function keyOf(slug: string, search: string): string {
  return `${slug}?${search}`
}
