import type { Call } from "./call"

/** How a call ended; unknown while it has no answer. */
export type Outcome = "success" | "failure" | "denied" | "unknown"

/** Returns the outcome of a call: 401 and 403 are refusals; what has no whole answer has failed. */
export function outcomeOf({ status, failure, state }: Pick<Call, "status" | "failure" | "state">): Outcome {
  if (failure !== null) return "failure"
  if (status === null) return state === "opened" ? "unknown" : "failure"
  if (status === 401 || status === 403) return "denied"
  return status === 101 || (status >= 200 && status < 400) ? "success" : "failure"
}
