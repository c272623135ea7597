import type { Call } from "./call"
import type { Decision } from "./decide"
import type { OperationNames } from "./operations"
import type { CapturePolicy } from "./policy"
import type { Profile } from "./profiles/profile"

export interface CapturedCall {
  readonly call: Call
  readonly policy: CapturePolicy
  /** Null: the policy that holds until one was fetched. */
  readonly policyVersion: number | null
  /** One that records the call. */
  readonly decision: Pick<Decision, "call" | "data" | "resultData" | "rule">
  readonly profile: Profile
  /** One for each process, which bounds the names that are made from paths. */
  readonly operations: OperationNames
}
