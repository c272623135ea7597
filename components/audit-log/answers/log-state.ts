import type { AddressFault } from "@/components/audit-log/query/faults"
import type { FetchFailure } from "@/components/audit-log/request"
import type { NoneReason } from "@/components/audit-log/states/none"
import type { FirstPage } from "@/components/audit-log/table/use-pages"
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
