import { Buffer } from "node:buffer"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { RecordedBody } from "./body"
import type { Call, Headers, Withheld } from "./call"
import { cleanText, cutText } from "./clean"
import { hideInHeaders } from "./hide-headers"
import type { CapturePolicy } from "./policy"

/** In each direction. */
export const mostHeaderBytes = 4096
/** What HTTP allows as a name; nothing else arrives. */
const token = /^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/
const longestValue = 512

/** Headers that say who calls. */
const identity =
  /^(?:x-(?:clearml|trains)-(?:impersonate-as|act-as)|impersonate-(?:user|uid|group|extra-.*)|x-(?:remote|forwarded|auth-request|webauth)-(?:user|email|groups?|preferred-username)|x-remote-extra-.*|from)$/

/** Returns the headers that the policy names, of the request and of the answer. An identity that is redacted is not among them. */
export function recordHeaders(call: Call, policy: CapturePolicy, isRedacted: boolean): RecordedBody {
  const request = pick(call.headers, policy, isRedacted)
  const response = pick(call.responseHeaders, policy, isRedacted)
  const withheld = [...at("/request", request.withheld), ...at("/response", response.withheld)]
  const value: JsonObject = {
    ...(request.count > 0 ? { request: request.value } : {}),
    ...(response.count > 0 ? { response: response.value } : {}),
  }
  return { value: Object.keys(value).length > 0 ? value : undefined, withheld }
}

interface Picked {
  readonly value: JsonObject
  readonly count: number
  readonly withheld: readonly Withheld[]
}

function pick(headers: Headers, { headerNames, secretNames }: CapturePolicy, isRedacted: boolean): Picked {
  const isEvery = headerNames.includes("*")
  const names = new Set(headerNames)
  const values = new Map<string, JsonValue>()
  const withheld = new Map<string, string>()
  let bytes = 0
  for (const [written, value] of hideInHeaders(headers, secretNames)) {
    const name = written.toLowerCase()
    if (!(isEvery || names.has(name)) || !token.test(name)) continue
    const text = cutText(cleanText(value), longestValue)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text) + 6
    if (isRedacted && identity.test(name)) withheld.set(name, "identity")
    else if (bytes > mostHeaderBytes) withheld.set("", "limit")
    else values.set(name, together(values.get(name), text))
    if (text.includes("[secret")) withheld.set(name, "secret")
  }
  return {
    value: Object.fromEntries(values),
    count: values.size,
    withheld: [...withheld].map(([name, why]) => ({ part: name === "" ? "" : `/${name}`, why })),
  }
}

/** A header that is repeated has a list of values. */
function together(before: JsonValue | undefined, text: string): JsonValue {
  if (before === undefined) return text
  return Array.isArray(before) ? [...before, text] : [before, text]
}

function at(pointer: string, withheld: readonly Withheld[]): readonly Withheld[] {
  return withheld.map(({ part, why }) => ({ part: `${pointer}${part}`, why }))
}
