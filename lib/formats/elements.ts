import { AppError } from "@/lib/errors"

const separators = /[\s,:]/

/**
 * Returns the exact text of each element of the array that stands at `key` of the outermost object (or of the outermost array
 * when `key` is null), in order. The text must be JSON; an array that is not there throws AppError("invalid").
 */
export function* arrayElements(text: string, key: string | null): Iterable<string> {
  let at = arrayStart(text, key)
  while (at < text.length) {
    while (at < text.length && separators.test(text.charAt(at))) at++
    if (at >= text.length || text.charAt(at) === "]") return
    const end = valueEnd(text, at)
    yield text.slice(at, end)
    at = end
  }
}

/** Where the first element may begin. */
function arrayStart(text: string, key: string | null): number {
  const at = key === null ? text.search(/[^\s\ufeff]/) : memberStart(text, key, "[")
  if (at !== -1 && text.charAt(at) === "[") return at + 1
  throw new AppError(
    "invalid",
    key === null ? "The file holds no list." : `The file holds no list named ${key}.`,
  )
}

/** Returns the exact text of a member of the outermost object; throws AppError("invalid") when it is not there. */
export function memberText(text: string, key: string): string {
  const at = memberStart(text, key, null)
  if (at === -1) throw new AppError("invalid", `The record holds nothing named ${key}.`)
  return text.slice(at, valueEnd(text, at))
}

/** Where the value of a member begins that itself begins with that character, or -1; the last of duplicate keys counts, as in JSON. */
function memberStart(text: string, key: string, first: string | null): number {
  let at = text.search(/[^\s\ufeff]/)
  let found = -1
  if (text.charAt(at) === "{") at++
  while (at < text.length) {
    while (separators.test(text.charAt(at))) at++
    if (text.charAt(at) !== '"') break
    const nameEnd = valueEnd(text, at)
    const name: unknown = JSON.parse(text.slice(at, nameEnd))
    at = nameEnd
    while (separators.test(text.charAt(at))) at++
    if (name === key && (first === null || text.charAt(at) === first)) {
      // A list is read while the rest of the text may still be broken.
      if (first !== null) return at
      found = at
    }
    at = valueEnd(text, at)
  }
  return found
}

/** The place behind the value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  const first = text.charAt(at)
  if (first === '"') return stringEnd(text, at)
  if (first !== "{" && first !== "[") {
    let end = at
    while (end < text.length && !/[\s,\]}]/.test(text.charAt(end))) end++
    return end
  }
  let depth = 0
  for (let end = at; end < text.length; end++) {
    const character = text.charAt(end)
    if (character === '"') end = stringEnd(text, end) - 1
    else if (character === "{" || character === "[") depth++
    else if (character === "}" || character === "]") {
      depth--
      if (depth === 0) return end + 1
    }
  }
  throw new AppError("malformed", "The file ends in the middle of a record.")
}

function stringEnd(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    const character = text.charAt(end)
    if (character === "\\") end++
    else if (character === '"') return end + 1
  }
  throw new AppError("malformed", "The file ends in the middle of a text.")
}

/** Tells whether the text is a list. */
export function isList(text: string): boolean {
  return /^\ufeff?\s*\[/.test(text)
}
