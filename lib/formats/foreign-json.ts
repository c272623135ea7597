import { canonicalJson } from "@/lib/audit/json/canonical"
import { numberFault } from "@/lib/audit/json/number"
import { scanJson } from "@/lib/audit/json/scan"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"

/**
 * Returns the value of another system's JSON, in a form that our own records can store: a number that would lose digits
 * becomes its text, U+0000 and half a surrogate pair become their escapes, the last of duplicate keys counts. The exact
 * original belongs in `raw`. Throws AppError `malformed` with the position when the text is not JSON.
 */
export function parseForeignJson(text: string): JsonValue {
  const whole = text.startsWith("\ufeff") ? text.slice(1) : text
  const scan = scanOrError(whole)
  if (!(scan instanceof AppError) && scan.faults.length === 0) return scan.value
  try {
    return parseKeeping(whole)
  } catch (cause) {
    throw scan instanceof AppError ? scan : new AppError("malformed", "Not readable as JSON.", { cause })
  }
}

function scanOrError(text: string) {
  try {
    return scanJson(text)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

function parseKeeping(text: string): JsonValue {
  // Checked first: putting quotes around numbers could make JSON of what is none.
  JSON.parse(text)
  const kept = text.replace(stringOrNumber, token =>
    token.startsWith('"') || numberFault(token) === null ? token : JSON.stringify(token),
  )
  return JSON.parse(kept, (_, value: JsonValue) => {
    if (typeof value === "string") return visibleText(value)
    return isObject(value) ? withVisibleKeys(value) : value
  })
}

const unkeepable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function visibleText(text: string): string {
  return text.replace(unkeepable, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

function withVisibleKeys(object: JsonObject): JsonObject {
  const keys = Object.keys(object)
  if (keys.every(key => visibleText(key) === key)) return object
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [visibleText(key), value]))
}

/** Returns the value when it is an object, else an empty one: foreign records may leave out anything. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Tells whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Returns the elements when the value is an array, else none. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

/** Returns the object without the members that are undefined. */
export function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, JsonValue] => member[1] !== undefined),
  )
}

/**
 * Returns the object when it is not empty and its JSON has at most that many bytes; else undefined, and `raw` contains it.
 */
export function fitting(object: JsonObject, maximumBytes: number): JsonObject | undefined {
  if (Object.keys(object).length === 0 || nestingOf(object) > deepest) return undefined
  return new TextEncoder().encode(canonicalJson(object)).length <= maximumBytes ? object : undefined
}

const deepest = 32

/** Counts one level too many rather than following a value without end. */
function nestingOf(value: JsonValue, level = 0): number {
  if (typeof value !== "object" || value === null || level > deepest) return 0
  return 1 + Math.max(0, ...Object.values(value).map(member => nestingOf(member, level + 1)))
}
