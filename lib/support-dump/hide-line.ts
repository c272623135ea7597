import { hideInJson } from "@/lib/audit/capture/hide-json"
import { hideInText } from "@/lib/audit/capture/hide-text"
import { isObject, type JsonValue } from "@/lib/audit/json/value"

/**
 * Returns a line of the server log without secrets. It was written without those that were known then; the tables of this
 * version may know more.
 */
export function hideInLine(line: string): string {
  const value = parsed(line)
  return isObject(value) ? JSON.stringify(hideInJson(value).value) : hideInText(line)
}

function parsed(line: string): JsonValue | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
