import type { TargetInput } from "@/lib/audit/event/input"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { Epoch } from "@/lib/formats/foreign-time"
import type { RecordIds } from "@/lib/formats/format"

import type { Reader } from "./json-reader"
import type { ForeignRecord, RecordForm } from "./record"
import type { Shapes } from "./shapes"

/**
 * What fills a member of an event: a path; a text with paths in braces (`{objectRef.namespace?}/{objectRef.name}`, `?` for one that
 * may be missing); a rule; or several of these, of which the first that says something counts.
 */
export type Slot = string | Rule | readonly Slot[]

/** Works a value out where a path does not suffice. */
export interface Rule {
  (record: ForeignRecord): JsonValue | undefined
  /** What it reads, if it reads the same for every record. */
  readonly paths?: readonly string[]
}

/** Where a time stands, and what a number means there: nothing unless it is said. */
export interface TimeSlot {
  readonly from: Slot
  readonly epochs?: readonly Epoch[]
}

/** Each member by its name, or an object as a whole; what is too much is left out. */
export type FreeSlot = Readonly<Record<string, Slot>> | Rule

interface NamedSlot {
  readonly type: Slot
  readonly id: Slot
  readonly name?: Slot
}

export interface ActorMapping extends NamedSlot {
  readonly email?: Slot
  readonly role?: Slot
  readonly credential?: NamedSlot
  readonly onBehalfOf?: NamedSlot
  readonly attributes?: FreeSlot
}

/** One target, or one for each object of a list, at which the paths begin. */
export interface TargetMapping extends NamedSlot {
  readonly each?: string
  readonly attributes?: FreeSlot
}

export type TargetRule = (record: ForeignRecord) => readonly TargetInput[]

/** Where the parts of an event stand in a record. They stand in the event in the order in which they stand here. */
export interface EventMapping {
  readonly occurredAt: readonly TimeSlot[]
  readonly details?: Slot
  readonly operation: Slot
  readonly operationCode?: Slot
  readonly family?: Slot
  readonly description?: Slot
  /** The first that has an id; without one the actor is anonymous. */
  readonly actor: readonly ActorMapping[]
  readonly targets?: readonly (TargetMapping | TargetRule)[]
  readonly status: Slot
  readonly statusCode?: Slot
  readonly statusMessage?: Slot
  readonly source?: { readonly ip: Slot; readonly userAgent?: Slot } | { readonly onlyIp: Slot }
  readonly requestId?: Slot
  readonly traceId?: Slot
  readonly http?: HttpMapping
  readonly metadata?: FreeSlot
}

export interface HttpMapping {
  readonly method?: Slot
  readonly path?: Slot
  readonly route?: Slot
  readonly status?: Slot
  readonly durationMs?: Slot
  readonly requestBytes?: Slot
  readonly responseBytes?: Slot
}

/** What of a record people ask for first, and which share of the fixture's records says it at least. */
export type Fills = Readonly<Record<"who" | "what" | "when" | "where" | "target" | "outcome", number>>

interface FormatFacts extends RecordForm {
  readonly name: string
  readonly title: string
  /** The page on which the system's own documentation describes its records. */
  readonly documentation: string
  /** What a record is called when a place is named; "record" when nothing is said. */
  readonly word?: string
  /** JSON without containers when nothing is said. */
  readonly reader?: Reader
  /** What a file of the format, or a record of it, looks like and no other does. */
  readonly recognises: readonly Shapes[]
  /** What every record of the format has. */
  readonly records: readonly Shapes[]
  /** What is said of another object, or of one that the function finds fault with. */
  readonly fault: string | ((record: ForeignRecord) => string | null)
  readonly fills: Fills
  /** Paths that no fixture has, each with the page of the vendor that names it. */
  readonly documented?: Readonly<Record<string, string>>
}

/** A format whose records are told as events of ours. */
export interface ForeignMapping extends FormatFacts {
  /** The key that the system gives each record; several joined by a template when one alone comes twice. */
  readonly key?: Slot
  /** The resource of an operation whose name has a verb only; the format's name when nothing is said. */
  readonly resource?: string
  readonly event: EventMapping
}

/** A format whose records are events of ours already. */
export interface OwnMapping extends FormatFacts {
  readonly asSent: (record: JsonObject, raw: string, ids: RecordIds) => string
}

export type Mapping = ForeignMapping | OwnMapping
