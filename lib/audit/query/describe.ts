import { spellTypedTime } from "@/lib/audit/time/spell"
import { presets } from "@/lib/audit/time/window"
import { type FieldName, fieldNames, fields } from "./fields"
import type { AuditQuery, Side } from "./query"
import type { Order } from "./selection"
import { spellValues } from "./value"

const orderWords: Record<Order, string> = {
  newest: "Newest first",
  oldest: "Oldest first",
  recorded: "In the order of recording",
}

/** Returns the query in plain words, a line for each condition; apps by name where `apps` has them. */
export function describeQuery(
  query: AuditQuery,
  apps: readonly { readonly slug: string; readonly name: string }[],
): readonly string[] {
  const names = new Map(apps.map(app => [app.slug, app.name]))
  const word = (field: FieldName, value: string) => (field === "app" && names.get(value)) || value
  const side = (side: Side, phrase: (words: readonly string[]) => string) =>
    fieldNames.flatMap(field => {
      const values = spellValues(query[side][field])
      if (values.length === 0) return []
      return [`${fields[field].label} ${phrase(values.map(value => word(field, value)))}`]
    })
  return [
    windowWords(query),
    ...side("include", isOneOf),
    ...side("exclude", isNoneOf),
    ...(query.text === null ? [] : [`Text contains “${query.text}”`]),
    ...(query.asOf === null ? [] : [`As of the first ${query.asOf.toLocaleString("en-US")} events recorded`]),
    orderWords[query.order],
  ]
}

function windowWords({ window, zone, excludeToday }: AuditQuery): string {
  const without = excludeToday ? " without today" : ""
  if (window.kind === "all") return `All time${without}, in ${zone}`
  if (window.kind === "preset") return `${presets[window.preset].label}${without}, in ${zone}`
  const from = window.from === null ? "the beginning" : spellTypedTime(window.from)
  const to = window.to === null ? "now" : spellTypedTime(window.to)
  return `From ${from} to ${to}${without}, both included, in ${zone}`
}

function isOneOf(words: readonly string[]): string {
  return `is ${new Intl.ListFormat("en", { type: "disjunction" }).format(words)}`
}

function isNoneOf(words: readonly string[]): string {
  return words.length === 1 ? `is not ${words[0]}` : `is none of ${words.join(", ")}`
}
