import { Buffer } from "node:buffer"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { type RecordedBody, recordBody } from "./body"
import type { Call, CapturedBody, Withheld } from "./call"
import type { CapturedCall } from "./captured-call"
import { cleanText, cutText } from "./clean"
import { hideInQuery, hideInText } from "./hide-text"
import { levelOf } from "./level"
import type { BodyFlag, CapturePolicy } from "./policy"
import { mostHeaderBytes, recordHeaders } from "./record-headers"

/** Of the 32 KiB of metadata: room for what hiding may add, and for members of later versions. */
const mostBytes = 30_000
const mostQueryBytes = 2048
const mostWithheld = 16

/**
 * Returns what `metadata.call` of an event holds, for the call with its caller: what the call was in its own system, what decided about it, as much of its
 * content as may be recorded, and what was left out for which reason.
 */
export function factsOf(captured: CapturedCall, call: Call, isRedacted: boolean): JsonObject {
  const { policy, policyVersion, decision, profile } = captured
  const { endpoint, version, profile: known = profile.name } = profile.endpointOf(call)
  const facts: Record<string, JsonValue> = {
    endpoint: shortened(endpoint),
    level: levelOf(decision),
    rule: decision.rule,
    policyVersion,
    profile: known,
  }
  if (version !== undefined && policy.categories.version) facts.version = version
  if (policy.licenseKey) facts.licenseKey = shortened(policy.licenseKey)
  if (call.state !== null) facts.state = call.state
  return fitting(facts, contentOf(captured, call, isRedacted), policy)
}

/** Parts of a call that can be large, in the order in which they are left out when they are too much together. */
const parts = ["headers", "query", "response", "request"] as const
const shownParts = ["request", "response", "query", "headers"] as const
type Part = (typeof parts)[number]
type Content = { readonly [Name in Part]: RecordedBody }

const nothing: RecordedBody = { value: undefined, withheld: [] }

function contentOf({ policy, decision }: CapturedCall, call: Call, isRedacted: boolean): Content {
  const { categories, limits, secretNames } = policy
  // The flags of a decision are those that its categories leave.
  const { data, resultData } = decision
  return {
    query: recordQuery(call.query, data, secretNames),
    request: recordOne(call.requestBody, call.requestBytes, data, limits.requestBytes, policy),
    response: recordOne(call.responseBody, call.responseBytes, resultData, limits.responseBytes, policy),
    headers: categories.headers ? recordHeaders(call, policy, isRedacted) : nothing,
  }
}

function recordOne(
  body: CapturedBody | null,
  transferredBytes: number,
  flag: BodyFlag,
  limit: number,
  { secretNames, categories }: CapturePolicy,
): RecordedBody {
  const bytes = body?.totalBytes ?? transferredBytes
  if (!(bytes > 0)) return nothing
  const recorded = body === null || flag === false ? null : recordBody(body, flag, limit, secretNames)
  if (recorded !== null)
    return categories.stats ? recorded : { ...recorded, withheld: recorded.withheld.map(withoutSize) }
  const why = flag === false ? "policy" : "not kept"
  const note: Withheld = categories.stats ? { part: "", why, bytes } : { part: "", why }
  return { value: undefined, withheld: [note] }
}

function withoutSize({ part, why }: Withheld): Withheld {
  return { part, why }
}

/** Values of the query are data of the request: a form by another way. */
function recordQuery(query: string | null, flag: BodyFlag, secretNames: readonly string[]): RecordedBody {
  if (query === null || query === "") return nothing
  if (flag === false) return { value: undefined, withheld: [{ part: "", why: "policy" }] }
  const shown = hideInQuery(query, secretNames)
  const bytes = Buffer.from(shown)
  const form = {
    mediaType: "application/x-www-form-urlencoded",
    contentEncoding: null,
    bytes,
    totalBytes: bytes.length,
    isEnded: true,
  }
  const { value, withheld } = recordBody(form, flag, mostQueryBytes, secretNames)
  return { value, withheld: shown === query ? withheld : [{ part: "", why: "secret" }, ...withheld] }
}

/** Returns the facts with the content, without the parts that would be too much. */
function fitting(facts: Record<string, JsonValue>, content: Content, policy: CapturePolicy): JsonObject {
  if (mostBytesOf(content, policy) <= mostBytes) return put(facts, content, nothingLeft)
  const left = new Set<Part>()
  for (const part of parts) {
    const whole = put({ ...facts }, content, left)
    if (Buffer.byteLength(JSON.stringify(whole)) <= mostBytes) return whole
    left.add(part)
  }
  return put({ ...facts }, content, left)
}

const nothingLeft: ReadonlySet<Part> = new Set()
const mostFactBytes = 2_000
const mostNoteBytes = 600

/** Bytes that the content can have at most by its limits: mostly few enough that nothing needs to be measured. */
function mostBytesOf({ query, request, response, headers }: Content, { limits }: CapturePolicy): number {
  const notes =
    query.withheld.length + request.withheld.length + response.withheld.length + headers.withheld.length
  return (
    mostFactBytes +
    mostNoteBytes * Math.min(notes, mostWithheld) +
    (query.value === undefined ? 0 : mostQueryBytes) +
    (request.value === undefined ? 0 : limits.requestBytes) +
    (response.value === undefined ? 0 : limits.responseBytes) +
    (headers.value === undefined ? 0 : 2 * mostHeaderBytes)
  )
}

/** Adds the content to the facts, and returns them. */
function put(whole: Record<string, JsonValue>, content: Content, left: ReadonlySet<Part>): JsonObject {
  const withheld: JsonObject[] = []
  for (const name of shownParts) {
    const { value, withheld: notes } = content[name]
    if (value !== undefined && left.has(name)) {
      withheld.push({ part: name, why: "limit" })
      continue
    }
    if (value !== undefined) whole[name] = value
    for (const { part: pointer, why: reason, bytes } of notes) {
      const part = pointer === "" ? name : shortened(`${name}${pointer}`, 160)
      const why = shortened(reason, 64)
      withheld.push(bytes !== undefined && Number.isSafeInteger(bytes) ? { part, why, bytes } : { part, why })
    }
  }
  if (withheld.length > 0) whole.withheld = few(withheld)
  return whole
}

/** No secret, and nothing to replace. */
const plain = /^[\w/.{}-]{0,40}$/

function shortened(text: string, maximum = 256): string {
  if (plain.test(text)) return text
  return cutText(hideInText(cleanText(text)), maximum)
}

function few(withheld: readonly JsonObject[]): readonly JsonObject[] {
  if (withheld.length <= mostWithheld) return withheld
  return [...withheld.slice(0, mostWithheld), { part: "call", why: `${withheld.length - mostWithheld} more` }]
}
