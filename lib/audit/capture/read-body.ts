import type { JsonValue } from "@/lib/audit/json/value"
import type { CapturedBody } from "./call"
import { partialJson } from "./partial-json"

/** Returns the JSON of a body, as far as it was kept; undefined for a body that is none. */
export function readBody(body: CapturedBody | null): JsonValue | undefined {
  if (body === null || body.bytes.length === 0 || !isJson(body)) return undefined
  if (body.contentEncoding !== null && body.contentEncoding !== "identity") return undefined
  const text = new TextDecoder().decode(body.bytes)
  try {
    return JSON.parse(text)
  } catch {
    return partialJson(text)
  }
}

function isJson({ mediaType }: CapturedBody): boolean {
  return mediaType === null || /^(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(mediaType.trim())
}
