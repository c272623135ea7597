import type { Question } from "@/lib/audit/query/question"
import { writeQuery } from "@/lib/audit/query/write"
import { isTrackingParameter } from "./tracking"

/** The one parameter of the page's address that is not part of the question: the event that is open beside the table. */
export const openEventParameter = "event"

/** Promise: the path of an organization's log. */
export function logPath(slug: string): string {
  return `/${encodeURIComponent(slug)}/admin/audit-logs`
}

/** Promise: the address of a question, with the event that stays open beside it. */
export function questionAddress(slug: string, question: Question, openEvent: string | null = null): string {
  return withSearch(logPath(slug), withOpenEvent(writeQuery(question), openEvent))
}

/** Promise: an event's own page; times there are shown in the same zone. */
export function eventAddress(slug: string, eventId: string, zone: string): string {
  const search = new URLSearchParams(zone === "UTC" ? {} : { zone })
  return withSearch(`${logPath(slug)}/${encodeURIComponent(eventId)}`, search)
}

/** Returns the parameters of an address that are part of its question, in one spelling, to compare two addresses. */
export function addressKey(entries: Iterable<readonly [string, string]>): string {
  return new URLSearchParams(splitSearch(entries).parameters.map(([name, value]) => [name, value])).toString()
}

/** Returns the address of the log with those parameters, and the event that is open beside it. */
export function searchAddress(slug: string, search: string, openEvent: string | null): string {
  return withSearch(logPath(slug), withOpenEvent(new URLSearchParams(search), openEvent))
}

/** Returns the address of the data route that answers those parameters as the page does. */
export function answerAddress(slug: string, search: string): string {
  return withSearch(`${logPath(slug)}/answer`, new URLSearchParams(search))
}

/** The page's data routes, each answering a question by the same query string. */
export type DataRoute = "events" | "count" | "export" | "choices"

/** Promise: the address of a data route, with the question and what else the route takes. */
export function dataAddress(
  slug: string,
  route: DataRoute,
  question: Question,
  more: Readonly<Record<string, string>> = {},
): string {
  const search = writeQuery(question)
  for (const [name, value] of Object.entries(more)) search.set(name, value)
  return withSearch(`${logPath(slug)}/${route}`, search)
}

/** Promise: the same parameters with another event open, or none. */
export function withOpenEvent(search: URLSearchParams, openEvent: string | null): URLSearchParams {
  const next = new URLSearchParams(search)
  next.delete(openEventParameter)
  if (openEvent !== null) next.set(openEventParameter, openEvent)
  return next
}

/** Returns the parameters of a question as they came, without the open event and without what trackers appended. */
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
