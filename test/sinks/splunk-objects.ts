import { isObject, type JsonObject } from "@/lib/audit/json/value"

/**
 * Returns the JSON objects that stand one after another in a body, with or without white space between them. The first one that is
 * none is null, and nothing after it is read.
 */
export function objectsIn(text: string): readonly (JsonObject | null)[] {
  const objects: (JsonObject | null)[] = []
  let begin = 0
  while (begin < text.length) {
    const space = /^\s+/.exec(text.slice(begin, begin + 64))
    if (space !== null) {
      begin += space[0].length
      continue
    }
    const end = endOfObject(text, begin)
    const object = end === null ? null : objectOf(text.slice(begin, end))
    objects.push(object)
    if (object === null || end === null) return objects
    begin = end
  }
  return objects
}

function endOfObject(text: string, begin: number): number | null {
  if (text[begin] !== "{") return null
  let depth = 0
  const token = /"(?:[^"\\]|\\.)*"|[{}]/gs
  token.lastIndex = begin
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === "{") depth += 1
    if (match[0] === "}") depth -= 1
    if (depth === 0) return token.lastIndex
  }
  return null
}

/** Times with an exponent are refused, as Splunk does. */
function objectOf(text: string): JsonObject | null {
  if (/^\{"time":[^,}]*e/i.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
