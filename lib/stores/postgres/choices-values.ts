import { operationByCode } from "@/lib/audit/event/catalogue"
import type { AuditEvent } from "@/lib/audit/event/event"
import { labelOf } from "@/lib/audit/event/sentence"
import type { Choice, ChoiceField } from "@/lib/audit/store"
import type { Instant } from "@/lib/audit/time/instant"

/** A value of the log, and when it occurred last as far as known. */
export interface FoundChoice extends Choice {
  readonly at: Instant
}

/** What an event contains for each field: its values, and their display names. */
const valuesOf: Record<ChoiceField, (event: AuditEvent) => readonly Pick<Choice, "value" | "label">[]> = {
  operation: event => [{ value: event.operation, label: null }],
  code: ({ operationCode = 0 }) => [{ value: String(operationCode), label: nameOfCode(operationCode) }],
  actor: ({ actor }) => [{ value: actor.id, label: actor.name || actor.email ? labelOf(actor) : null }],
  target: event =>
    event.targets.map(({ type, id, name }) => ({ value: `${type}:${id}`, label: name ?? null })),
  ip: ({ source }) => (source?.ip ? [{ value: source.ip, label: null }] : []),
}

function nameOfCode(code: number): string | null {
  return code === 0 ? "Without a code" : (operationByCode(code)?.description ?? null)
}

/** Returns the values of an event as choices, without a count. */
export function choicesOfEvent(field: ChoiceField, event: AuditEvent): readonly FoundChoice[] {
  return valuesOf[field](event).map(choice => ({ ...choice, count: null, at: event.occurredAt }))
}
