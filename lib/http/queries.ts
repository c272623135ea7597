import { readQueryString } from "@/lib/audit/query/query-string"
import { writeQuery } from "@/lib/audit/query/write"
import { invalidInput } from "@/lib/operations/core/input"
import type { QueryInput } from "@/lib/operations/events/resolve-query"
import type { EventPage } from "@/lib/operations/events/search"
import { jsonResponse } from "./headers"
import { readJsonBody } from "./json-body"
import type { Incoming } from "./route"

/** Returns the query in the query string. */
export function queryOfAddress({ search }: Incoming): QueryInput {
  return readQueryString(search)
}

/** Returns the query in the JSON body. Throws AppError for a body that is not a query, or too large. */
export async function queryOfBody({ request, caller }: Incoming): Promise<QueryInput> {
  return { object: await readJsonBody({ request, caller }, queryLimits) }
}

/** Many times what all fields of a query can have. */
const queryLimits = { maximumBytes: 64 * 1024, values: 10_000 }

/**
 * Returns the named parameters by themselves, and the query of the rest of the query string. Throws AppError `invalid` for
 * a repeated one.
 */
export function queryWith<Name extends string>({ search }: Incoming, names: readonly Name[]) {
  const { parameters, faults } = readQueryString(search)
  const own: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const values = parameters.filter(([given]) => given === name).map(([, value]) => value)
    if (values.length > 1) throw invalidInput([{ pointer: `/${name}`, message: "is given more than once" }])
    if (values[0] !== undefined) own[name] = values[0]
  }
  const isOwn = (given: string) => names.some(name => name === given)
  return { ...own, query: { parameters: parameters.filter(([given]) => !isOwn(given)), faults } }
}

/** Returns a page of events as a response of the API. */
export function answerEventPage(page: EventPage, { caller }: Incoming): Response {
  const { events, nextCursor, searchedBackTo, textSearched, window, asOf, apps } = page
  const fixedQuery = writeQuery(page.fixedQuery).toString()
  return jsonResponse(
    { events, nextCursor, searchedBackTo, textSearched, window, asOf, apps, fixedQuery },
    caller.requestId,
  )
}
