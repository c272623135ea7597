import type { ActorInput } from "@/lib/audit/event/input"

/** Names and values as they were received, in their order. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** What is known of an HTTP call when its head has arrived. */
export interface CallStart {
  readonly method: string
  /** As it was received, without the query. */
  readonly path: string
  /** As it was received, without `?`; null when there is none. */
  readonly query: string | null
  readonly headers: Headers
  /** RFC 3339 with six digits. */
  readonly occurredAt: string
  readonly requestId: string | null
  /** The template of the route, when a framework knows it. */
  readonly route: string | null
  /** The slug of the app that records the call, when it is known. */
  readonly app: string | null
  /** The address of the caller, read through the trusted proxies. */
  readonly ip: string | null
  readonly peerIp: string | null
}

/** What was kept of a body, which may be less than there was. */
export interface CapturedBody {
  readonly mediaType: string | null
  readonly contentEncoding: string | null
  /** The first bytes, as they were transferred. */
  readonly bytes: Uint8Array
  /** All bytes that were transferred. */
  readonly totalBytes: number
  /** Whether the body ended before the call did. */
  readonly isEnded: boolean
}

/** A call that has ended, or one that stays open: then `state` is "opened" and the facts are those known so far. */
export interface Call extends CallStart {
  readonly state: "opened" | "closed" | null
  /** Null when there was no response. */
  readonly status: number | null
  readonly responseHeaders: Headers
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
  readonly requestBody: CapturedBody | null
  readonly responseBody: CapturedBody | null
  /** Why there is no whole response: the client went away, the target was not reached, was too slow, or broke off. */
  readonly failure: "client-gone" | "unreachable" | "timeout" | "broken-off" | null
  /** Who called, as the application says. Null: the profile is asked. */
  readonly caller: ActorInput | null
}

/** A part of a call that is not recorded, and the reason. */
export interface Withheld {
  readonly part: string
  readonly why: string
  readonly bytes?: number
}
