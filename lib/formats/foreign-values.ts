import { createHash } from "node:crypto"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonValue } from "@/lib/audit/json/value"

// What foreign records say, in the form that an event takes. Their past cannot be corrected, so nothing is refused for its length:
// what is shortened ends in an ellipsis, and `raw` has the whole.

/** Returns a text of at most `most` characters, or undefined when the value says nothing. */
export function textOf(value: JsonValue | undefined, most: number): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  if (typeof value !== "string" || value === "") return undefined
  return value.length <= most ? value : `${beginning(value, most - 1)}…`
}

/** Returns an id; a very long one is shortened to its beginning and a digest, so that different ids stay different. */
export function idOf(value: JsonValue | undefined): string | undefined {
  const text = textOf(value, Number.MAX_SAFE_INTEGER)
  if (text === undefined || text.length <= eventLimits.idLength) return text
  const digest = createHash("sha256").update(text).digest("hex")
  return `${beginning(text, eventLimits.idLength - digest.length - 1)}…${digest}`
}

function beginning(text: string, length: number): string {
  const cut = text.slice(0, length)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

/** Returns a name, shortened to the length that an event accepts. */
export function nameOf(value: JsonValue | undefined): string | undefined {
  return textOf(value, eventLimits.nameLength)
}

/** Returns a number of zero or more, else undefined. */
export function amountOf(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && value >= 0 ? value : undefined
}

/** Returns a whole number of zero or more and at most `most`, else undefined. */
export function countOf(
  value: JsonValue | undefined,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most
    ? value
    : undefined
}

/**
 * Returns another system's name in the form of the catalogue: lower case, words joined by `_`, parts by `.`, at least a
 * resource and a verb, at most 120 characters. `users.SetPreferences` becomes `users.set_preferences`.
 */
export function operationName(text: string, resource: string): string {
  const parts = text
    .split(".")
    .map(wordsOf)
    .filter(part => part !== "")
  const name = parts.length > 1 ? parts.join(".") : `${resource}.${parts[0] ?? "unknown"}`
  return name.slice(0, eventLimits.operationLength).replace(/[._]+$/, "")
}

/** Returns one part of such a name; "" when no character of the text can be used. */
export function wordsOf(text: string): string {
  return (
    text
      // The plural of an abbreviation is one word: `WebACLs` is `web_acls`.
      .replace(/([A-Z]{2,})s(?![a-z])/g, "$1S")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
  )
}
