import type { Instant } from "@/lib/audit/time/instant"
import type { ClarifaiTargetType } from "./target-types"

/** A point in time as the protocol has it. 64-bit numbers are decoded as text, because a double would round them. */
export interface SentTimestamp {
  readonly seconds?: string
  readonly nanos?: number
}

/** One thing that a target names. The other members that Clarifai's messages have are not read. */
export interface SentResource {
  readonly id?: string
}

/** A target as it was sent: at most one member, whose name is the type. */
export type SentTarget = { readonly [Type in ClarifaiTargetType]?: SentResource | null }

export interface SentQuery {
  readonly timestamp_from?: SentTimestamp | null
  readonly timestamp_to?: SentTimestamp | null
  readonly user_ids?: readonly string[]
  readonly operations?: readonly number[]
  readonly targets?: readonly SentTarget[]
  /** Absent or null: both. Present without a value: false. */
  readonly success?: { readonly value?: boolean } | null
  readonly source_ips?: readonly string[]
}

/**
 * A request as both transports hand it to `readSearch`: what the proto of `proto.ts` decodes to with `decoding`, and what
 * `requestOfJson` makes of a body. Anything may be absent.
 */
export interface SentRequest {
  readonly user_app_id?: { readonly user_id?: string; readonly app_id?: string } | null
  readonly query?: SentQuery | null
  readonly sort_ascending?: boolean
  readonly pagination?: { readonly page?: number; readonly per_page?: number } | null
}

/** A search, read and complete. */
export interface ClarifaiSearch {
  /** `user_app_id.user_id`, which names an organization. "" = not sent. */
  readonly user: string
  /** Both ends are inclusive; null = open. */
  readonly from: Instant | null
  readonly to: Instant | null
  readonly userIds: readonly string[]
  /** Empty = all; `[0]` alone was reduced to that. */
  readonly operations: readonly number[]
  readonly targets: readonly { readonly type: ClarifaiTargetType; readonly id: string }[]
  /** null = both. */
  readonly success: boolean | null
  readonly sourceIps: readonly string[]
  readonly ascending: boolean
  /** From 1. */
  readonly page: number
  /** 1 to 1,000. */
  readonly perPage: number
}

/** Who did it, as far as the event tells. */
export interface ClarifaiUser {
  readonly id: string
  readonly first_name?: string
  readonly last_name?: string
  readonly company_name?: string
  readonly job_title?: string
  readonly job_role?: string
  readonly intention?: string
  readonly created_at?: Instant
  readonly visibility?: { readonly gettable: number }
}

export interface ClarifaiTarget {
  readonly type: ClarifaiTargetType
  readonly id: string
  /** Only for types whose message has a name. */
  readonly name?: string
  /** Only for a model. */
  readonly appId?: string
  /** What the lists of its message hold, when they are not empty. */
  readonly lists?: Readonly<Record<string, readonly string[]>>
}

/** One event as an entry, before a transport writes it. Members that an event lacks are empty. */
export interface ClarifaiEntry {
  readonly timestamp: Instant
  readonly user: ClarifaiUser
  readonly operation: number
  readonly description: string
  readonly targets: readonly ClarifaiTarget[]
  readonly details: readonly string[]
  readonly success: boolean
  readonly req_id: string
  readonly source_ip: string
}

/** The answer to a search. */
export interface ClarifaiAnswer {
  readonly entries: readonly ClarifaiEntry[]
}

/** The status in every response. Empty members are left out. */
export interface ClarifaiStatus {
  readonly code: number
  readonly description: string
  readonly details?: string
  readonly req_id: string
  readonly developer_notes?: string
}
