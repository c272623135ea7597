import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { Instant } from "@/lib/audit/time/instant"

export const statuses = ["success", "failure", "denied", "unknown"] as const
export type Status = (typeof statuses)[number]

export const actorTypes = [
  "user",
  "service_account",
  "api_key",
  "connected_app",
  "system",
  "staff",
  "anonymous",
] as const
export type ActorType = (typeof actorTypes)[number]

/**
 * Why `occurredAt` is not exactly what was sent: `zone` = sent without a zone, read as UTC; `time` = a date alone, read as
 * its first moment in UTC; `received` = not sent.
 */
export const occurredAtAssumptions = ["none", "zone", "time", "received"] as const
export type OccurredAtAssumed = (typeof occurredAtAssumptions)[number]

/** Members that the server derives for an event whose sender left them out, or from another member. */
export type DerivedMember = "description" | "family" | "operationCode" | "occurredAt"

export interface Person {
  readonly type: ActorType
  readonly id: string
  readonly name?: string
  readonly email?: string
  readonly role?: string
  /** Facts from the producer about the actor; stored, not indexed. */
  readonly attributes?: JsonObject
}

/** Who acted. With `onBehalfOf`, `actor` is the impersonator and `onBehalfOf` the person acted for. */
export interface Actor extends Person {
  readonly onBehalfOf?: Person
  /** The credential of the actor; never a secret. */
  readonly credential?: { readonly type: string; readonly id: string; readonly name?: string }
  /** SHA-256 (hex) of the session id; the id itself is never stored. */
  readonly sessionHash?: string
}

export interface Target {
  readonly type: string
  readonly id: string
  readonly name?: string
  readonly attributes?: JsonObject
}

export interface Source {
  /** The ip when `ipText` is one (canonical text), else null. */
  readonly ip: string | null
  /** The origin exactly as the producer sent it; may be a host or a word. */
  readonly ipText: string
  /** The ip of the other end of the connection, when it differs from the client's (a proxy). */
  readonly peerIp?: string
  readonly userAgent?: string
}

export interface Http {
  readonly method?: string
  readonly path?: string
  readonly route?: string
  readonly status?: number
  readonly durationMs?: number
  readonly requestBytes?: number
  readonly responseBytes?: number
}

export interface Change {
  readonly path: string
  readonly before: JsonValue
  readonly after: JsonValue
}

/** What happened, before it is numbered and sealed: everything that the seal covers, including the server's part. */
export interface EventContent {
  readonly id: string
  readonly organizationId: string
  readonly appId: string
  readonly environment?: string
  /** The foreign system's own key of this record. */
  readonly sourceId?: string
  readonly occurredAt: Instant
  /** As sent, present only when it differs from the canonical form in `occurredAt`. */
  readonly occurredAtText?: string
  readonly occurredAtAssumed: OccurredAtAssumed
  readonly receivedAt: Instant
  readonly operation: string
  readonly operationCode?: number
  readonly family: string
  readonly description: string
  readonly actor: Actor
  readonly targets: readonly Target[]
  readonly status: Status
  readonly statusCode?: string
  readonly statusMessage?: string
  readonly source?: Source
  readonly requestId?: string
  readonly traceId?: string
  readonly http?: Http
  /** Sentences for readers. */
  readonly details: readonly string[]
  readonly changes: readonly Change[]
  readonly metadata: JsonObject
  /** The name of the original format; the bytes themselves are stored beside the event (`raw`). */
  readonly rawFormat?: string
  /** Why the original bytes were not stored. */
  readonly rawWithheld?: string
}

/** An immutable entry of the ledger: its content, its number and its seal. */
export interface AuditEvent extends EventContent {
  /** Position in the organization's log: 0, 1, 2 ... without gaps. */
  readonly index: number
  /** SHA-256 over the leaf, base64url. */
  readonly leafHash: string
}

/** An event on its way into the ledger, which adds `receivedAt` and everything that depends on it. */
export interface PreparedEvent {
  readonly content: Omit<EventContent, "receivedAt" | "occurredAt"> & { readonly occurredAt: Instant | null }
  /** The original bytes of an imported event. */
  readonly raw: Uint8Array | null
  /** The parts of the content that were not sent. Absent = none. */
  readonly derived?: readonly DerivedMember[]
}

/** The answer of the ledger for one event. */
export type AppendResult =
  | { readonly outcome: "accepted"; readonly id: string; readonly index: number; readonly leafHash: string }
  | { readonly outcome: "duplicate"; readonly id: string; readonly index: number; readonly leafHash: string }
  | { readonly outcome: "conflict"; readonly id: string }
