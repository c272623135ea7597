import type { Change } from "@/lib/audit/event/event"
import { canonicalJson } from "@/lib/audit/json/canonical"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { jsonPointer } from "@/lib/errors"

/** What an event says of a sink: everything but its credentials, of which only the names. */
export interface Recorded {
  readonly name: string
  readonly kind: string
  readonly settings: JsonObject
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
  readonly credentials: Readonly<Record<string, string>>
}

/** Longer texts, such as certificates and long queries, are recorded by their length. */
const longestText = 2_000

/** Returns the sink as an event shows it. */
export function recordedSink(sink: Recorded): JsonObject {
  const { name, kind, settings, query, format, redactIdentity, omit } = sink
  const shown = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, shorten(value)]))
  const set = Object.keys(sink.credentials).sort()
  return {
    name,
    kind,
    settings: shown,
    query: shorten(query),
    format,
    redactIdentity,
    omit: [...omit],
    credentialsSet: set,
  }
}

/** Returns the differences between two states of a sink. */
export function changesOfSink(before: Recorded, after: Recorded): readonly Change[] {
  const members = ["name", "query", "format", "redactIdentity", "omit", "credentialsSet"] as const
  const one = recordedSink(before)
  const other = recordedSink(after)
  const plain = members.flatMap(name => change([name], one[name] ?? null, other[name] ?? null))
  const names = [...new Set([...Object.keys(before.settings), ...Object.keys(after.settings)])].sort()
  const settings = names
    .filter(name => differ(before.settings[name], after.settings[name]))
    .map(name => ({
      path: jsonPointer(["settings", name]),
      before: shorten(before.settings[name] ?? null),
      after: shorten(after.settings[name] ?? null),
    }))
  return [...plain, ...settings]
}

/** Returns sentences about credentials that were replaced: their values are never recorded. */
export function replacedCredentials(
  before: Recorded["credentials"],
  after: Recorded["credentials"],
): readonly string[] {
  return Object.keys(after)
    .filter(name => before[name] !== undefined && before[name] !== after[name])
    .sort()
    .map(name => `The credential ${name} was replaced.`)
}

function change(path: readonly string[], before: JsonValue, after: JsonValue): readonly Change[] {
  return differ(before, after) ? [{ path: jsonPointer(path), before, after }] : []
}

function differ(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return canonicalJson(one ?? null) !== canonicalJson(other ?? null)
}

function shorten(value: JsonValue): JsonValue {
  if (typeof value === "string" && value.length > longestText) return `${value.length} characters`
  if (Array.isArray(value)) return value.map(shorten)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shorten(member)]))
}
