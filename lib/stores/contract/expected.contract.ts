import type { AuditEvent } from "@/lib/audit/event/event"
import { matches } from "@/lib/audit/query/matches"
import type { Order, Scope, Selection } from "@/lib/audit/query/selection"

const compare: Record<Order, (one: AuditEvent, other: AuditEvent) => number> = {
  newest: (one, other) => -inTime(one, other),
  oldest: inTime,
  recorded: (one, other) => one.index - other.index,
}

/**
 * Returns the events that match a query within this Scope, in its order. Every store must agree with `matches`, by which sinks
 * choose their events.
 */
export function expectedEvents(
  log: readonly AuditEvent[],
  scope: Scope,
  selection: Selection,
): readonly AuditEvent[] {
  return log.filter(event => isSeen(event, scope) && matches(selection, event)).sort(compare[selection.order])
}

function isSeen(event: AuditEvent, { organizationId, appIds, actorId }: Scope): boolean {
  return (
    event.organizationId === organizationId &&
    (appIds === null || appIds.includes(event.appId)) &&
    (actorId === null || event.actor.id === actorId)
  )
}

function inTime(one: AuditEvent, other: AuditEvent): number {
  if (one.occurredAt !== other.occurredAt) return one.occurredAt < other.occurredAt ? -1 : 1
  return one.id < other.id ? -1 : 1
}
