import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { arrayElements, isList } from "./elements"
import { isObject, objectOf, present } from "./foreign-json"
import { timeOf } from "./foreign-time"
import { amountOf, countOf, idOf, nameOf, operationName, textOf } from "./foreign-values"
import { type Format, type RecordIds, rawOf, tellRecords } from "./format"

const name = "clearml"

/** ClearML's API call entries: one object, a list of them, or one a line. */
export const clearml: Format = {
  name,
  recognises: value => isEntry(Array.isArray(value) ? value[0] : value),
  *read(text, { ids }) {
    const entries = isList(text) ? arrayElements(text, null) : [text.trim()]
    yield* tellRecords(entries, "entry", (entry, raw) =>
      isEntry(entry) ? { event: JSON.stringify(eventOf(entry, raw, ids)) } : { event: null, fault },
    )
  },
}

const fault = "is no call entry of ClearML, which always has call_id and endpoint"

function isEntry(value: JsonValue | undefined): boolean {
  return isObject(value) && "call_id" in value && "endpoint" in value
}

function eventOf(entry: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const callId = idOf(entry.call_id)
  const result = objectOf(entry.result)
  return present({
    id: callId ? ids.fromKey(callId, raw) : ids.fromRaw(raw),
    sourceId: callId,
    ...timeOf(entry["@timestamp"], ["seconds", "milliseconds"]),
    operation: operationName(textOf(entry.endpoint, eventLimits.operationLength) ?? "", "call"),
    actor: actorOf(objectOf(objectOf(entry.auth).identity)),
    source: sourceOf(entry.ip),
    requestId: callId,
    http: present({
      route: textOf(entry.endpoint, eventLimits.httpPathLength),
      status: countOf(result.code, 999),
      durationMs: amountOf(entry.duration),
      requestBytes: countOf(entry.request_size),
      responseBytes: countOf(entry.response_size),
    }),
    status: statusOf(result.code),
    statusCode: textOf(result.code, eventLimits.statusCodeLength),
    statusMessage: textOf(result.msg, eventLimits.statusMessageLength),
    ...rawOf(name, raw),
  })
}

function sourceOf(address: JsonValue | undefined): JsonObject | undefined {
  const ip = textOf(address, eventLimits.sourceLength)
  return ip === undefined ? undefined : { ip }
}

/** The company is the tenant by ClearML's word; here the key decides the organization, and the word stays an attribute. */
function actorOf(identity: JsonObject): JsonObject {
  const id = idOf(identity.user) ?? idOf(identity.user_name)
  if (id === undefined) return { type: "anonymous", id: "anonymous" }
  const attributes = present({
    company: nameOf(identity.company),
    company_name: nameOf(identity.company_name),
  })
  return present({
    type: "user",
    id,
    name: nameOf(identity.user_name),
    role: nameOf(identity.role),
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  })
}

function statusOf(code: JsonValue | undefined): string {
  if (typeof code !== "number") return "unknown"
  if (code === 401 || code === 403) return "denied"
  return code >= 200 && code < 400 ? "success" : "failure"
}
