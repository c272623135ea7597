import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { ActorType, OccurredAtAssumed, Status } from "./event"

/**
 * An event as a producer may send it, before it is read. The parser reads these members and no others, the description of the API
 * lists them, and code that makes events says `satisfies EventInput`. A member that may be absent may also be null, which is the
 * same. Limits and spelling are the parser's to check.
 */
export interface EventInput {
  /** A UUID. The same id is the same event, so a retry is harmless. */
  readonly id?: string | null
  /** The key that the record has where it comes from. */
  readonly sourceId?: string | null
  /** RFC 3339, up to six digits of a second. */
  readonly occurredAt?: string | null
  /** Beside `rawFormat` only: the time as the original spells it. */
  readonly occurredAtText?: string | null
  /** Beside `rawFormat` only: what the original leaves out of its time. */
  readonly occurredAtAssumed?: Exclude<OccurredAtAssumed, "received"> | null
  readonly environment?: string | null
  readonly operation: string
  readonly operationCode?: number | null
  readonly family?: string | null
  readonly description?: string | null
  readonly actor: ActorInput
  readonly targets?: readonly TargetInput[] | null
  readonly status: Status
  readonly statusCode?: string | number | null
  readonly statusMessage?: string | null
  readonly source?: SourceInput | null
  readonly requestId?: string | null
  readonly traceId?: string | null
  readonly http?: HttpInput | null
  readonly details?: readonly string[] | null
  readonly changes?: readonly ChangeInput[] | null
  readonly metadata?: JsonObject | null
  /** The original bytes of an imported event in base64; with `rawFormat`. */
  readonly raw?: string | null
  readonly rawFormat?: string | null
  /** Why the original is not sent; instead of `raw`. */
  readonly rawWithheld?: string | null
}

interface PersonFacts {
  readonly name?: string | null
  readonly email?: string | null
  readonly role?: string | null
  readonly attributes?: JsonObject | null
}

/** Only somebody anonymous needs no id. */
type Identity =
  | { readonly type: "anonymous"; readonly id?: string | null }
  | { readonly type: ActorType; readonly id: string }

export type PersonInput = PersonFacts & Identity

export type ActorInput = PersonInput & {
  readonly onBehalfOf?: PersonInput | null
  readonly credential?: CredentialInput | null
  /** SHA-256 of the id of the session in hexadecimal. */
  readonly sessionHash?: string | null
}

export interface CredentialInput {
  readonly type: string
  readonly id: string
  readonly name?: string | null
}

export interface TargetInput {
  readonly type: string
  readonly id: string
  readonly name?: string | null
  readonly attributes?: JsonObject | null
}

export interface SourceInput {
  /** The origin as it is known: any text, from which the parser reads an IP address when it names one. */
  readonly ip?: string | null
  readonly peerIp?: string | null
  readonly userAgent?: string | null
}

export interface HttpInput {
  readonly method?: string | null
  readonly path?: string | null
  readonly route?: string | null
  readonly status?: number | null
  readonly durationMs?: number | null
  readonly requestBytes?: number | null
  readonly responseBytes?: number | null
}

export interface ChangeInput {
  readonly path: string
  readonly before?: JsonValue
  readonly after?: JsonValue
}
