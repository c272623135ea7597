import type { z } from "zod"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Outbound } from "@/lib/outbound/outbound"

/** One event of a batch, as it leaves: identity and parts that the sink leaves out are already gone. */
export interface OutgoingEvent {
  readonly event: AuditEvent
  /** The event in the format of the sink. */
  readonly entry: JsonObject
  /** `entry` as JSON on one line, without a line break. */
  readonly line: string
  /** `{organization id}:{event id}`: event ids are unique only within an organization. */
  readonly documentId: string
}

/** What is sent at once. A repeated attempt has the same id and the same events. */
export interface Batch {
  /** A UUIDv5 of sink, organization, version and range. */
  readonly id: string
  readonly sink: { readonly id: string; readonly name: string }
  /** The replay that the batch is of; null or absent = none, it follows the log. */
  readonly replayId?: string | null
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  /** The range of numbers; `past` is not included. */
  readonly first: number
  readonly past: number
  /** Not empty; in the order of their numbers. Of the range, those that the query of the sink means. */
  readonly events: readonly OutgoingEvent[]
  /** When this attempt began. */
  readonly at: Date
}

/** `retry`: not surely stored, send it again. `refused`: it will never be taken as it is. Both say why, in words. */
export type ItemResult = "taken" | { readonly retry: string } | { readonly refused: string }

/** `items` has one result for each event of the batch, in its order. */
export type Written = { readonly all: "taken" } | { readonly items: readonly ItemResult[] }

/**
 * `later`: the whole batch must wait. `configuration`: an administrator must change something. `gone`: the receiver wants nothing
 * more. `credentials`: they are missing, or cannot be opened with this SECRET.
 */
export type SinkTrouble = "later" | "configuration" | "gone" | "credentials"

const brand = Symbol.for("auditorium.SinkError")

/**
 * Why nothing of a batch was surely stored. The message is for administrators: no credential, at most 1 KiB of an answer. A bundler may load
 * this module more than once; `instanceof SinkError` recognises the errors of every copy, as it does for AppError.
 */
export class SinkError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value
  }

  readonly [brand] = true
  readonly trouble: SinkTrouble
  /** The receiver asked for at least this pause. */
  readonly retryAfterMs: number | undefined

  constructor(
    trouble: SinkTrouble,
    message: string,
    options: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(message, options)
    this.name = "SinkError"
    this.trouble = trouble
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Where a sink is open. Used for one batch at a time. */
export interface SinkConnection {
  /** Resolves when the receiver has taken the batch, or parts of it. Throws SinkError when nothing is sure. */
  write(batch: Batch, signal: AbortSignal): Promise<Written>
  /** Never throws. */
  close(): Promise<void>
}

/** How events are collected into batches. A batch leaves when `least` events wait or the oldest has waited `longestWaitMs`. */
export interface Batching {
  readonly mostEvents: number
  readonly mostBytes: number
  readonly least: number
  readonly longestWaitMs: number
}

export interface Opening<Settings> {
  readonly settings: Settings
  /** By the names that the kind declares; those that are not set are absent. */
  readonly credentials: Readonly<Record<string, string>>
  readonly outbound: Outbound
  /** A folder of this sink and organization alone, which may not exist yet. Null where the kind keeps no files. */
  readonly directory: string | null
  readonly now: () => Date
}

/** A secret of a sink. It is written, never read again. */
export interface CredentialField {
  readonly name: string
  /** What a form calls it. */
  readonly label: string
  readonly required: boolean
  /** Returns what is wrong with a value, in words; null when it fits. */
  readonly fault?: (value: string) => string | null
}

/** How a form asks for a setting. `name` is a member of the settings. */
export interface SettingField {
  readonly name: string
  readonly label: string
  readonly help?: string
  readonly input: "text" | "url" | "number" | "switch" | "choice" | "pem"
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  /** Shown while it is empty. */
  readonly placeholder?: string
  /** What a new sink begins with. */
  readonly initial?: string | number | boolean
}

/** A kind of destination: what it needs, and how it is written to. One file or folder of lib/sinks each. */
export interface SinkKind<Settings = unknown> {
  /** Lower-case letters: `fluentd`. */
  readonly name: string
  /** What people read: `Fluentd (forward)`. */
  readonly label: string
  /** One sentence: what it is for. */
  readonly summary: string
  /** Parses what is stored and what the API gets; unknown members are faults. */
  readonly settings: z.ZodType<Settings>
  readonly fields: readonly SettingField[]
  readonly credentials: readonly CredentialField[]
  /** `server`: writes to the machine itself, so an organization may have it only when it is the only one. */
  readonly reach: "network" | "server"
  /** `by item`: a receiver may refuse single events. `strict`: it takes a batch whole, in order. */
  readonly order: "strict" | "by item"
  /** What the receiver's answer proves, in words for the page of the sink: syslog, for one, never answers. */
  readonly proof: string
  /** Formats that it can carry; the first one is the default. */
  readonly formats: readonly [string, ...string[]]
  /** The hosts that the credentials belong to, as text: they are deleted when it changes. Null = none. */
  boundTo(settings: Settings): string | null
  /** Returns what cannot work, each with a JSON pointer into the settings, before anything is sent. */
  check(
    settings: Settings,
    outbound: Outbound,
  ): readonly { readonly pointer: string; readonly message: string }[]
  batching(settings: Settings): Batching
  open(opening: Opening<Settings>): Promise<SinkConnection>
}
