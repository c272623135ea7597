import { sentenceOf } from "@/lib/audit/event/compose-sentence"
import type { AuditEvent, Person, Target } from "@/lib/audit/event/event"
import { labelOf } from "@/lib/audit/event/sentence"
import type { EventRow, Named, NamedActor } from "./row"

/** Returns the table's part of an event; names where there are names, else emails or ips, else ids. */
export function summarize(event: AuditEvent): EventRow {
  const [first] = event.targets
  return {
    id: event.id,
    occurredAt: event.occurredAt,
    operation: event.operation,
    description: event.description === "" ? event.operation : event.description,
    sentence: sentenceOf(event),
    actor: nameActor(event.actor),
    onBehalfOf: event.actor.onBehalfOf ? nameActor(event.actor.onBehalfOf) : null,
    target: first ? nameTarget(first) : null,
    furtherTargets: Math.max(0, event.targets.length - 1),
    appId: event.appId,
    where: event.source ? (event.source.ip ?? event.source.ipText) : null,
    status: event.status,
  }
}

function nameActor(person: Person): NamedActor {
  return { type: person.type, id: person.id, label: labelOf(person) }
}

function nameTarget(target: Target): Named {
  return { type: target.type, id: target.id, label: labelOf(target) }
}
