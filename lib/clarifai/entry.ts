import type { AuditEvent, Person, Status, Target } from "@/lib/audit/event/event"
import { isObject, type JsonValue, present } from "@/lib/audit/json/value"
import { cutInstant, type Instant } from "@/lib/audit/time/instant"
import type { ClarifaiEntry, ClarifaiTarget, ClarifaiUser } from "./messages"
import { targetTypeOf } from "./target-types"

/** Returns an event as an entry. What the protocol has no member for becomes sentences; nothing is invented. */
export function entryOf(event: AuditEvent): ClarifaiEntry {
  const { occurredAt, actor, operationCode = 0, description, status, requestId = "", source } = event
  return {
    timestamp: occurredAt,
    user: userOf(actor),
    operation: operationCode,
    description,
    targets: event.targets.flatMap(target => targetOf(target) ?? []),
    details: [
      ...event.details,
      ...event.targets.filter(({ type }) => targetTypeOf(type) === null).map(sentenceOf),
      ...(status === "unknown" ? ["The outcome is unknown."] : []),
    ],
    success: isSuccess(status),
    req_id: requestId,
    source_ip: source?.ip ?? source?.ipText ?? "",
  }
}

/** Returns whether an entry is one of a success: the filter and the member agree for every event. */
export function isSuccess(status: Status): boolean {
  return status === "success"
}

/** The facts about a person, as those that import or capture Clarifai's own entries keep them. */
function userOf({ id, attributes = {} }: Person): ClarifaiUser {
  const { visibility } = attributes
  const gettable = isObject(visibility) ? visibility.gettable : undefined
  return present({
    id,
    first_name: textOf(attributes.first_name),
    last_name: textOf(attributes.last_name),
    company_name: textOf(attributes.company_name),
    job_title: textOf(attributes.job_title),
    job_role: textOf(attributes.job_role),
    intention: textOf(attributes.intention),
    created_at: instantOf(attributes.created_at),
    visibility: isCode(gettable) ? { gettable } : undefined,
  })
}

function targetOf({ type, id, name, attributes = {} }: Target): ClarifaiTarget | null {
  const known = targetTypeOf(type)
  if (known === null) return null
  const lists = (known.lists ?? []).flatMap(list => {
    const texts = attributes[list]
    return Array.isArray(texts) && texts.length > 0 && texts.every(isText) ? [[list, texts] as const] : []
  })
  return present({
    type: known.type,
    id,
    name: known.hasName ? textOf(name) : undefined,
    appId: known.hasApp ? textOf(attributes.app_id) : undefined,
    lists: lists.length > 0 ? Object.fromEntries(lists) : undefined,
  })
}

/** "Target: invoice 'inv-7' (March)". */
function sentenceOf({ type, id, name }: Target): string {
  return `Target: ${type} '${id}'${name ? ` (${name})` : ""}`
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string"
}

function textOf(value: JsonValue | undefined): string | undefined {
  return isText(value) && value !== "" ? value : undefined
}

function isCode(value: JsonValue | undefined): value is number {
  return Number.isInteger(value)
}

function instantOf(value: JsonValue | undefined): Instant | undefined {
  const parsed = isText(value) ? cutInstant(value) : null
  return parsed?.ok ? parsed.instant : undefined
}
