import type { QueryWindow } from "@/lib/audit/time/window"
import { fieldNames } from "./fields"
import { type AuditQuery, defaultLimit, defaultWindow, defaultZone } from "./query"
import { spellValues } from "./value"

/** Returns the canonical query string of a query, without defaults; `parseQuery` reads it back to the same query. */
export function writeQuery(query: AuditQuery): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of windowParameters(query)) params.append(name, value)
  if (query.zone !== defaultZone) params.append("zone", query.zone)
  if (query.excludeToday) params.append("exclude-today", "1")
  for (const field of fieldNames) {
    for (const value of spellValues(query.include[field])) params.append(field, value)
    for (const value of spellValues(query.exclude[field])) params.append(`-${field}`, value)
  }
  if (query.text !== null) params.append("text", query.text)
  if (query.order !== "newest") params.append("order", query.order)
  if (query.limit !== defaultLimit) params.append("limit", String(query.limit))
  if (query.cursor !== null) params.append("cursor", query.cursor)
  if (query.asOf !== null) params.append("as-of", String(query.asOf))
  return params
}

function windowParameters({ window, order }: AuditQuery): [string, string][] {
  if (window.kind === "range") {
    const from: [string, string][] = window.from === null ? [] : [["from", window.from]]
    return window.to === null ? from : [...from, ["to", window.to]]
  }
  const name = windowName(window)
  return name === windowName(defaultWindow(order)) ? [] : [["window", name]]
}

function windowName(window: Exclude<QueryWindow, { kind: "range" }>): string {
  return window.kind === "preset" ? window.preset : "all"
}
