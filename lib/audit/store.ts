import type { StoredEvent } from "@/lib/audit/csv"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { FieldThatIs } from "@/lib/audit/query/fields"
import type { Scope, Selection, TimeSelection } from "@/lib/audit/query/selection"
import type { Instant } from "@/lib/audit/time/instant"

/** The end of a page, from which to continue. For order `recorded`, `index` decides; else `(occurredAt, id)`. */
export interface Position {
  readonly occurredAt: Instant
  readonly id: string
  readonly index: number
}

/** Stands for an event in a position where the index alone decides. */
export const noEvent = "00000000-0000-0000-0000-000000000000"

export interface PageRequest {
  readonly limit: number
  /** Null = from the start of the query's order. */
  readonly after: Position | null
}

export interface StorePage {
  readonly events: readonly AuditEvent[]
  /** Null when nothing further matches. */
  readonly next: Position | null
  /**
   * Set when a bounded search stopped before the end of the time range: everything up to here was searched, `next`
   * continues. In recorded order it is when the last event read was received; for a reader who sees only some events, the
   * last one they see.
   */
  readonly searchedBackTo: Instant | null
  /** The ledger's size for which the result is valid; later pages of the same query pass it as `query.asOf`. */
  readonly asOf: number
}

/**
 * Where the events after the first so many of a result begin. `found`: after this position, also when nothing follows. `beyond`:
 * the result has fewer events. `stopped`: no index finds the events, and the bounded look for them ended before the position.
 * `asOf` is the ledger's size for which it is valid, as in a page.
 */
export type PositionAt =
  | { readonly kind: "found"; readonly position: Position; readonly asOf: number }
  | { readonly kind: "beyond"; readonly asOf: number }
  | { readonly kind: "stopped"; readonly asOf: number }

/** `exact` false means "at least": counting stopped at its bound. */
export interface BoundedCount {
  readonly count: number
  readonly exact: boolean
}

export interface Choice {
  readonly value: string
  readonly label: string | null
  /** How many of the counted events have it; null for a value that only older events have. */
  readonly count: number | null
}

/** Values of a field, the most recent first. */
export interface Choices {
  readonly choices: readonly Choice[]
  /** The number of events, the newest of the query, whose values were counted. */
  readonly counted: number
  /** True when those are all events of the query. */
  readonly whole: boolean
}

/**
 * What became of an id. `raw` is the original text of an imported event. `unknown` is also an event of another organization
 * and one outside the Scope. `expired` is an event whose content was removed and whose entry in the ledger remains; it is said
 * only when the Scope covers the app of the entry, and never to readers of their own actions, because an entry has no actor.
 */
export type Finding =
  | { readonly kind: "found"; readonly event: AuditEvent; readonly raw: Uint8Array | null }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" }

/** Runs reads. PostgreSQL is one implementation; every store passes the suite in `lib/stores/store.contract.ts`. */
export interface EventStore {
  search(scope: Scope, selection: Selection, page: PageRequest): Promise<StorePage>
  /**
   * Returns the position of the last of the first `skip` events (at least 1), for readers that ask for a page by its number: the
   * page is then read from there. What lies before it is counted in an index where one finds the events, else among a bounded
   * number of them.
   */
  positionAt(scope: Scope, selection: TimeSelection, skip: number): Promise<PositionAt>
  find(scope: Scope, id: string): Promise<Finding>
  /** The original bytes of those events that have them, by id; none for events outside the Scope. */
  findRaw(
    scope: Scope,
    events: readonly Pick<AuditEvent, "id" | "occurredAt">[],
  ): Promise<ReadonlyMap<string, Uint8Array>>
  /**
   * Every matching event in the query's order, in batches; memory stays flat. Throws when aborted, so that an early end
   * never looks like the last batch.
   */
  stream(scope: Scope, selection: Selection, signal: AbortSignal): AsyncIterable<readonly AuditEvent[]>
  /** The same events as stored text, for callers that need no objects. */
  streamStored(scope: Scope, selection: Selection, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>
  /** Counts up to `limit`. */
  count(scope: Scope, selection: Selection, limit: number): Promise<BoundedCount>
  /**
   * Values of a field that occur among the events of the query, without its condition on the field itself, and that contain
   * the typed text, in the value or in its name; the most recent first, at most `limit`, and at most 200. They are counted,
   * and searched where no index finds them, among a bounded number of the newest events.
   */
  choices(scope: Scope, request: ChoicesRequest): Promise<Choices>
  /** False while events of an earlier version are searched by a shorter text (`searchedParts` says what is searched). */
  searchesWholeTexts(): Promise<boolean>
}

/** A field whose occurring values can be listed. */
export type ChoiceField = FieldThatIs<"suggested">

/** The most events, the newest ones, whose values are counted. */
export const countedEvents = 10_000

export interface ChoicesRequest {
  readonly field: ChoiceField
  readonly typed: string
  /** The query whose events have the values. */
  readonly selection: Selection
  readonly limit: number
}
