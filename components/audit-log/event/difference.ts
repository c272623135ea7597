import type { Change } from "@/lib/audit/event/event"
import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"

/** One path that changed. An absent side means that the path did not exist before, or does not exist after. */
export interface Difference {
  readonly path: string
  readonly before: JsonValue | undefined
  readonly after: JsonValue | undefined
}

/** Deeper than this, or with more paths than this, a change is shown as a whole. */
const deepest = 8
const mostPlaces = 500

/**
 * Returns the differences between before and after, path by path: changed members of objects, added and removed elements of
 * lists of plain values.
 */
export function differencesOf(changes: readonly Change[]): readonly Difference[] {
  return changes.flatMap(({ path, before, after }) => {
    const place = { path: readable(path), before: emptyAsAbsent(before), after: emptyAsAbsent(after) }
    const places = compare(place, 0)
    return places.length > mostPlaces ? [{ ...place, before, after }] : places
  })
}

/** Producers write JSON pointers or their own names; a pointer's slashes read better as dots. */
function readable(path: string): string {
  if (!path.startsWith("/")) return path
  return path
    .slice(1)
    .split("/")
    .map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".")
}

/** Producers write null for a missing side. */
function emptyAsAbsent(value: JsonValue): JsonValue | undefined {
  return value === null ? undefined : value
}

function compare(place: Difference, depth: number): readonly Difference[] {
  const { path, before, after } = place
  if (same(before, after)) return []
  if (depth < deepest) {
    const [was, is] = [before === undefined ? {} : before, after === undefined ? {} : after]
    if (isObject(was) && isObject(is) && (isObject(before) || isObject(after))) {
      return compareObjects(path, was, is, depth)
    }
    if (isArray(before) && isArray(after)) return compareArrays(path, before, after, depth)
  }
  return [place]
}

function compareObjects(path: string, before: JsonObject, after: JsonObject, depth: number) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  const places = [...keys].flatMap(key =>
    compare({ path: below(path, key), before: own(before, key), after: own(after, key) }, depth + 1),
  )
  // An object that was added or removed without members that differ was still added or removed.
  return places.length > 0 ? places : [{ path, before, after }]
}

function compareArrays(path: string, before: JsonArray, after: JsonArray, depth: number) {
  if (![...before, ...after].every(isPlain)) {
    const length = Math.max(before.length, after.length)
    return Array.from({ length }, (_, index) => index).flatMap(index =>
      compare({ path: below(path, String(index)), before: before[index], after: after[index] }, depth + 1),
    )
  }
  const removed = without(before, after).map(value => ({ path, before: value, after: undefined }))
  const added = without(after, before).map(value => ({ path, before: undefined, after: value }))
  // The same elements in another order.
  return removed.length + added.length > 0 ? [...removed, ...added] : [{ path, before, after }]
}

/** Returns the elements of the first list that are missing in the second, each as often as it is missing. */
function without(values: JsonArray, others: JsonArray): readonly JsonValue[] {
  const left = [...others]
  return values.filter(value => {
    const index = left.indexOf(value)
    if (index === -1) return true
    left.splice(index, 1)
    return false
  })
}

function same(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true
  if (isArray(left) && isArray(right)) {
    return left.length === right.length && left.every((value, index) => same(value, right[index]))
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every(key => Object.hasOwn(right, key) && same(left[key], right[key]))
  )
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`
}

function isPlain(value: JsonValue): boolean {
  return value === null || typeof value !== "object"
}
