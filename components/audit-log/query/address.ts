import type { AuditQuery } from "@/lib/audit/query/query"
import { writeQuery } from "@/lib/audit/query/write"
import { isTrackingParameter } from "./tracking"

/** The one parameter of the page's url that is not part of the query: the event that is open beside the table. */
export const openEventParameter = "event"

/** Returns the path of an organization's log. */
export function logPath(slug: string): string {
  return `/${encodeURIComponent(slug)}/admin/audit-logs`
}

/** Returns the url of a query, with the event that stays open beside it. */
export function queryAddress(slug: string, query: AuditQuery, openEvent: string | null = null): string {
  return withSearch(logPath(slug), withOpenEvent(writeQuery(query), openEvent))
}

/** Returns the url of an event's own page, which shows times in the same zone. */
export function eventAddress(slug: string, eventId: string, zone: string): string {
  const search = new URLSearchParams(zone === "UTC" ? {} : { zone })
  return withSearch(`${logPath(slug)}/${encodeURIComponent(eventId)}`, search)
}

/** Returns the canonical query parameters of a url, to compare two urls. */
export function addressKey(entries: Iterable<readonly [string, string]>): string {
  return new URLSearchParams(splitSearch(entries).parameters.map(([name, value]) => [name, value])).toString()
}

/** Returns the url of the log with those parameters, and the event that is open beside it. */
export function searchAddress(slug: string, search: string, openEvent: string | null): string {
  return withSearch(logPath(slug), withOpenEvent(new URLSearchParams(search), openEvent))
}

/** Returns the url of the data route that answers those parameters as the page does. */
export function answerAddress(slug: string, search: string): string {
  return withSearch(`${logPath(slug)}/answer`, new URLSearchParams(search))
}

/** The page's data routes, each of which takes a query in the same query string. */
export type DataRoute = "events" | "count" | "export" | "choices"

/** Returns the url of a data route, with the query and the route's other parameters. */
export function dataAddress(
  slug: string,
  route: DataRoute,
  query: AuditQuery,
  more: Readonly<Record<string, string>> = {},
): string {
  const search = writeQuery(query)
  for (const [name, value] of Object.entries(more)) search.set(name, value)
  return withSearch(`${logPath(slug)}/${route}`, search)
}

/** Returns the same parameters with another open event, or none. */
export function withOpenEvent(search: URLSearchParams, openEvent: string | null): URLSearchParams {
  const next = new URLSearchParams(search)
  next.delete(openEventParameter)
  if (openEvent !== null) next.set(openEventParameter, openEvent)
  return next
}

/** Returns the query parameters as sent, without the open event and tracking parameters. */
export function splitSearch(entries: Iterable<readonly [string, string]>): {
  readonly parameters: readonly (readonly [string, string])[]
  readonly openEvent: string | null
} {
  const all = [...entries]
  return {
    parameters: all.filter(([name]) => name !== openEventParameter && !isTrackingParameter(name)),
    openEvent: all.find(([name]) => name === openEventParameter)?.[1] ?? null,
  }
}

function withSearch(path: string, search: URLSearchParams): string {
  const text = search.toString()
  return text === "" ? path : `${path}?${text}`
}
