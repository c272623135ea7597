import type { ActorType, Status } from "@/lib/audit/event/event"
import type { Sentence } from "@/lib/audit/event/sentence"
import type { Instant } from "@/lib/audit/time/instant"

/** A person or a thing in a cell: its display text, and its filter value. */
export interface Named {
  readonly type: string
  readonly id: string
  readonly label: string
}

export interface NamedActor extends Named {
  readonly type: ActorType
}

/** What the table shows of an event; the rest is requested when the event is opened. */
export interface EventRow {
  readonly id: string
  readonly occurredAt: Instant
  readonly operation: string
  readonly description: string
  /** What happened, in the words of the catalogue; null where the producer described it. */
  readonly sentence: Sentence | null
  readonly actor: NamedActor
  /** The person acted for, when impersonating. */
  readonly onBehalfOf: NamedActor | null
  /** The first target. */
  readonly target: Named | null
  readonly furtherTargets: number
  readonly appId: string
  readonly where: string | null
  readonly status: Status
}

/** Returns `rows` with those of `more` whose id is new, so that overlapping pages add nothing twice. */
export function appendRows(rows: readonly EventRow[], more: readonly EventRow[]): readonly EventRow[] {
  const known = new Set(rows.map(row => row.id))
  const fresh = more.filter(row => !known.has(row.id) && known.add(row.id))
  return fresh.length === 0 ? rows : [...rows, ...fresh]
}
