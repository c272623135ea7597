import { Buffer } from "node:buffer"
import type { JsonValue } from "@/lib/audit/json/value"
import { readBodyValue } from "./body-value"
import type { CapturedBody, Withheld } from "./call"
import { cleanJson, cutDepth, cutParts, mostDepth } from "./cut"
import { pickFields } from "./fields"
import { hideInJson } from "./hide-json"
import type { BodyFlag } from "./policy"
import { currentFloor } from "./secrets"
import { unfold } from "./unfold"

/** What is recorded of a body. */
export interface RecordedBody {
  /** Undefined: nothing. */
  readonly value: JsonValue | undefined
  /** What was left out and why; `part` is a JSON pointer within the body, "" is the whole of it. */
  readonly withheld: readonly Withheld[]
}

/** No policy records more of one body: both must fit into the metadata of an event. */
export const mostBodyBytes = 12_288
/** So many times the limit are read of a compressed body. */
const unfoldedTimes = 4
const mostWithheld = 10

/**
 * Returns what the policy, the limit and the floor leave of a body, as JSON that every event may hold, whatever was sent. Secrets are
 * hidden before anything is cut, and the limit counts bytes of canonical JSON.
 */
export function recordBody(
  body: CapturedBody | null,
  flag: BodyFlag,
  limitBytes: number,
  secretNames: readonly string[],
): RecordedBody {
  if (body === null || flag === false || body.totalBytes === 0) return { value: undefined, withheld: [] }
  const limit = Math.min(limitBytes, mostBodyBytes)
  const isWhole = body.isEnded && body.bytes.length === body.totalBytes
  const unfolded = unfold(body.bytes, body.contentEncoding, isWhole, limit * unfoldedTimes)
  if (!unfolded.ok) return nothing(unfolded.why, body)
  const read = readBodyValue(body.mediaType, unfolded.bytes, { isWhole, totalBytes: body.totalBytes })
  if (!read.ok) return nothing(read.why, body)
  const cleaned = cleanJson(cutDepth(read.value, mostDepth))
  const picked = flag === true ? cleaned.value : pickFields(cleaned.value, flag)
  if (picked === undefined) return { value: undefined, withheld: [] }
  return limited(picked, { limit, secretNames, notes: [...read.notes, ...cleaned.notes], body })
}

interface Limiting {
  readonly limit: number
  readonly secretNames: readonly string[]
  readonly notes: readonly string[]
  readonly body: CapturedBody
}

function limited(value: JsonValue, { limit, secretNames, notes, body }: Limiting): RecordedBody {
  const json = JSON.stringify(value)
  const { value: shown, hidden } = hideInJson(value, secretNames, currentFloor, json)
  const secrets = hidden.map(({ pointer, kind }) => ({ part: pointer, why: `secret (${kind})` }))
  const noted = notes.map(why => ({ part: "", why }))
  const bytes = shown === value ? Buffer.byteLength(json) : bytesOf(shown)
  if (bytes <= limit) return { value: shown, withheld: few([...secrets, ...noted]) }
  for (const cut of cutParts) {
    // What was cut may look like a secret that it was not; hiding twice changes nothing else.
    const shorter = hideInJson(cut(shown), secretNames).value
    if (bytesOf(shorter) > limit) continue
    return {
      value: shorter,
      withheld: few([{ part: "", why: "limit", bytes: body.totalBytes }, ...secrets, ...noted]),
    }
  }
  return nothing("limit", body)
}

function nothing(why: string, { totalBytes }: CapturedBody): RecordedBody {
  return { value: undefined, withheld: [{ part: "", why, bytes: totalBytes }] }
}

function few(withheld: readonly Withheld[]): readonly Withheld[] {
  if (withheld.length <= mostWithheld) return withheld
  const left = withheld.length - mostWithheld
  return [...withheld.slice(0, mostWithheld), { part: "", why: `${left} more` }]
}

/** Returns the bytes of canonical JSON, which sorts the names of this text and changes nothing else of what has been cleaned. */
function bytesOf(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value))
}
