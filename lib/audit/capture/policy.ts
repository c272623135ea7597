import type { ActorType, Status } from "@/lib/audit/event/event"

/** Whether a body is recorded: not at all, whole, or only the named fields of it (top-level names or dotted paths). */
export type BodyFlag = boolean | readonly string[]

/** What is recorded of a call. `data` is the request's body and query, `resultData` the response's body. */
export interface Flags {
  readonly call: boolean
  readonly data: BodyFlag
  readonly resultData: BodyFlag
}

/** The conditions of a rule: all that are given must hold, and one value of each is enough. */
export interface RuleConditions {
  readonly methods?: readonly string[]
  /** Exact, unless it ends in `*`. `{name}` stands for one segment. */
  readonly paths?: readonly string[]
  /** Names of the profile, such as `users.set_preferences`; `workers.*` is every endpoint of a service. */
  readonly endpoints?: readonly string[]
  /** Slugs of apps. */
  readonly apps?: readonly string[]
  readonly actorTypes?: readonly ActorType[]
  readonly outcomes?: readonly Exclude<Status, "unknown">[]
}

export interface Rule {
  readonly name: string
  readonly when: RuleConditions
  /** A flag that is absent comes from the policy's default. */
  readonly then: Partial<Flags>
}

/** Parts of a recorded call that can be left out for every call. */
export interface Categories {
  readonly auth: boolean
  readonly headers: boolean
  readonly version: boolean
  readonly stats: boolean
  readonly result: boolean
  readonly data: boolean
}

/** Which calls of an organization are recorded, and how much of them. The first rule that matches decides. */
export interface CapturePolicy {
  readonly v: 1
  readonly enabled: boolean
  readonly ignore: readonly string[]
  /** At most 200. */
  readonly rules: readonly Rule[]
  readonly default: Flags
  readonly categories: Categories
  readonly redactIdentity: boolean
  /** Names of created and changed objects are recorded only when this is false. */
  readonly idsOnly: boolean
  /** Names of fields that are secret here, besides those that are secret everywhere. */
  readonly secretNames: readonly string[]
  /** Headers that the category `headers` records, in lower case; `*` is every header. */
  readonly headerNames: readonly string[]
  /** In bytes of canonical JSON, each at most 12,288. */
  readonly limits: { readonly requestBytes: number; readonly responseBytes: number }
  readonly licenseKey: string | null
  /** Whether calls to this installation's own API are recorded. */
  readonly ownCalls: boolean
}
