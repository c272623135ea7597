import type { AuditEvent } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"
import type { EventWriter } from "./writer"

/** The event as the JSON Lines export has it, so that a copy can be read back in and its leaf can be checked. */
export const auditorium: EventWriter = {
  name: "auditorium",
  label: "Auditorium",
  summary: "The whole event, as the JSON Lines export writes it.",
  write: auditoriumEntry,
}

export function auditoriumEntry(event: AuditEvent): JsonObject {
  // The cast: an event consists of JSON values, and absent members are absent.
  return event as unknown as JsonObject
}
