import type { Call, CallStart } from "@/lib/audit/capture/call"
import type { Outcome } from "@/lib/audit/capture/outcome"
import type { ActorInput, TargetInput } from "@/lib/audit/event/input"

export const profileNames = ["generic", "clearml", "clarifai", "docker", "kubernetes"] as const
export type ProfileName = (typeof profileNames)[number]

/** A call's name in its own system, the same for every spelling of its path: `users.set_preferences`, `/containers/create`. */
export interface Endpoint {
  readonly endpoint: string
  /** The version of the API, without `v`. */
  readonly version?: string
  /** The profile that knows the call, when the one that was asked hands it on. */
  readonly profile?: ProfileName
}

/** What a profile reads from a call that has ended. Names are there; whether they may be recorded is the policy's to say. */
export interface Description {
  /** Not bounded yet. */
  readonly operation: string
  /** The number that the operation has in its own system. */
  readonly operationCode?: number
  /** Objects that the call created, changed or deleted. One without an id of its own has its name as the id. */
  readonly targets: readonly (TargetInput & { readonly isNamed?: boolean })[]
  /** The code of the answer when that is in its body. */
  readonly code?: number
  /** What the answer says. */
  readonly message?: string
  /** The id that the target gave to the call. */
  readonly requestId?: string
}

/** Knows one family of APIs. All functions are pure and take anything: no path, header or body makes one throw. */
export interface Profile {
  readonly name: ProfileName
  endpointOf(start: CallStart): Endpoint
  /** Returns which bodies `describe` reads, so that their first bytes are kept even if no rule wants them recorded. */
  needs(start: CallStart): { readonly request: boolean; readonly response: boolean }
  describe(call: Call): Description
  /** Returns how the call ended by what its answer says. Undefined where the answer says nothing beyond its status. */
  outcomeOf?(call: Call): Outcome | undefined
  /** Returns who called, by the credentials of the call. Null when there are none, or the target did not believe them. */
  callerOf(call: Call): ActorInput | null
}
