import type { AuditEvent, EventContent } from "@/lib/audit/event/event"
import { uuidv5 } from "@/lib/audit/ids"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Batch, OutgoingEvent } from "@/lib/sinks/sink"
import { instant, prepareTestEvent } from "@/test/events"

/** The organization of a batch, as `Batch` names it. */
export type TestOrganization = Batch["organization"]

export const acme: TestOrganization = {
  id: "0190a000-0000-7000-8000-00000000000a",
  slug: "acme",
  name: "Acme",
}
export const globex: TestOrganization = {
  id: "0190a000-0000-7000-8000-00000000000b",
  slug: "globex",
  name: "Globex",
}
export const testSink = { id: "0190a000-0000-7000-8000-0000000000c1", name: "A sink" }

const appId = "0190a000-0000-7000-8000-0000000000d1"

/** Returns a recorded event: number `index` of the log, the same id for the same number. */
export function recordedEvent(
  organization: TestOrganization,
  index: number,
  content: Partial<EventContent> = {},
): AuditEvent {
  const prepared = prepareTestEvent({ id: organization.id, appId }).content
  return {
    ...prepared,
    id: uuidv5(appId, `event ${index}`),
    occurredAt: instant("2026-11-20T10:11:12.345678Z"),
    receivedAt: instant("2026-11-20T10:11:13.000000Z"),
    ...content,
    index,
    leafHash: "x".repeat(43),
  }
}

/** Returns an event as it leaves, in a format that has every member of the event. */
export function outgoing(
  organization: TestOrganization,
  event: AuditEvent,
  entry?: JsonObject,
): OutgoingEvent {
  const line = JSON.stringify(entry ?? event)
  // The cast: JSON that was just written is an object.
  const written = JSON.parse(line) as JsonObject
  return { event, entry: written, line, documentId: `${organization.id}:${event.id}` }
}

interface BatchOptions {
  readonly organization?: TestOrganization
  readonly first?: number
  readonly sink?: Batch["sink"]
  readonly at?: Date
}

/** Returns a batch with one event for each of `contents`. Two with the same range and sink have the same id. */
export function batchOf(
  contents: readonly Partial<EventContent>[],
  {
    organization = acme,
    first = 0,
    sink = testSink,
    at = new Date("2026-11-20T10:12:00Z"),
  }: BatchOptions = {},
): Batch {
  const past = first + contents.length
  return {
    id: uuidv5(sink.id, `${organization.id} 1 ${first} ${past}`),
    sink,
    organization,
    first,
    past,
    events: contents.map((content, position) =>
      outgoing(organization, recordedEvent(organization, first + position, content)),
    ),
    at,
  }
}

/** Returns the batch without the events that `keep` refuses, as a later attempt has it: same id and range. */
export function withoutRefused(batch: Batch, keep: (event: AuditEvent) => boolean): Batch {
  return { ...batch, events: batch.events.filter(({ event }) => keep(event)) }
}

/** Texts that break lines, encodings, framings and signatures when they are not escaped. */
export const awkwardContents: readonly Partial<EventContent>[] = [
  { description: "two\nlines\r\nand a third" },
  { description: 'quotes " and \\ and ] and = and |' },
  { description: "\u2028 and \u2029 and \u0085 and \u00a0" },
  { description: "äöü 漢字 😀 \u202eabc" },
  { description: "{}{}[]\t'%s %n #{x} <script>" },
  { operation: "x".repeat(120), description: "long words ".repeat(9_000) },
  {
    metadata: {
      constructor: null,
      "": "",
      "a.b": [[[{ deep: 0.1 }]]],
      big: 9_007_199_254_740_991,
      no: false,
    },
  },
  { targets: [], status: "denied", occurredAt: instant("1970-01-01T00:00:00.000000Z") },
]
