import type { StoredEvent } from "@/lib/audit/csv"
import type { AuditEvent } from "@/lib/audit/event/event"
import type { FieldName } from "@/lib/audit/query/fields"
import type { AuditQuery, Scope } from "@/lib/audit/query/query"
import type { Instant } from "@/lib/audit/time/instant"

/** Where a page ended, to go on from there. For order `recorded`, `index` leads; else `(occurredAt, id)`. */
export interface Position {
  readonly occurredAt: Instant
  readonly id: string
  readonly index: number
}

/** Stands for an event in a position whose index alone says where to go on. */
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
   * Set when a bounded look stopped before the window's end: everything up to here was searched, `next` goes on. In recorded
   * order it is when the last event looked at was received; for a reader who sees some events only, the last one they see.
   */
  readonly searchedBackTo: Instant | null
  /** The ledger's size the answer holds for; later pages of the same question pass it back as `query.asOf`. */
  readonly asOf: number
}

/** `exact` false means "at least": the look was stopped at its bound. */
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

/** Values of a field, those that occurred last first. */
export interface Choices {
  readonly choices: readonly Choice[]
  /** Of so many events, the newest of the question, the values were counted. */
  readonly counted: number
  /** Those are all events of the question. */
  readonly whole: boolean
}

/** Answers reads. PostgreSQL is one; every store passes the suite in `lib/stores/store.contract.ts`. */
export interface EventStore {
  search(scope: Scope, query: AuditQuery, page: PageRequest): Promise<StorePage>
  /** Null when unknown, foreign or outside the Scope. `raw` is the original text of an imported event. */
  find(scope: Scope, id: string): Promise<{ event: AuditEvent; raw: Uint8Array | null } | null>
  /** The original bytes of those of the events that have them, by id; nothing for events outside the Scope. */
  findRaw(
    scope: Scope,
    events: readonly Pick<AuditEvent, "id" | "occurredAt">[],
  ): Promise<ReadonlyMap<string, Uint8Array>>
  /** Every matching event in the query's order, in batches; memory stays flat. An abort is thrown: no end looks like the last. */
  stream(scope: Scope, query: AuditQuery, signal: AbortSignal): AsyncIterable<readonly AuditEvent[]>
  /** The same events as they are stored, for who makes text of them and not objects. */
  streamStored(scope: Scope, query: AuditQuery, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>
  /** Counts to `limit` and no further. */
  count(scope: Scope, query: AuditQuery, limit: number): Promise<BoundedCount>
  /**
   * Values of a field that occur among the events of the question, whatever it says of the field itself, and hold the typed
   * text, themselves or in their name; those that occurred last first, at most `limit`, 200 at the most. They are counted, and
   * where no index leads to more of them looked for, among a bounded number of the newest events.
   */
  choices(scope: Scope, request: ChoicesRequest): Promise<Choices>
  /** False while events of an earlier version are searched by a shorter text (`searchedParts` says what is searched). */
  searchesWholeTexts(): Promise<boolean>
}

/** Fields of which the values that occur can be told. */
export const choiceFields = ["operation", "actor", "target", "ip"] as const satisfies readonly FieldName[]
export type ChoiceField = (typeof choiceFields)[number]

/** The newest events whose values are counted at most. */
export const countedEvents = 10_000

export interface ChoicesRequest {
  readonly field: ChoiceField
  readonly typed: string
  /** The question whose events have the values. */
  readonly query: AuditQuery
  readonly limit: number
}
