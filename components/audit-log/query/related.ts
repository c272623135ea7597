import type { AuditEvent } from "@/lib/audit/event/event"
import { labelOf } from "@/lib/audit/event/sentence"
import type { FieldName } from "@/lib/audit/query/fields"
import { type AuditQuery, plainQuery, withValue } from "@/lib/audit/query/query"
import { equalTo } from "@/lib/audit/query/value"
import { addMicroseconds } from "@/lib/audit/time/instant"
import type { QueryWindow } from "@/lib/audit/time/window"

/** A link from an event to related ones. */
export interface RelatedQuery {
  /** "Around this". */
  readonly label: string
  /** The range, in words. */
  readonly range: string
  /** The subject, when it is not obvious: the name of the target or the actor. */
  readonly value: string | null
  readonly query: AuditQuery
}

/** No time range is longer. */
const first = "1970-01-01T00:00:00.000000Z"
const last = "2199-12-31T23:59:59.999999Z"

const minute = 60_000_000
const day = 24 * 60 * minute

/**
 * Returns the queries related to an event, each with only its own filter, over a suitable time range: a day for a request,
 * the weeks around for an actor, and all time for a target.
 */
export function relatedQueries(event: AuditEvent, zone: string): readonly RelatedQuery[] {
  const around = (microseconds: number): QueryWindow => {
    const from = addMicroseconds(event.occurredAt, -microseconds)
    const to = addMicroseconds(event.occurredAt, microseconds)
    // Instants have a fixed form, so they can be compared as text.
    return { kind: "range", from: from < first ? first : from, to: to > last ? last : to }
  }
  const about = (window: QueryWindow, field?: FieldName, value = ""): AuditQuery => {
    const query = { ...plainQuery, zone, window }
    return field ? withValue(query, field, equalTo(value), "include") : query
  }
  const { actor, requestId } = event
  const [target] = event.targets
  const key = target && `${target.type}:${target.id}`
  return [
    { label: "Around this", range: "5 minutes", value: null, query: about(around(5 * minute)) },
    ...(requestId
      ? [
          {
            label: "This request",
            range: "a day before and after",
            value: null,
            query: about(around(day), "request", requestId),
          },
        ]
      : []),
    ...(target && key
      ? [
          {
            label: "This target",
            range: "all time",
            value: labelOf(target),
            query: about({ kind: "all" }, "target", key),
          },
        ]
      : []),
    {
      label: "This actor",
      range: "30 days before and after",
      value: labelOf(actor),
      query: about(around(30 * day), "actor", actor.id),
    },
  ]
}
