import { Buffer } from "node:buffer"
import { type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import { type RecordedBody, recordBody } from "./body"
import type { CapturedBody, Withheld } from "./call"
import type { CapturedCall } from "./captured-call"
import { cleanText, cutText, presentJson } from "./clean"
import { hideInQuery, hideInText } from "./hide-text"
import { levelOf } from "./level"
import type { BodyFlag, CapturePolicy } from "./policy"
import { recordHeaders } from "./record-headers"

/** Of the 32 KiB of metadata: room for what hiding may add, and for members of later versions. */
const mostBytes = 30_000
const mostQueryBytes = 2048
const mostWithheld = 24

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
  return fitting(facts, contentOf(captured, isRedacted))
}

/** Parts of a call that can be large, in the order in which they are left out when they are too much together. */
const parts = ["headers", "query", "response", "request"] as const
type Part = (typeof parts)[number]
type Content = { readonly [Name in Part]: RecordedBody }

function contentOf({ call, policy, decision }: CapturedCall, isRedacted: boolean): Content {
  const { categories, limits, secretNames } = policy
  const asked = categories.data && decision.data
  const answered = categories.data && categories.result && decision.resultData
  return {
    query: recordQuery(call.query, asked, secretNames),
    request: recordOne(call.requestBody, call.requestBytes, asked, limits.requestBytes, policy),
    response: recordOne(call.responseBody, call.responseBytes, answered, limits.responseBytes, policy),
    headers: categories.headers
      ? recordHeaders(call, policy, isRedacted)
      : { value: undefined, withheld: [] },
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
  if (!(bytes > 0)) return { value: undefined, withheld: [] }
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
  if (query === null || query === "") return { value: undefined, withheld: [] }
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
function fitting(facts: JsonObject, content: Content): JsonObject {
  const kept = new Set<Part>(parts)
  for (const part of [null, ...parts]) {
    const dropped = part !== null && content[part].value !== undefined
    if (part !== null && !dropped) continue
    if (part !== null) kept.delete(part)
    const whole = put(facts, content, kept)
    if (part === null && parts.every(name => content[name].value === undefined)) return whole
    if (Buffer.byteLength(JSON.stringify(whole)) <= mostBytes) return whole
  }
  return put(facts, content, new Set())
}

function put(facts: JsonObject, content: Content, kept: ReadonlySet<Part>): JsonObject {
  const values = Object.fromEntries(
    parts.flatMap((name): [string, JsonValue][] => {
      const { value } = content[name]
      return value === undefined || !kept.has(name) ? [] : [[name, value]]
    }),
  )
  const withheld = parts
    .toReversed()
    .flatMap(name =>
      kept.has(name) || content[name].value === undefined
        ? within(name, content[name].withheld)
        : [{ part: name, why: "limit" }],
    )
  return { ...facts, ...values, ...(withheld.length > 0 ? { withheld: few(withheld) } : {}) }
}

function within(name: Part, withheld: readonly Withheld[]): readonly JsonObject[] {
  return withheld.map(({ part, why, bytes }) =>
    presentJson({
      part: shortened(`${name}${part}`),
      why: shortened(why),
      bytes: Number.isSafeInteger(bytes) ? bytes : undefined,
    }),
  )
}

function shortened(text: string): string {
  return cutText(hideInText(cleanText(text)), 256)
}

function few(withheld: readonly JsonObject[]): readonly JsonObject[] {
  if (withheld.length <= mostWithheld) return withheld
  return [...withheld.slice(0, mostWithheld), { part: "call", why: `${withheld.length - mostWithheld} more` }]
}
