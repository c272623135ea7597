import type { ActorType, AuditEvent, Person, Status, Target } from "@/lib/audit/event/event"
import { labelOf, type Sentence, sentenceOf } from "@/lib/audit/event/sentence"
import type { Instant } from "@/lib/audit/time/instant"

/** A person or a thing in a cell: what is read, and what is filtered by. */
export interface Named {
  readonly type: string
  readonly id: string
  readonly label: string
}

export interface NamedActor extends Named {
  readonly type: ActorType
}

/** What the table shows of an event; the rest is asked for when the event is opened. */
export interface EventRow {
  readonly id: string
  readonly occurredAt: Instant
  readonly operation: string
  readonly description: string
  /** What happened, made of the catalogue's words; null where the producer said it in its own. */
  readonly sentence: Sentence | null
  readonly actor: NamedActor
  /** Whom the actor acted as, when impersonating. */
  readonly onBehalfOf: NamedActor | null
  /** The first target. */
  readonly target: Named | null
  readonly furtherTargets: number
  readonly appId: string
  readonly where: string | null
  readonly status: Status
}

/** Returns the table's part of an event; names where there are names, else addresses, else ids. */
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

/** Promise: rows without those whose id is there already, so that a page that overlaps another adds nothing twice. */
export function appendRows(rows: readonly EventRow[], more: readonly EventRow[]): readonly EventRow[] {
  const known = new Set(rows.map(row => row.id))
  const fresh = more.filter(row => !known.has(row.id) && known.add(row.id))
  return fresh.length === 0 ? rows : [...rows, ...fresh]
}

function nameActor(person: Person): NamedActor {
  return { type: person.type, id: person.id, label: labelOf(person) }
}

function nameTarget(target: Target): Named {
  return { type: target.type, id: target.id, label: labelOf(target) }
}
