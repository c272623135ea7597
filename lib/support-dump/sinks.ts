import { hideInLine } from "./hide-line"

/**
 * Returns the sinks as a dump shows them. Credentials are never in them, only whether they are set; what else looks like a secret, in a
 * url or in what a receiver answered, is hidden.
 */
export function shownSinks(sinks: readonly object[]): unknown {
  return hidden(sinks)
}

function hidden(value: unknown): unknown {
  if (typeof value === "string") return hideInLine(value)
  if (Array.isArray(value)) return value.map(hidden)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hidden(member)]))
}
