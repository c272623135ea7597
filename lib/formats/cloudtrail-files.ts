import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { inOwnSpelling } from "./cloudtrail-spelling"
import { arrayElements, memberText } from "./elements"
import { isObject, parseForeignJson } from "./foreign-json"

/** Lists that hold records: of a delivered file, of lookup-events, of a CloudWatch subscription, of its filter-log-events. */
const lists = ["Records", "Events", "logEvents", "events"] as const
/** Members that hold one record: of an EventBridge event an object, of lookup-events and CloudWatch a text. */
const wrappings = ["detail", "CloudTrailEvent", "message"] as const
const deepest = 4

/**
 * Returns the text of each record of a file or a line, whatever it came in, in order. What is no container is given as it is:
 * whether it is a record is seen where it is read.
 */
export function* recordTexts(text: string, depth = 0): Iterable<string> {
  const value = parseForeignJson(text)
  if (depth > deepest) yield text.trim()
  else if (Array.isArray(value)) yield* inside(arrayElements(text, null), depth)
  else if (!isObject(value) || isRecord(value)) yield text.trim()
  else if (value.messageType === "CONTROL_MESSAGE") return
  else {
    const list = lists.find(name => Array.isArray(value[name]))
    const wrapping = wrappings.find(name => isWrapping(value[name]))
    if (list !== undefined) yield* inside(arrayElements(text, list), depth)
    else if (wrapping === undefined) yield text.trim()
    else yield* recordTexts(unwrapped(text, wrapping), depth + 1)
  }
}

function* inside(elements: Iterable<string>, depth: number): Iterable<string> {
  for (const element of elements) yield* recordTexts(element, depth + 1)
}

function isWrapping(value: JsonValue | undefined): boolean {
  if (typeof value !== "string") return isObject(value)
  try {
    return isObject(parseForeignJson(value))
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

function unwrapped(text: string, name: string): string {
  const inner = memberText(text, name)
  return inner.startsWith('"') ? JSON.parse(inner) : inner
}

/** Tells whether a parsed file, or the first line of one, is of CloudTrail: a record, a list or wrapping of some, or a digest. */
export function isCloudTrailFile(value: JsonValue, depth = 0): boolean {
  if (depth > deepest) return false
  if (Array.isArray(value))
    return value.length > 0 && value.slice(0, 10).some(each => isCloudTrailFile(each, depth + 1))
  if (typeof value === "string")
    return isWrapping(value) && isCloudTrailFile(parseForeignJson(value), depth + 1)
  if (!isObject(value)) return false
  if (isRecord(value) || isDigest(value) || (Array.isArray(value.Records) && depth === 0)) return true
  if (value.messageType === "CONTROL_MESSAGE") return Array.isArray(value.logEvents)
  return [...lists, ...wrappings].some(name => {
    const inner = value[name]
    return inner !== undefined && typeof inner !== "number" && isCloudTrailFile(inner, depth + 1)
  })
}

function isRecord(value: JsonObject): boolean {
  const record = inOwnSpelling(value)
  return "eventName" in record ? "eventSource" in record : isObject(record.insightDetails)
}

function isDigest(value: JsonObject): boolean {
  return "digestStartTime" in value && Array.isArray(value.logFiles)
}
