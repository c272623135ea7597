import type { AuditEvent } from "@/lib/audit/event/event"
import { entryLine } from "@/lib/formats/write/entry-line"
import type { EventWriter, WrittenFor } from "@/lib/formats/write/writer"
import { eventWriterNamed } from "@/lib/formats/write/writers"
import { withoutParts } from "./parts"
import { withoutIdentity } from "./redact-identity"
import type { OutgoingEvent } from "./sink"

/** How a sink wants its copies. */
export interface CopyPolicy {
  /** The name of an EventWriter. */
  readonly format: string
  readonly redactIdentity: boolean
  /** Names of `omittableParts`. */
  readonly omit: readonly string[]
}

/** Whose log the events of a batch belong to. */
export interface OutgoingContext extends Omit<WrittenFor, "app"> {
  /** The slugs of apps by their ids; an app that is missing is written without. */
  readonly appSlugs: ReadonlyMap<string, string>
}

/**
 * Returns the events as they leave, in their order. Identity and parts go before the format is written, so that no format can
 * bring them back. Throws RangeError for a format or a part that does not exist.
 */
export function outgoingEvents(
  policy: CopyPolicy,
  events: readonly AuditEvent[],
  context: OutgoingContext,
): readonly OutgoingEvent[] {
  const writer = eventWriterNamed(policy.format)
  if (!writer) throw new RangeError(`${JSON.stringify(policy.format)} is no format of events.`)
  return events.map(event => outgoing(writer, policy, event, context))
}

function outgoing(
  writer: EventWriter,
  { redactIdentity, omit }: CopyPolicy,
  recorded: AuditEvent,
  { organization, baseUrl, appSlugs }: OutgoingContext,
): OutgoingEvent {
  // Identity first: it has to be known to be found in the other parts.
  const event = withoutParts(redactIdentity ? withoutIdentity(recorded) : recorded, omit)
  const entry = writer.write(event, { organization, baseUrl, app: appSlugs.get(event.appId) ?? null })
  return {
    event,
    entry,
    line: writer.line?.(entry) ?? entryLine(entry),
    documentId: `${recorded.organizationId}:${recorded.id}`,
  }
}
