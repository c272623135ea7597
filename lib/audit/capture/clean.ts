import type { JsonObject, JsonValue } from "@/lib/audit/json/value"

/** Returns the text as an event can hold it: well-formed, without U+0000, and cut to the length with `…` at its end. */
export function cleanText(text: string, maximum: number): string {
  const cut = text.length <= maximum ? text : `${text.slice(0, maximum - 1)}…`
  const wellFormed = cut.isWellFormed() ? cut : cut.toWellFormed()
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "\uFFFD") : wellFormed
}

/** The same for a text that may be absent. Undefined when nothing is left of it but spaces. */
export function cleanWord(text: unknown, maximum: number): string | undefined {
  if (typeof text !== "string") return undefined
  const word = cleanText(text.trim(), maximum)
  return word === "" ? undefined : word
}

const mostDepth = 8
const mostMembers = 64
const mostCharacters = 1024

/**
 * Returns facts that an application states, as an event can hold them: what JSON cannot write is left out, numbers that
 * cannot be kept become text, and what is too deep, too long or too much is cut. Undefined for anything but an object.
 */
export function cleanAttributes(value: unknown): JsonObject | undefined {
  const clean = cleanValue(value, 0)
  return typeof clean === "object" && clean !== null && !Array.isArray(clean)
    ? (clean as JsonObject)
    : undefined
}

function cleanValue(value: unknown, depth: number): JsonValue | undefined {
  if (value === null || typeof value === "boolean") return value
  if (typeof value === "string") return cleanText(value, mostCharacters)
  if (typeof value === "number") return cleanNumber(value)
  if (typeof value === "bigint") return cleanText(String(value), mostCharacters)
  if (typeof value !== "object") return undefined
  if (depth >= mostDepth) return "[cut: depth]"
  if (Array.isArray(value))
    return value.slice(0, mostMembers).map(item => cleanValue(item, depth + 1) ?? null)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  const members: [string, JsonValue][] = []
  for (const [name, member] of Object.entries(value)) {
    if (members.length >= mostMembers) break
    const clean = cleanValue(member, depth + 1)
    if (clean !== undefined) members.push([cleanText(name, 256), clean])
  }
  return Object.fromEntries(members)
}

function cleanNumber(value: number): JsonValue {
  if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  return String(value)
}
