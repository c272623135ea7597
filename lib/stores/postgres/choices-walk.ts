import type { ChoiceField, ChoicesRequest } from "@/lib/audit/store"
import { monthStart } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/database/tx"
import { choicesOfEvent, type FoundChoice } from "./choices-values"
import { inWindow } from "./parts"
import { type EventRow, eventOf, selectEvents } from "./rows"
import { render, type Sql, sql } from "./sql"

/** Values that a walk passes before it gives up; more than are wanted, because some are outside of the time range. */
const maximumSteps = 400
const stepsForEachChoice = 2

/** The columns whose index a walk follows from value to value; other fields have none. */
const walkedColumns = {
  operation: sql`operation`,
  code: null,
  actor: sql`actor_id`,
  target: null,
  ip: null,
} satisfies Record<ChoiceField, Sql | null>

/** The columns of an event that contain its values and names. */
const bodyOnly = sql`body, 0 AS index, ''::bytea AS leaf_hash`

/**
 * Returns values of the whole time range: skips through the index from one value to the next, and keeps those with an event
 * in the time range.
 */
export async function walkChoices(
  tx: Tx,
  { field, typed, selection, limit }: ChoicesRequest,
): Promise<readonly FoundChoice[]> {
  const { window } = selection
  const column = walkedColumns[field]
  if (!column) return []
  // There are few operations, so all can be passed, and the typed text may be anywhere in them.
  const prefix = field === "operation" ? "" : typed
  const steps = field === "operation" ? maximumSteps : Math.min(maximumSteps, limit * stepsForEachChoice)
  // Whole months, so that no skip has to read past events that are outside of the time range.
  const months = inWindow({ from: monthStart(window.from, 0), before: monthStart(window.before, 1) })
  // In byte order nothing follows a text that continues with the last possible character.
  const inReach = sql`${column} >= ${prefix}::text AND ${column} < ${`${prefix}\u{10FFFF}`}::text`
  const next = (after: Sql) =>
    sql`${selectEvents(column, [months, inReach, after])} ORDER BY ${column} LIMIT 1`
  const newest = sql`${selectEvents(bodyOnly, [inWindow(window), sql`${column} = step.value`])}
    ORDER BY occurred_at DESC, id DESC LIMIT 1`
  const { text, values } = render(sql`WITH RECURSIVE step (value, number) AS (
      SELECT first.*, 1 FROM (${next(sql`true`)}) first
      UNION ALL
      SELECT next.*, number + 1 FROM step CROSS JOIN LATERAL (${next(sql`${column} > step.value`)}) next
      WHERE number < ${steps}
    )
    SELECT number, newest.* FROM step LEFT JOIN LATERAL (${newest}) newest ON true ORDER BY number`)
  const rows = await tx.query<EventRow>(text, values)
  return rows.filter(row => row.body !== null).flatMap(row => choicesOfEvent(field, eventOf(row)))
}
