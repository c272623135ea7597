import type { JsonObject } from "@/lib/audit/json/value"
import type { SettingField } from "@/lib/sinks/sink"

/** Where a sink stands, in one word. */
export type SinkState =
  | "delivering" // up to date, or catching up without trouble
  | "waiting" // its batch is not full yet, or it begins at a later time
  | "failing" // the last attempt failed; it is tried again
  | "misconfigured" // the last attempt failed for a reason that somebody must remove
  | "paused"

/** Why a sink is paused. */
export type PausedReason = "person" | "gone" | "credentials" | "dead-letters"

export interface CredentialAnswer {
  readonly name: string
  readonly label: string
  readonly required: boolean
  readonly isSet: boolean
}

/** How far a sink is in the log, or a replay in its range. Instants are ISO 8601 in UTC. */
export interface ProgressAnswer {
  /** The number of the next event. */
  readonly next: number
  /** The end of the log or of the replay; not included. */
  readonly past: number
  /** `past` less `next`. */
  readonly behindEvents: number
  /** The age of the oldest event that waits; null when none does. */
  readonly behindSeconds: number | null
  readonly taken: number
  /** Not meant by the query of the sink. */
  readonly passedOver: number
  /** Refused for good so far. */
  readonly refused: number
  /** Removed from the log before they could be sent. */
  readonly missed: number
  readonly failures: number
  readonly firstFailureAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastError: { readonly kind: string; readonly message: string; readonly at: string } | null
  /** When the next attempt begins; null when none will. */
  readonly nextAttemptAt: string | null
}

export interface ReplayAnswer extends ProgressAnswer {
  readonly id: string
  readonly first: number
  readonly startedAt: string
  readonly startedBy: string | null
  readonly endedAt: string | null
}

/** A sink as an administrator sees it: no credential is ever in it. */
export interface SinkAnswer {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly kindLabel: string
  /** Where it sends, in a few words: `fluentd.example.com:24224`. */
  readonly destination: string
  readonly settings: JsonObject
  readonly credentials: readonly CredentialAnswer[]
  readonly credentialsSetAt: string | null
  readonly credentialsSetBy: string | null
  /** In its written form; empty = every event. */
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
  readonly version: number
  readonly state: SinkState
  readonly pausedReason: PausedReason | null
  readonly pausedAt: string | null
  /** True for the sink that the environment of the server makes: it is read only. */
  readonly isServer: boolean
  /** For such a sink: the variables that set it. */
  readonly setBy: readonly string[]
  readonly createdAt: string | null
  readonly createdBy: string | null
  readonly progress: ProgressAnswer
  /** Events that are refused now, those that are still tried included. */
  readonly deadLetters: number
  readonly replays: readonly ReplayAnswer[]
}

/** A kind of sink, for a form. */
export interface SinkKindAnswer {
  readonly kind: string
  readonly label: string
  readonly summary: string
  readonly fields: readonly SettingField[]
  readonly credentials: readonly Omit<CredentialAnswer, "isSet">[]
  /** The first one is the default. */
  readonly formats: readonly { readonly name: string; readonly label: string; readonly summary: string }[]
  readonly order: "strict" | "by item"
  readonly proof: string
}

/** One attempt: the receipt. */
export interface DeliveryAnswer {
  readonly id: string
  readonly at: string
  readonly durationMs: number
  readonly outcome: "taken" | "partly" | "later" | "configuration" | "gone" | "credentials"
  readonly first: number
  readonly past: number
  readonly batchId: string
  readonly events: number
  readonly taken: number
  readonly refused: number
  readonly bytes: number
  readonly answer: string | null
  readonly isReplay: boolean
}

/** One event that the sink refuses. */
export interface DeadLetterAnswer {
  readonly id: string
  readonly index: number
  readonly eventId: string
  readonly reason: string
  readonly tries: number
  readonly firstRefusedAt: string
  readonly lastRefusedAt: string
  /** Null = dead: it is tried again only when somebody asks. */
  readonly nextTryAt: string | null
}

