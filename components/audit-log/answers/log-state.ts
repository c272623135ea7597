import type { AddressFault } from "@/components/audit-log/query/faults"
import type { FetchFailure } from "@/components/audit-log/request"
import type { EventRow } from "@/components/audit-log/table/row"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import type { Instant } from "@/lib/audit/time/instant"

/** An app as the page names it. */
export interface AppName {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What the reader sees of the log, and whether they may export it. */
export interface Sees {
  readonly everyApp: boolean
  /** True when only the reader's own actions are visible. */
  readonly ownOnly: boolean
  readonly mayExport: boolean
}

/** A page of rows: the response of the `events` route. */
export interface MoreRows {
  readonly rows: readonly EventRow[]
  /** Null when nothing further matches. */
  readonly nextCursor: string | null
  /** How far a bounded search came; null when it reached the end of the time range or of the page. */
  readonly searchedBackTo: Instant | null
}

/** The beginning of a result: what was sent with the page. */
export interface FirstPage extends MoreRows {
  /** The query as written; a cursor belongs to it. */
  readonly query: AuditQuery
  /** The same with fixed instants and log size: counts and exports match the displayed rows. */
  readonly fixed: AuditQuery
}

/** Why there is nothing to show. */
export type NoneReason =
  /** The search was bounded and can continue. */
  | { readonly kind: "unfinished"; readonly searchedBackTo: Instant }
  /** No event in the time range matches the filters. */
  | { readonly kind: "filtered" }
  /** The time range begins after now. */
  | { readonly kind: "future" }
  /** The time range ends before the first event. */
  | { readonly kind: "before-first"; readonly firstAt: Instant }
  /** The reader sees a part of the log that has no events at all. */
  | { readonly kind: "nothing-yet" }
  /** There are events, but none in the time range. */
  | { readonly kind: "quiet" }

/** What the page shows below its filters. */
export type LogBody =
  | { readonly kind: "events"; readonly first: FirstPage; readonly onlyOurs: boolean }
  | { readonly kind: "none"; readonly first: FirstPage; readonly reason: NoneReason }
  | { readonly kind: "no-events-yet"; readonly first: FirstPage }
  | { readonly kind: "faults"; readonly faults: readonly AddressFault[] }
  | { readonly kind: "failure"; readonly failure: FetchFailure }

/** The result for one url: sent with the page, or by the data route `answer` for another query. */
export interface LogState {
  /** The parameters of the result, as `addressKey` writes them. */
  readonly requested: string
  /** The parameters that the url should have: the same, unless the page added the reader's preferences. */
  readonly search: string
  readonly query: AuditQuery
  /** The time of the query. */
  readonly queriedAt: Instant
  /** The instants of its time range; null when it was invalid. */
  readonly window: Window | null
  readonly apps: readonly AppName[]
  readonly sees: Sees
  /** True when a text was searched while events of an earlier version are still being indexed. */
  readonly textPartly: boolean
  readonly body: LogBody
}

/** Returns the first page of a result, or null when there is none. */
export function firstPageOf(body: LogBody): FirstPage | null {
  return "first" in body ? body.first : null
}
