import { Buffer } from "node:buffer"
import { type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import { type RecordedBody, recordBody } from "./body"
import type { CapturedBody, Withheld } from "./call"
import type { CapturedCall } from "./captured-call"
import { cleanText, cutText, presentJson } from "./clean"
import { hideInQuery, hideInText } from "./hide-text"
import { levelOf } from "./level"
import type { BodyFlag, CapturePolicy } from "./policy"
import { mostHeaderBytes, recordHeaders } from "./record-headers"

/** Of the 32 KiB of metadata: room for what hiding may add, and for members of later versions. */
const mostBytes = 30_000
const mostQueryBytes = 2048
const mostWithheld = 16

/**
 * Returns what `metadata.call` of an event holds: what the call was in its own system, what decided about it, as much of its
 * content as may be recorded, and what was left out for which reason.
 */
export function factsOf(captured: CapturedCall, isRedacted: boolean): JsonObject {
  const { call, policy, policyVersion, decision, profile } = captured
  const { endpoint, version, profile: known = profile.name } = profile.endpointOf(call)
  const facts = presentJson({
    endpoint: shortened(endpoint),
    version: policy.categories.version ? version : undefined,
    level: levelOf(decision),
    rule: decision.rule,
    policyVersion,
    profile: known,
    licenseKey: policy.licenseKey ? shortened(policy.licenseKey) : undefined,
    state: call.state ?? undefined,
  })
  return fitting(facts, contentOf(captured, isRedacted), policy)
}

/** Parts of a call that can be large, in the order in which they are left out when they are too much together. */
const parts = ["headers", "query", "response", "request"] as const
const shownParts = ["request", "response", "query", "headers"] as const
type Part = (typeof parts)[number]
type Content = { readonly [Name in Part]: RecordedBody }

const nothing: RecordedBody = { value: undefined, withheld: [] }

function contentOf({ call, policy, decision }: CapturedCall, isRedacted: boolean): Content {
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
  return {
    value: undefined,
    withheld: [
      present({
        part: "",
        why: flag === false ? "policy" : "not kept",
        bytes: categories.stats ? bytes : undefined,
      }),
    ],
  }
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
function fitting(facts: JsonObject, content: Content, policy: CapturePolicy): JsonObject {
  if (parts.every(name => content[name] === nothing)) return facts
  const left = new Set<Part>()
  if (mostBytesOf(content, policy) <= mostBytes) return put(facts, content, left)
  for (const part of parts) {
    const whole = put(facts, content, left)
    if (Buffer.byteLength(JSON.stringify(whole)) <= mostBytes) return whole
    left.add(part)
  }
  return put(facts, content, left)
}

const mostFactBytes = 2_000
const mostNoteBytes = 600

/** Bytes that the content can have at most by its limits: mostly few enough that nothing needs to be measured. */
function mostBytesOf({ query, request, response, headers }: Content, { limits }: CapturePolicy): number {
  const notes = [query, request, response, headers].reduce((sum, { withheld }) => sum + withheld.length, 0)
  return (
    mostFactBytes +
    mostNoteBytes * Math.min(notes, mostWithheld) +
    (query.value === undefined ? 0 : mostQueryBytes) +
    (request.value === undefined ? 0 : limits.requestBytes) +
    (response.value === undefined ? 0 : limits.responseBytes) +
    (headers.value === undefined ? 0 : 2 * mostHeaderBytes)
  )
}

function put(facts: JsonObject, content: Content, left: ReadonlySet<Part>): JsonObject {
  const whole: Record<string, JsonValue> = { ...facts }
  const withheld: JsonObject[] = []
  for (const name of shownParts) {
    const { value, withheld: notes } = content[name]
    if (value !== undefined && left.has(name)) {
      withheld.push({ part: name, why: "limit" })
      continue
    }
    if (value !== undefined) whole[name] = value
    for (const { part, why, bytes } of notes) {
      const note = { part: shortened(`${name}${part}`, 160), why: shortened(why, 64) }
      withheld.push(Number.isSafeInteger(bytes) ? { ...note, bytes: bytes ?? 0 } : note)
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
