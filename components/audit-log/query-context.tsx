"use client"

import { createContext, use } from "react"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import type { Instant } from "@/lib/audit/time/instant"
import type { LogBody } from "./answers/log-state"
import type { FetchFailure } from "./request"

/** The query, its displayed result, and the functions that run another query. */
export interface LogQuery {
  readonly slug: string
  /** The parameters of the displayed rows, as the url writes them. */
  readonly search: string
  /** The requested query, as soon as it changes. */
  readonly query: AuditQuery
  /** The query of the displayed rows. */
  readonly answered: AuditQuery
  /** The time of the query. */
  readonly queriedAt: Instant
  /** The instants of its time range; null when it was invalid. */
  readonly window: Window | null
  /** True while the result of `query` is pending. */
  readonly pending: boolean
  /** True when it has been pending for more than three seconds. */
  readonly slow: boolean
  /** Why the query failed; the displayed rows are still those of the previous one. */
  readonly failed: FetchFailure | null
  /** True when the text of some events was searched only in part: they are still being indexed. */
  readonly textPartly: boolean
  readonly body: LogBody
  readonly ask: (query: AuditQuery, history?: "push" | "replace") => void
  /** The same for the parameters of a url. */
  readonly visit: (search: string) => void
  /** Runs the query again: the one that failed, or the displayed one. */
  readonly retry: () => void
  /** Returns to the query whose result is displayed. */
  readonly cancel: () => void
}

export const QueryContext = createContext<LogQuery | null>(null)

/** The current query, and the functions that change it. */
export function useLogQuery(): LogQuery {
  const query = use(QueryContext)
  if (!query) throw new Error("useLogQuery was called outside LogProvider")
  return query
}
