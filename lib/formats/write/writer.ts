import type { AuditEvent } from "@/lib/audit/event/event"
import type { JsonObject } from "@/lib/audit/json/value"

/** Whose log an event belongs to. */
export interface WrittenFor {
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  /** The slug of the app, when it is known. */
  readonly app: string | null
  /** The address of the console, without a slash at its end. */
  readonly baseUrl: string
}

/** A format in which copies of events leave. A pure mapping: the same event is always the same entry. */
export interface EventWriter {
  /** Lower case: `cloudevents`. */
  readonly name: string
  /** What people read. */
  readonly label: string
  /** One sentence: who reads this. */
  readonly summary: string
  write(event: AuditEvent, context: WrittenFor): JsonObject
  /** Returns the entry on one line without its line break, where a format has a spelling of its own. Absent: `entryLine`. */
  line?(entry: JsonObject): string
}