/** What a test send did. */
export interface TestAnswer {
  /** Exactly what was sent, as text; credentials in it are replaced by their names. */
  readonly sent: string
  readonly taken: boolean
  readonly durationMs: number
  /** Status and at most 1 KiB of the answer, or why there was none. Nothing of an answer that the guard refused. */
  readonly answer: string
}

/** Answer of `listSinks`: the sink of the environment, if any, and then the others by name. */
export interface SinksAnswer {
  readonly sinks: readonly SinkAnswer[]
  /** SDKs and proxies that could not record calls within the last day, and how many they lost since their start. */
  readonly losses: { readonly instances: number; readonly dropped: number }
}

/** Where a new sink begins: with the next event, with what was recorded since a time, or with the first event of the log. */
export type SinkBegin =
  | { readonly at: "now" }
  | { readonly at: "time"; readonly time: string }
  | { readonly at: "beginning" }

/** What a form sends of a sink. A test may get it before it is saved. */
export interface SinkDraft {
  readonly name: string
  readonly kind: string
  readonly settings: JsonObject
  /** Those that are entered now, by their names. Null deletes one; what is absent stays as it is, unless the host changes. */
  readonly credentials: Readonly<Record<string, string | null>>
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
}

/** Input of `createSink`. Its answer, and those of update, pause and resume, is the sink. */
export interface SinkCreation extends SinkDraft {
  readonly begin: SinkBegin
}

/** Input of `updateSink`. The kind cannot change. `version` is the one that was read: another one is a conflict. */
export interface SinkUpdate extends SinkDraft {
  readonly id: string
  readonly version: number
}

/** Input of `testSink`: a saved sink by its id, or a draft. With both, credentials that the draft leaves out are the stored ones. */
export interface SinkTest {
  readonly id?: string
  readonly draft?: SinkDraft
}

/** Answer of `listSinkKinds`: what the organization may choose from. */
export interface SinkKindsAnswer {
  readonly kinds: readonly SinkKindAnswer[]
  /** Parts of an event that a sink may leave out. */
  readonly omittable: readonly { readonly name: string; readonly label: string }[]
}

/** A part of the log: by numbers, of which `past` is not included, or by the times at which events were received. */
export type SinkRange =
  | { readonly first: number; readonly past: number }
  | { readonly from: string; readonly to: string }

/** Answer of `countSinkRange` (input `{ id, range }`): what a replay of the range would send, before the query of the sink. */
export interface SinkRangeAnswer {
  readonly first: number
  readonly past: number
  readonly events: number
  /** So many that the replay must be sent with `confirmed`. */
  readonly needsConfirmation: boolean
}

/** Input of `replaySink`; `cancelReplay` takes `{ id, replayId }`. */
export interface SinkReplay {
  readonly id: string
  readonly range: SinkRange
  readonly confirmed: boolean
}

/** Answer of `listDeliveries` (input `{ id, before?, troubledOnly? }`): receipts of the last 24 hours, the newest first. */
export interface DeliveriesAnswer {
  readonly deliveries: readonly DeliveryAnswer[]
  /** For `before`; null = there are no earlier ones. */
  readonly next: string | null
  /** All of the 24 hours, listed or not. `failed` = attempts with another outcome than taken. */
  readonly day: {
    readonly attempts: number
    readonly failed: number
    readonly taken: number
    readonly refused: number
    readonly bytes: number
  }
}

/** Answer of `listDeadLetters` (input `{ id, after? }`), in the order of their numbers. */
export interface DeadLettersAnswer {
  readonly deadLetters: readonly DeadLetterAnswer[]
  /** For `after`; null = there are no more. */
  readonly next: number | null
  readonly total: number
}

/** Input of `retryDeadLetters`; without `indexes` all of them. The answer is how many will be tried again. */
export interface DeadLetterRetry {
  readonly id: string
  readonly indexes?: readonly number[]
}
