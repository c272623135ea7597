import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"

/** Arrays and objects that may lie in each other in a body: an event allows 32, and the body lies in some itself. */
export const mostDepth = 24
const longText = 1_024
const keptCharacters = 256
const keptElements = 20

/** Returns a value no deeper than that; what is deeper is replaced by a mark. It is the same value when nothing is. */
export function cutDepth(value: JsonValue, most: number): JsonValue {
  if (typeof value !== "object" || value === null) return value
  if (most === 0) return "[cut: depth]"
  return changedMembers(value, each => cutDepth(each, most - 1))
}

/** What is done to a body that is too large, in this order, each step on top of the one before it. */
export const cutParts: readonly ((value: JsonValue) => JsonValue)[] = [
  cutTexts,
  value => cutLists(cutTexts(value)),
]

function cutTexts(value: JsonValue): JsonValue {
  if (typeof value === "string") return cutText(value)
  return typeof value === "object" && value !== null ? mapMembers(value, cutTexts) : value
}

/** Returns the beginning of a long text, marked with the number of characters that are missing. */
function cutText(text: string): string {
  if (text.length <= longText) return text
  // Not between the halves of a surrogate pair.
  const last = text.charCodeAt(keptCharacters - 1)
  const kept = last >= 0xd800 && last <= 0xdbff ? keptCharacters - 1 : keptCharacters
  return `${text.slice(0, kept)}…[cut ${text.length - kept}]`
}

function cutLists(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value
  if (!isArray(value) || value.length <= keptElements) return mapMembers(value, cutLists)
  return [...value.slice(0, keptElements).map(cutLists), { cut: value.length - keptElements }]
}

function mapMembers(value: JsonValue, change: (value: JsonValue) => JsonValue): JsonValue {
  if (isArray(value)) return value.map(change)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]))
}

function isKept(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed()
}

/** Returns the array or object with each member changed; the same one when none is. */
function changedMembers(
  value: JsonArray | JsonObject,
  change: (member: JsonValue) => JsonValue,
): JsonArray | JsonObject {
  if (isArray(value)) {
    let copy: JsonValue[] | null = null
    for (let at = 0; at < value.length; at += 1) {
      const member = value[at] as JsonValue
      const changed = change(member)
      if (changed === member) continue
      copy ??= [...value]
      copy[at] = changed
    }
    return copy ?? value
  }
  const object = value as JsonObject
  let copy: Map<string, JsonValue> | null = null
  for (const name of Object.keys(object)) {
    const member = object[name] as JsonValue
    const changed = change(member)
    if (changed === member) continue
    copy ??= new Map(Object.entries(object))
    copy.set(name, changed)
  }
  return copy === null ? object : Object.fromEntries(copy)
}

/** Returns a value whose texts and numbers every store can keep, and what had to be replaced. */
export function cleanJson(value: JsonValue): {
  readonly value: JsonValue
  readonly notes: readonly string[]
} {
  const notes = new Set<string>()
  const text = (each: string): string => {
    if (isKept(each)) return each
    notes.add("characters replaced")
    return each.toWellFormed().replaceAll("\0", "\ufffd")
  }
  const clean = (each: JsonValue): JsonValue => {
    if (typeof each === "string") return text(each)
    if (typeof each === "number" && Math.abs(each) > Number.MAX_SAFE_INTEGER) return String(each)
    if (typeof each !== "object" || each === null) return each
    const cleaned = changedMembers(each, clean)
    if (isArray(cleaned) || Object.keys(cleaned).every(isKept)) return cleaned
    return Object.fromEntries(Object.entries(cleaned).map(([name, member]) => [text(name), member]))
  }
  return { value: clean(value), notes: [...notes] }
}
