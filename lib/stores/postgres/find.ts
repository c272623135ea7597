import type { AuditEvent } from "@/lib/audit/event/event"
import type { Scope } from "@/lib/audit/query/selection"
import type { EventStore, Finding } from "@/lib/audit/store"
import { isUuid } from "@/lib/audit/uuid"
import type { Tx } from "@/lib/database/tx"
import { coveredBy } from "./conditions"
import { type EventRow, eventColumns, eventOf, instantColumn, selectEvents } from "./rows"
import { render, sql } from "./sql"

interface FoundRow extends EventRow {
  readonly raw: Uint8Array | null
}

/** What the ledger keeps of an event, also when its content was removed. */
interface Entry {
  readonly occurred: string
  readonly app: string
}

const unknown: Finding = { kind: "unknown" }

/** Returns what became of the id. The entry gives the time of the event, and that its one partition. */
export async function findEvent(tx: Tx, scope: Scope, id: string): Promise<Finding> {
  if (!isUuid(id)) return unknown
  const entry = render(sql`SELECT ${instantColumn("occurred_at")} AS occurred, app_id AS app
    FROM ledger.visible_entry WHERE id = ${id}::uuid`)
  const [known] = await tx.query<Entry>(entry.text, entry.values)
  if (!known) return unknown
  const found = selectEvents(sql`${eventColumns}, raw`, [
    sql`occurred_at = ${known.occurred}`,
    sql`id = ${id}::uuid`,
    ...coveredBy(scope),
  ])
  const { text, values } = render(found)
  const [row] = await tx.query<FoundRow>(text, values)
  if (row) return { kind: "found", event: eventOf(row), raw: row.raw }
  return mayKnow(scope, known) ? { kind: "expired" } : unknown
}

/**
 * Whether the Scope covers the entry. Then it would cover the event too, so an event that was not found is no longer there.
 * An entry has no actor: a reader of their own actions cannot be told.
 */
function mayKnow({ appIds, actorId }: Scope, { app }: Entry): boolean {
  return actorId === null && (appIds === null || appIds.includes(app))
}

/** Returns the original bytes of those events that have them and that the Scope covers, by id. */
export async function findRaw(
  tx: Tx,
  scope: Scope,
  events: readonly Pick<AuditEvent, "id" | "occurredAt">[],
): ReturnType<EventStore["findRaw"]> {
  const moments = events.map(event => event.occurredAt)
  const ids = events.map(event => event.id)
  const event = selectEvents(sql`raw`, [
    sql`occurred_at = wanted.occurred_at`,
    sql`id = wanted.id`,
    sql`raw IS NOT NULL`,
    ...coveredBy(scope),
  ])
  // OFFSET 0 keeps the look-ups separate, each in its own partition by its key.
  const { text, values } = render(sql`SELECT wanted.id, raw
    FROM unnest(${moments}::timestamptz[], ${ids}::uuid[]) wanted (occurred_at, id)
    CROSS JOIN LATERAL (${event} OFFSET 0) event`)
  const rows = await tx.query<{ id: string; raw: Uint8Array }>(text, values)
  return new Map(rows.map(row => [row.id, row.raw]))
}
