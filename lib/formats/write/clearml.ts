import type { AuditEvent } from "@/lib/audit/event/event"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { reasonPhrase } from "./reason-phrases"
import type { EventWriter, WrittenFor } from "./writer"

type CallFacts = Readonly<Record<string, JsonValue | undefined>>

/** What stands in an identity that the policy or the sink leaves out. */
export const redactedIdentity = "redacted"

/**
 * An entry of ClearML's API log: the members of the documented entry, in its order. What a policy asks for beyond that entry
 * follows it: the version of the API, headers, the query, the request, and the response within `result`.
 */
export const clearml: EventWriter = {
  name: "clearml",
  label: "ClearML",
  summary: "Entries of ClearML's API log, for pipelines that read those.",
  write: clearmlEntry,
}

function clearmlEntry(event: AuditEvent, { organization }: Pick<WrittenFor, "organization">): JsonObject {
  const call: CallFacts = isObject(event.metadata.call) ? event.metadata.call : {}
  const { version, headers, query, request } = call
  return {
    // Milliseconds, as documented; an instant has microseconds.
    "@timestamp": `${event.occurredAt.slice(0, 23)}Z`,
    call_id: callId(event),
    ip: event.source?.ip ?? event.source?.ipText ?? null,
    endpoint: typeof call.endpoint === "string" ? call.endpoint : event.operation,
    ...statsOf(event),
    auth: { identity: identityOf(event, organization.name) },
    result: resultOf(event, call),
    ...(version !== undefined && { version }),
    ...(headers !== undefined && { headers }),
    ...(query !== undefined && { query }),
    ...(request !== undefined && { data: request }),
  }
}

const hex32 = /^[0-9a-f]{32}$/i

/** ClearML's ids are 32 hexadecimal digits: that of the call when it has one, or else that of the event. */
function callId({ requestId, id }: AuditEvent): string {
  return requestId !== undefined && hex32.test(requestId) ? requestId : id.replaceAll("-", "")
}

/** All three or none: a policy leaves out the whole category. */
function statsOf({ http }: AuditEvent): JsonObject {
  const { durationMs, requestBytes, responseBytes } = http ?? {}
  if (durationMs === undefined && requestBytes === undefined && responseBytes === undefined) return {}
  return {
    duration: durationMs === undefined ? null : Math.round(durationMs),
    request_size: requestBytes ?? null,
    response_size: responseBytes ?? null,
  }
}

/** The documentation counts user, role and tenant as identity, so all three go. */
function identityOf({ actor }: AuditEvent, organization: string): JsonObject {
  if (actor.id === redactedIdentity)
    return { role: redactedIdentity, user_name: redactedIdentity, company_name: redactedIdentity }
  const company = actor.attributes?.company_name
  return {
    role: actor.role ?? null,
    user_name: actor.name ?? actor.email ?? actor.id,
    company_name: typeof company === "string" && company !== "" ? company : organization,
  }
}

function resultOf({ statusCode, statusMessage, http }: AuditEvent, { response }: CallFacts): JsonObject {
  // The code of the body, where it has one, is the more exact one; events of calls have it as their code.
  const stated = statusCode !== undefined && /^\d{1,9}$/.test(statusCode) ? Number(statusCode) : undefined
  const code = stated ?? http?.status ?? null
  return {
    code,
    msg: statusMessage ?? reasonPhrase(code),
    ...(response !== undefined && { data: response }),
  }
}
