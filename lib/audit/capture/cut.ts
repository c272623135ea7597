import { isArray, isObject, type JsonValue } from "@/lib/audit/json/value"

/** Arrays and objects that may lie in each other in a body: an event allows 32, and the body lies in some itself. */
export const mostDepth = 24
const longText = 1_024
const keptCharacters = 256
const keptElements = 20

/** Returns a value no deeper than that; what is deeper is replaced by a mark. */
export function cutDepth(value: JsonValue, most: number): JsonValue {
  if (typeof value !== "object" || value === null) return value
  if (most === 0) return "[cut: depth]"
  return mapMembers(value, each => cutDepth(each, most - 1))
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

/** Returns a value whose texts and numbers every store can keep, and what had to be replaced. */
export function cleanJson(value: JsonValue): {
  readonly value: JsonValue
  readonly notes: readonly string[]
} {
  const notes = new Set<string>()
  const text = (each: string): string => {
    if (!each.includes("\0") && each.isWellFormed()) return each
    notes.add("characters replaced")
    return each.toWellFormed().replaceAll("\0", "\ufffd")
  }
  const clean = (each: JsonValue): JsonValue => {
    if (typeof each === "string") return text(each)
    if (typeof each === "number" && Math.abs(each) > Number.MAX_SAFE_INTEGER) return String(each)
    if (typeof each !== "object" || each === null) return each
    if (isArray(each)) return each.map(clean)
    return Object.fromEntries(Object.entries(each).map(([name, member]) => [text(name), clean(member)]))
  }
  return { value: clean(value), notes: [...notes] }
}
