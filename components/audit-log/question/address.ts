import type { Question } from "@/lib/audit/query/question"
import { writeQuery } from "@/lib/audit/query/write"

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

/** Promise: the parameters of a question as they came, with the open event taken out. */
export function splitSearch(entries: Iterable<readonly [string, string]>): {
  readonly parameters: readonly (readonly [string, string])[]
  readonly openEvent: string | null
} {
  const all = [...entries]
  return {
    parameters: all.filter(([name]) => name !== openEventParameter),
    openEvent: all.find(([name]) => name === openEventParameter)?.[1] ?? null,
  }
}

function withSearch(path: string, search: URLSearchParams): string {
  const text = search.toString()
  return text === "" ? path : `${path}?${text}`
}
