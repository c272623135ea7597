import type { AppRef } from "@/lib/access/principal"
import type { AuditEvent } from "@/lib/audit/event/event"
import { type SearchedPart, searchedParts, searchShares } from "@/lib/audit/event/search-text"
import { continuationAfter, signCursor } from "@/lib/audit/query/cursor"
import { type AuditQuery, fixedQuery } from "@/lib/audit/query/query"
import type { Window } from "@/lib/audit/query/selection"
import type { Instant } from "@/lib/audit/time/instant"
import { operation, type ReadContext } from "@/lib/operations/core/operation"
import { type QueryInput, queryInput, resolveQuery } from "./resolve-query"

/** The parts of an event that were searched for a text. */
export interface TextSearched {
  /** The parts, and the number of characters of each that are searched. */
  readonly parts: readonly { readonly part: SearchedPart; readonly characters: number }[]
  /**
   * False while events of an earlier version are still being indexed: only their first 1,000 characters are searched.
   */
  readonly complete: boolean
}

/** One page of a result, with everything needed to show it, continue it and repeat the query. */
export interface EventPage {
  readonly events: readonly AuditEvent[]
  /** Send it as `cursor` for the next page; null when there is none. */
  readonly nextCursor: string | null
  /** Set when the search stopped early: everything back to here was searched. */
  readonly searchedBackTo: Instant | null
  /** Null when the query has no text. */
  readonly textSearched: TextSearched | null
  readonly window: Window
  /** The size of the log for which the answer is valid. */
  readonly asOf: number
  readonly queriedAt: Instant
  readonly query: AuditQuery
  /** The same query with fixed instants and `asOf`: it selects these events whenever it runs. */
  readonly fixedQuery: AuditQuery
  /** The apps of the events on this page. */
  readonly apps: readonly AppRef[]
}

/** Returns one page of events for a query. */
export const searchEvents = operation({
  name: "event.search",
  summary: "Searches the audit log and answers one page of events.",
  permission: "LOG-OWN",
  effect: "read",
  input: queryInput,
  run: searchPage,
})

/** Returns one page of the events that match the query and that the caller may see. */
export async function searchPage(context: ReadContext, input: QueryInput): Promise<EventPage> {
  const { query, selection, after, bound, apps, queriedAt } = await resolveQuery(context, input)
  const page = await context.store.search(context.scope, selection, { limit: query.limit, after })
  const continuation = continuationAfter(selection, page)
  const appIds = new Set(page.events.map(event => event.appId))
  return {
    events: page.events,
    nextCursor: continuation && signCursor(continuation, bound, context.cursorKey),
    searchedBackTo: page.searchedBackTo,
    textSearched: selection.text === null ? null : await textSearched(context),
    window: selection.window,
    asOf: page.asOf,
    queriedAt,
    query,
    fixedQuery: fixedQuery(query, selection.window, page.asOf),
    apps: apps.filter(app => appIds.has(app.id)),
  }
}

async function textSearched({ store }: ReadContext): Promise<TextSearched> {
  return {
    parts: searchedParts.map(part => ({ part, characters: searchShares[part] })),
    complete: await store.searchesWholeTexts(),
  }
}
