import type { Instant } from "@/lib/audit/time/instant"
import type { OutgoingEvent } from "@/lib/sinks/sink"
import type { SplunkSettings } from "./settings"

/** Returns the events as the collector reads them: one object after another. */
export function splunkBody(settings: SplunkSettings, events: readonly OutgoingEvent[]): string {
  return events.map(event => splunkObject(settings, event)).join("\n")
}

/** `fields` has the id by which a search drops what was sent twice: `| dedup auditorium_id`. */
export function splunkObject(settings: SplunkSettings, { event, line, documentId }: OutgoingEvent): string {
  const { host, source, sourcetype, index } = settings
  const about = JSON.stringify({ host, source, sourcetype, index, fields: { auditorium_id: documentId } })
  // The time as it is: as a number in JavaScript it would be rounded, and some would be written with an exponent, which Splunk refuses.
  return `{"time":${epochSeconds(event.occurredAt)},${about.slice(1, -1)},"event":${line}}`
}

/** Returns an instant in seconds since 1970, with six digits after the point. */
export function epochSeconds(instant: Instant): string {
  const seconds = Date.parse(`${instant.slice(0, 19)}Z`) / 1_000
  return `${seconds}.${instant.slice(20, 26)}`
}
