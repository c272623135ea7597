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
