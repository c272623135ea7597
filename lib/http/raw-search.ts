import { type QueryString, readQueryString } from "@/lib/audit/query/query-string"

/** Set by our own server to the original query string; a value from the client is overwritten. */
export const searchHeader = "x-auditorium-search"

/** Next.js adds it to requests for the data of a page. */
const nextParameter = "_rsc"

/**
 * Returns the query string as it was sent, without its question mark. Next.js parses and rebuilds it, which hides invalid
 * UTF-8; `other` is used without our server.
 */
export function rawSearch(headers: Headers, other: string): string {
  return headers.get(searchHeader) ?? other.replace(/^\?/, "")
}

/** Returns the parsed query string of a page. */
export function pageSearch(headers: Headers, entries: readonly (readonly [string, string])[]): QueryString {
  const raw = headers.get(searchHeader)
  const { parameters, faults } = raw === null ? { parameters: entries, faults: [] } : readQueryString(raw)
  return { parameters: parameters.filter(([name]) => name !== nextParameter), faults }
}
