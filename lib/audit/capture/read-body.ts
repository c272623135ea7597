import type { JsonValue } from "@/lib/audit/json/value"
import type { CapturedBody } from "./call"
import { partialJson } from "./partial-json"
import { unfold } from "./unfold"

/** Facts of an answer stand at its beginning. */
const mostBytes = 65_536

const decoder = new TextDecoder()

/** Caller, outcome and objects are read one after another, from one body. */
const read = new WeakMap<CapturedBody, { readonly value: JsonValue | undefined }>()

/** Returns the JSON of a body, as far as it was kept; undefined for a body that is none. Nothing of it is recorded as it is. */
export function readBody(body: CapturedBody | null): JsonValue | undefined {
  if (body === null || body.bytes.length === 0 || !isJson(body)) return undefined
  const known = read.get(body)
  if (known !== undefined) return known.value
  const value = parse(body)
  read.set(body, { value })
  return value
}

function parse(body: CapturedBody): JsonValue | undefined {
  const isWhole = body.isEnded && body.bytes.length === body.totalBytes
  const unfolded = unfold(body.bytes, body.contentEncoding, isWhole, mostBytes)
  if (!unfolded.ok) return undefined
  const text = decoder.decode(unfolded.bytes)
  try {
    return JSON.parse(text)
  } catch {
    return partialJson(text)
  }
}

function isJson({ mediaType }: CapturedBody): boolean {
  return mediaType === null || /^(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(mediaType.trim())
}
