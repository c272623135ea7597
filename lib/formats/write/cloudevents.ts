import type { AuditEvent } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import { auditoriumEntry } from "./auditorium"
import type { EventWriter } from "./writer"

// Digits of the largest index, so that the order of the texts is the order of the numbers.
const sequenceDigits = 16

/**
 * CloudEvents 1.0 in its JSON format, with the extensions `sequence` and `partitionkey` of its documented list. Source and id
 * together name an event anywhere: ids are unique only within an organization, and a slug may change.
 */
export const cloudevents: EventWriter = {
  name: "cloudevents",
  label: "CloudEvents",
  summary: "CloudEvents 1.0 (JSON), for brokers and event routers.",
  write: cloudEvent,
}

function cloudEvent(event: AuditEvent): JsonObject {
  const [target] = event.targets
  return {
    specversion: "1.0",
    id: event.id,
    source: `urn:uuid:${event.organizationId}`,
    type: `auditorium.${event.operation}`,
    ...(target !== undefined && { subject: `${target.type}:${target.id}` }),
    time: event.occurredAt,
    datacontenttype: "application/json",
    sequence: String(event.index).padStart(sequenceDigits, "0"),
    partitionkey: event.organizationId,
    data: auditoriumEntry(event),
  }
}
