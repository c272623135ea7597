import type { Actor, AuditEvent, Http, Person, Source } from "@/lib/audit/event/event"
import { isObject, type JsonObject, present } from "@/lib/audit/json/value"

/** A part of an event that the copies of a sink can leave out. */
export interface OmittablePart {
  /** As it is stored in `sink.omit`. */
  readonly name: string
  /** What a form calls it. */
  readonly label: string
  readonly without: (event: AuditEvent) => AuditEvent
}

/** Who, what, when and the outcome always stay, and so does the number in the log: an entry without them proves nothing. */
const parts = [
  {
    name: "source",
    label: "Source (IP, user agent)",
    without: ({ source: _, ...rest }) => rest,
  },
  {
    name: "user-agent",
    label: "User agent",
    without: event => ({
      ...event,
      ...withoutIn("source", event.source, ({ userAgent: _, ...rest }) => rest),
    }),
  },
  { name: "targets", label: "Targets", without: event => ({ ...event, targets: [] }) },
  {
    name: "attributes",
    label: "Attributes of actor and targets",
    without: event => ({
      ...event,
      actor: withoutAttributes(event.actor),
      targets: event.targets.map(({ attributes: _, ...rest }) => rest),
    }),
  },
  {
    name: "credential",
    label: "Credential and session of the actor",
    without: ({ actor: { credential: _, sessionHash: __, ...actor }, ...rest }) => ({ ...rest, actor }),
  },
  { name: "changes", label: "Changes (before and after)", without: event => ({ ...event, changes: [] }) },
  { name: "details", label: "Details", without: event => ({ ...event, details: [] }) },
  { name: "metadata", label: "Metadata, the whole of it", without: event => ({ ...event, metadata: {} }) },
  {
    name: "bodies",
    label: "Request and response of recorded calls",
    without: withoutFacts("query", "request", "response"),
  },
  { name: "headers", label: "Headers of recorded calls", without: withoutFacts("headers") },
  { name: "version", label: "API version of recorded calls", without: withoutFacts("version") },
  {
    name: "stats",
    label: "Duration and sizes of calls",
    without: event => ({
      ...event,
      ...withoutIn(
        "http",
        event.http,
        ({ durationMs: _, requestBytes: __, responseBytes: ___, ...rest }) => rest,
      ),
    }),
  },
  {
    name: "ids",
    label: "Request and trace id",
    without: ({ requestId: _, traceId: __, ...rest }) => rest,
  },
] as const satisfies readonly OmittablePart[]

export const omittableParts: readonly OmittablePart[] = parts

/** Returns the event without these parts. Throws RangeError for a name that is none: nothing must stay by mistake. */
export function withoutParts(event: AuditEvent, names: readonly string[]): AuditEvent {
  return names.reduce((left, name) => {
    const part = omittableParts.find(known => known.name === name)
    if (!part) throw new RangeError(`${JSON.stringify(name)} is no part of an event that can be left out.`)
    return part.without(left)
  }, event)
}

function withoutIn<Name extends "source" | "http", Whole extends Source | Http>(
  name: Name,
  whole: Whole | undefined,
  without: (whole: Whole) => Whole,
): Partial<AuditEvent> {
  return whole === undefined ? {} : { [name]: without(whole) }
}

function withoutAttributes({ attributes: _, onBehalfOf, ...actor }: Actor): Actor {
  return present({ ...actor, onBehalfOf: onBehalfOf && personWithoutAttributes(onBehalfOf) })
}

function personWithoutAttributes({ attributes: _, ...person }: Person): Person {
  return person
}

function withoutFacts(...names: readonly string[]): OmittablePart["without"] {
  return event => {
    const { call } = event.metadata
    if (!isObject(call)) return event
    const left: JsonObject = Object.fromEntries(
      Object.entries(call).filter(([name]) => !names.includes(name)),
    )
    return { ...event, metadata: { ...event.metadata, call: left } }
  }
}
