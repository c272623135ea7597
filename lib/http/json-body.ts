import { faultBudget, readJsonPieces } from "@/lib/audit/json/items"
import { inTurns } from "@/lib/audit/json/pace"
import { unlimited } from "@/lib/audit/json/scan-limits"
import { decodedPieces, decodeUtf8 } from "@/lib/audit/json/utf8"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import { bodyPieces, readBody } from "./body"
import { rateOfCaller } from "./body-rate"
import type { Incoming } from "./route"

export interface JsonLimits {
  readonly maximumBytes: number
  /** Of the whole text: numbers, texts, lists and the like. */
  readonly values: number
  /** Of one object. */
  readonly members?: number
  /** The sender need not say that it is JSON, and may send nothing at all, which is this value. */
  readonly unsaid?: JsonValue
}

/**
 * Returns the JSON value in the body. Throws AppError: `unsupported-media-type` for another type, `malformed` for what is no
 * JSON, `invalid` for what JSON.parse would change in silence (a key twice, a number that cannot be kept), `too-large`.
 */
export async function readJsonBody(
  { request, caller }: Pick<Incoming, "request" | "caller">,
  { maximumBytes, values, members = 1_000, unsaid }: JsonLimits,
): Promise<JsonValue> {
  const mediaTypes = unsaid === undefined ? ["application/json"] : "application/json"
  const { pieces } = bodyPieces(request, { maximumBytes, mediaTypes }, rateOfCaller(caller))
  const first = await pieces.next()
  if (unsaid !== undefined && first.done) return unsaid
  const reading = { pace: inTurns(), limits: { ...unlimited, members, values }, budget: faultBudget() }
  const { value, faults, isTooLarge } = await readJsonPieces(decodedPieces(from(first, pieces)), reading)
  if (isTooLarge) throw new AppError("too-large", `The body may have ${values} values.`)
  if (faults.length > 0) throw invalidInput(faults)
  return value
}

/** Yields the piece that was taken to see whether there is one, and the others. */
async function* from(
  first: IteratorResult<Uint8Array>,
  others: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done) return
    yield first.value
    yield* others
  } finally {
    await others.return(undefined)
  }
}

/**
 * Returns the value in the body as JSON.parse reads it, for senders that repeat what others have sent them: a text with half
 * a character in it is taken as it is. Throws AppError `unsupported-media-type`, `malformed` or `too-large`.
 */
export async function readLooseJsonBody(
  { request, caller }: Pick<Incoming, "request" | "caller">,
  { maximumBytes }: Pick<JsonLimits, "maximumBytes">,
): Promise<unknown> {
  const limits = { maximumBytes, mediaTypes: ["application/json"] }
  const { bytes } = await readBody(request, limits, rateOfCaller(caller))
  const text = decodeUtf8(bytes)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError("malformed", "The body is not JSON.", { cause })
  }
}
