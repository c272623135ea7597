import type { Instant } from "@/lib/audit/time/instant"
import type { FieldName } from "./fields"
import type { QueryValue } from "./value"

/** A half-open time range: `from` is included, `before` is not. */
export interface Window {
  readonly from: Instant
  readonly before: Instant
}

/** The values of each field, sorted by their spelling, none twice; a field without values is absent. */
export type FieldValues = Readonly<Partial<Record<FieldName, readonly QueryValue[]>>>

export type Order = "newest" | "oldest" | "recorded"
/** The orders by time. */
export type TimeOrder = Exclude<Order, "recorded">

/**
 * What a store makes of a query: its time range as instants, its apps by their ids. Still untrusted: it narrows what the
 * Scope allows, never widens it.
 */
export interface Selection {
  readonly window: Window
  /** Several values of one field mean any of them; several fields mean all. */
  readonly include: FieldValues
  readonly exclude: FieldValues
  /** Free text: a part of description, operation, names, ids, request id or source. Matched as plain text. */
  readonly text: string | null
  readonly order: Order
  /** Only events with a lower number: the ledger's size at the time of the query. Null = as of now. */
  readonly asOf: number | null
}

/** A Selection in an order by time. */
export interface TimeSelection extends Selection {
  readonly order: TimeOrder
}

/** What the caller may see: one organization, perhaps only some apps, perhaps only their own events. */
export interface Scope {
  readonly organizationId: string
  /** Null = every app. */
  readonly appIds: readonly string[] | null
  /** Null = every actor (LOG-OWN sets it). */
  readonly actorId: string | null
}
