import type { AskedWindow } from "@/lib/audit/time/window"
import { fieldNames } from "./fields"
import { defaultLimit, defaultWindow, defaultZone, type Question } from "./question"
import { spellValues } from "./value"

/** Returns the canonical query string of a query, without defaults; `parseQuery` reads it back to the same query. */
export function writeQuery(question: Question): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of windowParameters(question)) params.append(name, value)
  if (question.zone !== defaultZone) params.append("zone", question.zone)
  if (question.excludeToday) params.append("exclude-today", "1")
  for (const field of fieldNames) {
    for (const value of spellValues(question.include[field])) params.append(field, value)
    for (const value of spellValues(question.exclude[field])) params.append(`-${field}`, value)
  }
  if (question.text !== null) params.append("text", question.text)
  if (question.order !== "newest") params.append("order", question.order)
  if (question.limit !== defaultLimit) params.append("limit", String(question.limit))
  if (question.cursor !== null) params.append("cursor", question.cursor)
  if (question.asOf !== null) params.append("as-of", String(question.asOf))
  return params
}

function windowParameters({ window, order }: Question): [string, string][] {
  if (window.kind === "range") {
    const from: [string, string][] = window.from === null ? [] : [["from", window.from]]
    return window.to === null ? from : [...from, ["to", window.to]]
  }
  const name = windowName(window)
  return name === windowName(defaultWindow(order)) ? [] : [["window", name]]
}

function windowName(window: Exclude<AskedWindow, { kind: "range" }>): string {
  return window.kind === "preset" ? window.preset : "all"
}
