import type { FirstPage, LogBody, LogState, MoreRows } from "@/components/audit-log/answers/log-state"
import { summarize } from "@/components/audit-log/table/summarize"
import type { AppRef } from "@/lib/access/principal"
import { hasFilters } from "@/lib/audit/query/query"
import type { SeenLog } from "@/lib/operations/events/list-apps"
import type { OpenedLog } from "@/lib/operations/events/open-log"
import type { EventPage } from "@/lib/operations/events/search"
import { builtInApp } from "@/lib/operations/organizations/create"

/** Returns what the page shows for a result; the same for the page and for its data route. */
export function logStateOf(requested: string, opened: OpenedLog): LogState {
  const { query, queriedAt, window, textSearched } = opened.page
  const textPartly = textSearched?.complete === false
  return {
    ...{ requested, search: requested, query, queriedAt, window, textPartly },
    ...seenOf(opened.sees),
    body: bodyOf(opened),
  }
}

/** Returns what the reader sees of the log, as the page needs it. */
export function seenOf(seen: SeenLog): Pick<LogState, "apps" | "sees"> {
  const { everyApp, ownOnly, mayExport } = seen
  return {
    apps: seen.apps.map(({ id, slug, name }) => ({ id, slug, name })),
    sees: { everyApp, ownOnly, mayExport },
  }
}

function bodyOf({ page, sees, firstAt }: OpenedLog): LogBody {
  const first = firstPage(page)
  // A reader of a part cannot tell what is missing in the whole log.
  const seesAll = sees.everyApp && !sees.ownOnly
  if (page.events.length > 0) {
    return { kind: "events", first, onlyOurs: seesAll && holdsOnlyOurs(page, sees.apps) }
  }
  if (page.asOf === 0 && seesAll) return { kind: "no-events-yet", first }
  if (page.searchedBackTo !== null && page.nextCursor !== null) {
    return { kind: "none", first, reason: { kind: "unfinished", searchedBackTo: page.searchedBackTo } }
  }
  const { window, queriedAt, query } = page
  if (window.from > queriedAt) return { kind: "none", first, reason: { kind: "future" } }
  if (firstAt !== null && firstAt >= window.before) {
    return { kind: "none", first, reason: { kind: "before-first", firstAt } }
  }
  if (firstAt === null && !seesAll) return { kind: "none", first, reason: { kind: "nothing-yet" } }
  return { kind: "none", first, reason: { kind: hasFilters(query) ? "filtered" : "quiet" } }
}

/** The console itself wrote all existing events: no application has sent one yet. */
function holdsOnlyOurs({ query, events, nextCursor }: EventPage, apps: readonly AppRef[]): boolean {
  if (nextCursor !== null || hasFilters(query) || query.cursor !== null) return false
  const ours = apps.find(app => app.slug === builtInApp.slug)
  return ours !== undefined && events.every(event => event.appId === ours.id)
}

function firstPage(page: EventPage): FirstPage {
  return { ...rowsOf(page), query: page.query, fixed: page.fixedQuery }
}

/** Returns what the table shows of a page of events. */
export function rowsOf({ events, nextCursor, searchedBackTo }: EventPage): MoreRows {
  return { rows: events.map(summarize), nextCursor, searchedBackTo }
}
