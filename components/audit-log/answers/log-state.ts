import type { AddressFault } from "@/components/audit-log/question/faults"
import type { FetchFailure } from "@/components/audit-log/request"
import type { NoneReason } from "@/components/audit-log/states/none"
import type { FirstPage } from "@/components/audit-log/table/use-pages"
import type { Window } from "@/lib/audit/query/query"
import type { Question } from "@/lib/audit/query/question"
import type { Instant } from "@/lib/audit/time/instant"

/** An app as the page names it. */
export interface AppName {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** What of the log the reader sees, and whether they may take it along. */
export interface Sees {
  readonly everyApp: boolean
  /** Nothing but what the reader did. */
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

/** The answer to one address: sent with the page, or by the data route `answer` when another question is asked. */
export interface LogState {
  /** The parameters that were answered, as `addressKey` writes them. */
  readonly asked: string
  /** The parameters that the address should have: the same, unless the page added what its reader prefers. */
  readonly search: string
  readonly question: Question
  /** The moment at which it was asked. */
  readonly askedAt: Instant
  /** The instants that it means; null when it was not understood. */
  readonly window: Window | null
  readonly apps: readonly AppName[]
  readonly sees: Sees
  /** True when a text was searched for while events of an earlier version are still being prepared for that. */
  readonly textPartly: boolean
  readonly body: LogBody
}

/** Returns the first page of an answer, or null when there is none. */
export function firstPageOf(body: LogBody): FirstPage | null {
  return "first" in body ? body.first : null
}
