import { stringEnd } from "@/lib/audit/json/skip"
import { recordLists } from "@/lib/formats/formats"

/**
 * Returns the beginning of a JSON text that breaks off, closed behind the last whole element of its list of records: the outermost
 * list, or one in the outermost object that is known to hold records. Null when there is none, or nothing whole in it. A single
 * record that breaks off is never closed: it would be another record.
 */
export function wholePart(text: string): string | null {
  const isList = /^\ufeff?\s*\[/.test(text)
  let depth = 0
  let lastString = ""
  let isInside = false
  let wholeTo = -1
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') {
      const end = stringEnd(text, at)
      if (end === -1) break
      lastString = text.slice(at + 1, end - 1)
      at = end - 1
    } else if (character === "{" || character === "[") {
      depth++
      if (!isInside)
        isInside = character === "[" && (isList ? depth === 1 : depth === 2 && recordLists.has(lastString))
    } else if (character === "}" || character === "]") {
      depth--
      if (isInside && depth === (isList ? 1 : 2)) wholeTo = at + 1
      else if (isInside && depth < (isList ? 1 : 2)) break
    }
  }
  if (wholeTo === -1) return null
  return `${text.slice(0, wholeTo)}]${isList ? "" : "}"}`
}
