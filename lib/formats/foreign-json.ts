import { numberFault } from "@/lib/audit/json/number"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * Promise: the value of another system's JSON, with everything in a form that our own records can keep: a number that would lose
 * digits becomes the text it was, U+0000 and half a surrogate pair become their escapes, the last of duplicate keys counts.
 * The exact original belongs into `raw`. Throws AppError("malformed").
 */
export function parseForeignJson(text: string): JsonValue {
  const kept = text.replace(stringOrNumber, token =>
    token.startsWith('"') || numberFault(token) === null ? token : JSON.stringify(token),
  )
  try {
    return JSON.parse(kept, (_, value: JsonValue) => (typeof value === "string" ? visibleText(value) : value))
  } catch (cause) {
    throw new AppError("malformed", "This is not JSON.", { cause })
  }
}

const unkeepable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function visibleText(text: string): string {
  return text.replace(unkeepable, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

/** Promise: the value when it is an object, else an empty one: foreign records leave out what they like. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** Tells whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Promise: the elements when the value is an array, else none. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

/** Promise: a text of at most `most` characters, or undefined when the value holds nothing to say. The rest stays in `raw`. */
export function textOf(value: JsonValue | undefined, most: number): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (typeof value !== "string" || value === "") return undefined
  if (value.length <= most) return value
  const cut = value.slice(0, most)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}

/** Promise: the object without the members that are undefined. */
export function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, JsonValue] => member[1] !== undefined),
  )
}
