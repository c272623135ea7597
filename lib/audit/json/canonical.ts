import { AppError } from "@/lib/errors"

/** Text that needs no escape and no check: no quote, backslash, control character or surrogate. */
const plainText = /^[^"\\\p{Cc}\p{Cs}]*$/u
/** Deeper than any value that the scanner accepts; protects the stack against values from elsewhere. */
const maximumDepth = 1000

/**
 * Returns the RFC 8785 text of a value, the same for equal values whatever the order of their keys. A member that is
 * `undefined` counts as absent. Throws AppError `invalid` for what JSON cannot express (NaN, infinity, half a surrogate
 * pair).
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return canonicalString(value)
    case "number":
      return canonicalNumber(value)
    case "boolean":
      return value ? "true" : "false"
  }
  if (value === null) return "null"
  if (!hasMembers(value)) throw new AppError("invalid", `A ${typeof value} cannot be written as JSON.`)
  if (depth >= maximumDepth)
    throw new AppError("invalid", `Nested in more than ${maximumDepth} arrays and objects.`)
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1)
}

function writeArray(values: readonly unknown[], depth: number): string {
  let text = ""
  for (const value of values) {
    if (text !== "") text += ","
    text += write(value, depth)
  }
  return `[${text}]`
}

function writeObject(object: Members, depth: number): string {
  // The default sort order is that of RFC 8785: by UTF-16 code units.
  const keys = Object.keys(object).sort()
  let text = ""
  for (const key of keys) {
    const value = object[key]
    if (value === undefined) continue
    if (text !== "") text += ","
    text += `${canonicalString(key)}:${write(value, depth)}`
  }
  return `{${text}}`
}

/** Returns the RFC 8785 text of a string. Throws AppError `invalid` for half a surrogate pair. */
export function canonicalString(value: string): string {
  if (plainText.test(value)) return `"${value}"`
  if (!value.isWellFormed())
    throw new AppError("invalid", "Text with half of a surrogate pair cannot be written as JSON.")
  return JSON.stringify(value)
}

/**
 * Returns the RFC 8785 text of a number: the shortest that parses to the same double; -0 becomes 0. Throws AppError
 * `invalid` for NaN and infinity.
 */
export function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new AppError("invalid", `${value} cannot be written as JSON.`)
  return String(value === 0 ? 0 : value)
}

type Members = { readonly [key: string]: unknown }

function hasMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null
}
