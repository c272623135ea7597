import type { Call } from "./call"
import { type Outcome, outcomeOf } from "./outcome"
import type { Profile } from "./profiles/profile"

/**
 * Returns how a call ended: as its head says and, where the profile reads it there, its body. The body decides where the head says
 * success, and says that a failure was a refusal. What has no whole answer has failed, whatever arrived of it.
 */
export function callOutcome(call: Call, profile: Pick<Profile, "outcomeOf">): Outcome {
  const byHead = outcomeOf(call)
  if (profile.outcomeOf === undefined || call.failure !== null || call.status === null) return byHead
  const byBody = profile.outcomeOf(call)
  if (byBody === undefined) return byHead
  return byHead === "success" || (byHead === "failure" && byBody === "denied") ? byBody : byHead
}
