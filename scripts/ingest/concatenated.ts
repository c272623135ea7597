import { containerEnd } from "@/lib/audit/json/skip"

/** Objects that follow each other in one text without a list around them, as delivery streams write them. */
export interface Concatenated {
  readonly objects: readonly string[]
  /** What stands behind the last whole object; empty when that is the end. */
  readonly rest: string
}

const open = "{".charCodeAt(0)
const space = /\s*/y

/**
 * Returns the objects of a text that holds more than one, or one and the torn beginning of another; null when it is none such.
 * The objects are told apart by their braces: whether each is JSON is for its reader to say.
 */
export function concatenatedObjects(text: string): Concatenated | null {
  const objects: string[] = []
  let at = skipSpace(text, 0)
  while (text.charCodeAt(at) === open) {
    const end = containerEnd(text, at)
    if (end === -1) break
    objects.push(text.slice(at, end))
    at = skipSpace(text, end)
  }
  const rest = text.slice(at)
  if (objects.length === 0 || (rest !== "" && !rest.startsWith("{"))) return null
  return objects.length + (rest === "" ? 0 : 1) > 1 ? { objects, rest } : null
}

function skipSpace(text: string, from: number): number {
  space.lastIndex = from
  space.exec(text)
  return space.lastIndex
}
