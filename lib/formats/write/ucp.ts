import type { AuditEvent, Target } from "@/lib/audit/event/event"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { addMicroseconds, type Instant } from "@/lib/audit/time/instant"
import { escaped } from "./entry-line"
import type { EventWriter } from "./writer"

/** The part of the metadata of a recorded call that an entry needs. */
type CallFacts = Readonly<Record<string, JsonValue | undefined>>

/** Returns whether the event is a call that was recorded under a capture policy. */
export function isRecordedCall({ metadata }: Pick<AuditEvent, "metadata">): boolean {
  return isObject(metadata.call)
}

/**
 * Returns the event as an entry of UCP's audit log: its members and their spelling, in the order in which UCP writes them. What
 * UCP writes when a request arrives is written here when the call has ended, so the entry also has the outcome, as the audit log
 * of Kubernetes spells it.
 */
export function ucpEntry(event: AuditEvent): JsonObject {
  const call: CallFacts = isObject(event.metadata.call) ? event.metadata.call : {}
  const isKubernetes = call.profile === "kubernetes"
  const { request, response } = call
  const written = stageTimestamp(event, call)
  return {
    audit: {
      auditID: event.requestId !== undefined && uuid.test(event.requestId) ? event.requestId : event.id,
      ...impersonated(event),
      kind: kinds.get(call.profile) ?? "auditorium",
      level: levelOf(call, isKubernetes),
      metadata: { creationTimestamp: null },
      ...objectRef(event.targets),
      ...(request !== undefined && { requestObject: request }),
      requestReceivedTimestamp: event.occurredAt,
      requestURI: event.http?.path ?? event.operation,
      ...(response !== undefined && { responseObject: response }),
      ...responseStatus(event, call),
      sourceIPs: [event.source?.ipText, event.source?.peerIp].filter(ip => ip !== undefined),
      stage: call.state === "opened" ? "ResponseStarted" : "ResponseComplete",
      stageTimestamp: written,
      timestamp: null,
      user: userOf(event, call),
      ...(event.source?.userAgent !== undefined && { userAgent: event.source.userAgent }),
      verb: verbOf(event, isKubernetes),
    },
    level: "info",
    msg: "audit",
    time: `${written.slice(0, 19)}Z`,
  }
}

/** Returns the entry as the line that UCP's controller writes, with its line break. */
export function ucpLine(event: AuditEvent): string {
  return `${lineOf(ucpEntry(event))}\n`
}

// Go's encoder escapes `&`, `<` and `>` too, and readers compare texts. The rest is what `entryLine` escapes.
function lineOf(entry: JsonObject): string {
  return JSON.stringify(entry).replace(/[&<>\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped)
}

export const ucp: EventWriter = {
  name: "ucp",
  label: "UCP",
  summary: "Entries of the audit log of Docker UCP and MKE, for tools that read those.",
  write: ucpEntry,
  line: lineOf,
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** UCP names the part of itself that took the call. */
const kinds: ReadonlyMap<JsonValue | undefined, string> = new Map([
  ["docker", "docker-swarm"],
  ["kubernetes", "kubernetes"],
  ["clearml", "clearml"],
  ["generic", "http"],
])

/** UCP knows two levels and writes them small, Kubernetes knows three. */
function levelOf({ request, response }: CallFacts, isKubernetes: boolean): string {
  if (!isKubernetes) return request === undefined ? "metadata" : "request"
  if (request === undefined) return "Metadata"
  return response === undefined ? "Request" : "RequestResponse"
}

function verbOf({ http, operation }: AuditEvent, isKubernetes: boolean): string {
  if (isKubernetes) return operation.slice(operation.lastIndexOf(".") + 1)
  return http?.method ?? operation.slice(operation.lastIndexOf(".") + 1)
}

/** UCP gives the id as the name of the user, and the name beside it. */
function userOf({ actor }: AuditEvent, { licenseKey }: CallFacts): JsonObject {
  const name = actor.name ?? actor.email
  return {
    extra: {
      ...(typeof licenseKey === "string" && { licenseKey: [licenseKey] }),
      ...(name !== undefined && { username: [name] }),
    },
    uid: actor.id,
    username: actor.id,
  }
}

function impersonated({ actor: { onBehalfOf } }: AuditEvent): JsonObject {
  if (!onBehalfOf) return {}
  const { id, name, email } = onBehalfOf
  const shown = name ?? email
  return {
    impersonatedUser: { extra: shown === undefined ? {} : { username: [shown] }, uid: id, username: id },
  }
}

/** Both have place for one object: the first, which is the one that was created or changed. */
function objectRef([target]: readonly Target[]): JsonObject {
  if (!target) return {}
  const { id, name, type } = target
  return { objectRef: { ...(name !== undefined && { name }), resource: type, uid: id } }
}

function responseStatus(
  { http, status, statusCode, statusMessage }: AuditEvent,
  call: CallFacts,
): JsonObject {
  if (call.state === "opened") return {}
  const code =
    http?.status ?? (statusCode !== undefined && /^\d{1,9}$/.test(statusCode) ? Number(statusCode) : null)
  return {
    responseStatus: {
      ...(code !== null && { code }),
      ...(statusMessage !== undefined && { message: statusMessage }),
      metadata: {},
      ...(status === "denied" && { reason: "Forbidden" }),
      ...(status !== "unknown" && { status: status === "success" ? "Success" : "Failure" }),
    },
  }
}

/** The call ended this long after it began; a call that is still open, or without a duration, has only its beginning. */
function stageTimestamp({ occurredAt, http }: AuditEvent, call: CallFacts): Instant {
  const durationMs = call.state === "opened" ? 0 : (http?.durationMs ?? 0)
  // A producer may claim any duration; the end must still be a time.
  return addMicroseconds(occurredAt, Math.round(Math.min(durationMs, longestMs) * 1000))
}

const longestMs = 366 * 24 * 60 * 60 * 1000
