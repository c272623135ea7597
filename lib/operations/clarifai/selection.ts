import { type FieldName, textFault } from "@/lib/audit/query/fields"
import { parseValue } from "@/lib/audit/query/parse-value"
import { setValues } from "@/lib/audit/query/query"
import type { FieldValues, TimeSelection, Window } from "@/lib/audit/query/selection"
import { equalTo, type QueryValue } from "@/lib/audit/query/value"
import { addMicroseconds, assertInstant } from "@/lib/audit/time/instant"
import type { ClarifaiSearch } from "@/lib/clarifai/messages"
import { typesFoundBy } from "@/lib/clarifai/target-types"

/** The years of all events. */
const first = assertInstant("1970-01-01T00:00:00.000000Z")
const end = assertInstant("2200-01-01T00:00:00.000000Z")

/**
 * Returns what a search asks of the store, with the ids of actors in place of its `userIds`. Null when no event can match: a
 * condition was given that nothing meets, which is not the same as none.
 */
export function selectionOf(search: ClarifaiSearch, actorIds: readonly string[]): TimeSelection | null {
  const window = windowOf(search)
  const { userIds, operations, targets, success, sourceIps } = search
  const conditions: readonly Condition[] = [
    ["actor", userIds, findable(actorIds)],
    ["code", operations, operations.flatMap(code => valuesFor("code", String(code)))],
    ["target", targets, findable(targets.flatMap(keysOf))],
    ["ip", sourceIps, sourceIps.flatMap(text => valuesFor("ip", text))],
    // An entry has two outcomes; everything that is not a success is shown as no success.
    ["status", success === null ? [] : [success], statusesOf(success).map(equalTo)],
  ]
  const asked = conditions.filter(([, given]) => given.length > 0)
  if (window === null || asked.some(([, , values]) => values.length === 0)) return null
  const include = asked.reduce<FieldValues>((all, [field, , values]) => setValues(all, field, values), {})
  return {
    ...{ window, include, exclude: {}, text: null, asOf: null },
    order: search.ascending ? "oldest" : "newest",
  }
}

/** A field, what was given for it, and the values that events can have of that. */
type Condition = readonly [field: FieldName, given: readonly unknown[], values: readonly QueryValue[]]

function windowOf({ from, to }: ClarifaiSearch): Window | null {
  const window = { from: from ?? first, before: to === null ? end : addMicroseconds(to, 1) }
  return window.from < window.before ? window : null
}

function keysOf({ type, id }: ClarifaiSearch["targets"][number]): readonly string[] {
  return typesFoundBy(type).map(one => `${one}:${id}`)
}

function statusesOf(success: boolean | null): readonly string[] {
  return success ? ["success"] : ["failure", "denied", "unknown"]
}

/** Returns the texts that an event can have, as values. */
function findable(texts: readonly string[]): readonly QueryValue[] {
  return texts.filter(text => textFault(text) === null).map(equalTo)
}

function valuesFor(field: FieldName, text: string): readonly QueryValue[] {
  const parsed = parseValue(field, text)
  return "fault" in parsed ? [] : [parsed.value]
}
