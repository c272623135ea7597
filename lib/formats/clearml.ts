import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { cutInstant } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { arrayElements } from "@/lib/formats/elements"
import { isObject, objectOf, parseForeignJson, present, textOf } from "@/lib/formats/foreign-json"
import { type Format, type RecordIds, rawOf } from "@/lib/formats/format"
import { operationName } from "@/lib/formats/operation-name"

const name = "clearml"

/** ClearML's API call entries: one object, a list of them, or one a line. */
export const clearml: Format = {
  name,
  recognises: value => {
    const first = Array.isArray(value) ? value[0] : value
    return isObject(first) && "call_id" in first && "endpoint" in first
  },
  *read(text, { ids }) {
    const entries = text.trimStart().startsWith("[") ? arrayElements(text, null) : [text.trim()]
    let number = 0
    for (const raw of entries) {
      number++
      const position = `entry ${number}`
      const entry = parseForeignJson(raw)
      if (!isObject(entry)) throw new AppError("invalid", `The ${position} is not an object.`)
      yield { position, event: JSON.stringify(eventOf(entry, raw, ids)) }
    }
  },
}

function eventOf(entry: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const callId = textOf(entry.call_id, 512)
  const result = objectOf(entry.result)
  return present({
    id: callId ? ids.fromKey(callId) : ids.fromRaw(raw),
    sourceId: callId,
    occurredAt: occurredAtOf(entry["@timestamp"]),
    operation: operationName(textOf(entry.endpoint, 120) ?? "call.unknown"),
    actor: actorOf(objectOf(objectOf(entry.auth).identity)),
    source: entry.ip === undefined ? undefined : present({ ip: textOf(entry.ip, 512) }),
    requestId: callId,
    http: present({
      route: textOf(entry.endpoint, 512),
      status: wholeNumber(result.code),
      durationMs: wholeNumber(entry.duration),
      requestBytes: wholeNumber(entry.request_size),
      responseBytes: wholeNumber(entry.response_size),
    }),
    status: statusOf(result.code),
    statusCode: textOf(result.code, 64),
    statusMessage: textOf(result.msg, 2000),
    ...rawOf(name, raw),
  })
}

function occurredAtOf(value: JsonValue | undefined): string | undefined {
  const text = textOf(value, 100)
  if (text === undefined) return undefined
  const parsed = cutInstant(text)
  // A time without a zone stays as it was sent, so that the server can say that it took it as UTC.
  return parsed.ok && !parsed.assumedZone ? parsed.instant : text
}

/** The company is the tenant by ClearML's word; here the key decides the organization, and the word stays an attribute. */
function actorOf(identity: JsonObject): JsonObject {
  const user = textOf(identity.user_name, 256) ?? textOf(identity.user, 256)
  if (user === undefined) return { type: "anonymous", id: "anonymous" }
  const company = textOf(identity.company_name, 256) ?? textOf(identity.company, 256)
  return present({
    type: "user",
    id: textOf(identity.user, 512) ?? user,
    name: user,
    role: textOf(identity.role, 256),
    attributes: company === undefined ? undefined : { company_name: company },
  })
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && value >= 0 ? Math.round(value) : undefined
}

function statusOf(code: JsonValue | undefined): string {
  if (typeof code !== "number") return "unknown"
  if (code === 401 || code === 403) return "denied"
  return code >= 200 && code < 400 ? "success" : "failure"
}
