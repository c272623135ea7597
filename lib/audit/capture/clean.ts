import type { JsonObject, JsonValue } from "@/lib/audit/json/value"

/** No text of a call is read beyond this: servers refuse heads that are longer. */
const mostCharacters = 16_384

/**
 * Returns the text as an event can hold it: well-formed and without U+0000. It is not cut to the length of its member yet: a
 * secret must be hidden first, for half a secret is recognised no more.
 */
export function cleanText(text: string): string {
  const some = text.length > mostCharacters ? text.slice(0, mostCharacters) : text
  const wellFormed = some.isWellFormed() ? some : some.toWellFormed()
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "\uFFFD") : wellFormed
}

/** The same for a text that may be absent. Undefined when it holds nothing but spaces. */
export function cleanWord(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined
  const word = cleanText(text).trim()
  return word === "" ? undefined : word
}

/** Returns a text no longer than that, marked when it was cut. Its secrets are hidden already. */
export function cutText(text: string, maximum: number): string {
  if (text.length <= maximum) return text
  const kept = text.slice(0, maximum - 2)
  // Half a mark is no mark, and what it stood for must not be taken for a secret again.
  const whole = /\[[a-z:-]*$/.test(kept) ? kept.replace(/\S*$/, "") : kept
  return `${whole.toWellFormed()} …`
}

const mostDepth = 8
const mostMembers = 64

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
  if (typeof value === "string") return cleanText(value)
  if (typeof value === "number") return cleanNumber(value)
  if (typeof value === "bigint") return String(value)
  if (typeof value !== "object") return undefined
  if (depth >= mostDepth) return "[cut: depth]"
  if (Array.isArray(value))
    return value.slice(0, mostMembers).map(item => cleanValue(item, depth + 1) ?? null)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  const members: [string, JsonValue][] = []
  for (const [name, member] of Object.entries(value)) {
    if (members.length >= mostMembers) break
    const clean = cleanValue(member, depth + 1)
    if (clean !== undefined) members.push([cleanText(name), clean])
  }
  return Object.fromEntries(members)
}

function cleanNumber(value: number): JsonValue {
  if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  return String(value)
}
