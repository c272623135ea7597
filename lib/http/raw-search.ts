import { type QueryString, readQueryString } from "@/lib/audit/query/query-string"

/** Set by our own server to the query string as it came; whatever a client sent there is overwritten. */
export const searchHeader = "x-auditorium-search"

/** Next's own, on the way to the data of a page. */
const nextParameter = "_rsc"

/**
 * Returns the query string as it was sent, without its question mark. Next takes it apart and puts it together again, after
 * which nobody can tell what was no UTF-8; `other` is what there is without our server.
 */
export function rawSearch(headers: Headers, other: string): string {
  return headers.get(searchHeader) ?? other.replace(/^\?/, "")
}

/** Returns the query string of a page, taken apart. */
export function pageSearch(headers: Headers, entries: readonly (readonly [string, string])[]): QueryString {
  const raw = headers.get(searchHeader)
  const { parameters, faults } = raw === null ? { parameters: entries, faults: [] } : readQueryString(raw)
  return { parameters: parameters.filter(([name]) => name !== nextParameter), faults }
}
