import type { AuditEvent } from "@/lib/audit/event/event"
import type { AuditQuery, Scope } from "@/lib/audit/query/query"
import type { Choice, ChoicesRequest } from "@/lib/audit/store"
import { type Instant, instantFromDate, instantToDate } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/db"
import { type Selection, seesAll } from "./conditions"
import { readTimePage } from "./page"
import { inWindow } from "./parts"
import { type EventRow, eventOf, selectEvents } from "./rows"
import { render, type Sql, sql } from "./sql"

type ChoiceField = ChoicesRequest["field"]

const maximumChoices = 200
/** Values that a walk passes before it gives up; more than are wanted, because some lie outside the window. */
const maximumSteps = 400
const stepsForEachChoice = 2
/** Newest events in which values are looked for; people type, and wait. */
const maximumRead = 500

/** The columns in whose index a walk goes from value to value; targets have none. */
const walkedColumns = { operation: sql`operation`, actor: sql`actor_id`, target: null } satisfies Record<
  ChoiceField,
  Sql | null
>

/** Enough of an event for its values and names. */
const bodyOnly = sql`body, 0 AS index, ''::bytea AS leaf_hash`

/** What an event says of each field: its values, and the words that people know them by. */
const choicesOf: Record<ChoiceField, (event: AuditEvent) => readonly Choice[]> = {
  operation: event => [{ value: event.operation, label: null }],
  actor: ({ actor }) => [{ value: actor.id, label: actor.name ?? actor.email ?? null }],
  target: event =>
    event.targets.map(({ type, id, name }) => ({ value: `${type}:${id}`, label: name ?? null })),
}

/** The events among which values are looked for: those of the Scope in the window, with the typed text. */
export function choicesQuery({ field, window, typed }: ChoicesRequest): AuditQuery {
  // What stands before a colon may be a target's type, which is no part of the searched text.
  const searched = field === "target" ? typed.slice(typed.lastIndexOf(":") + 1) : typed
  const text = searched.trim() === "" ? null : searched
  return { window, include: {}, exclude: {}, text, order: "newest", asOf: null }
}

/**
 * Promise: values that occur in the window and hold the typed text in themselves or in their name, in their own order. A walk
 * through the index finds operations whole and actors by the beginning of their id; the newest events give targets, actors
 * by name, and everything for a Scope that does not see all.
 */
export async function readChoices(
  tx: Tx,
  scope: Scope,
  request: ChoicesRequest,
  selection: Selection,
): Promise<readonly Choice[]> {
  const limit = Math.min(request.limit, maximumChoices)
  const walked = seesAll(scope) ? await walk(tx, request) : { choices: [], isWhole: false }
  const found =
    walked.isWhole || walked.choices.length >= limit ? [] : await fromNewest(tx, request, selection)
  const byValue = new Map([...found, ...walked.choices].map(choice => [choice.value, choice]))
  return [...byValue.values()]
    .filter(choice => holds(choice, request.typed))
    .sort((one, other) => (one.value < other.value ? -1 : 1))
    .slice(0, limit)
}

interface Walked {
  readonly choices: readonly Choice[]
  /** Nothing further holds the typed text. */
  readonly isWhole: boolean
}

/** Jumps in the index from one value to the next, and keeps those of which an event lies in the window. */
async function walk(tx: Tx, { field, typed, window, limit }: ChoicesRequest): Promise<Walked> {
  const column = walkedColumns[field]
  if (!column) return { choices: [], isWhole: false }
  // There are few operations, so all can be passed, and the typed text may stand anywhere in them.
  const prefix = field === "operation" ? "" : typed
  const steps = field === "operation" ? maximumSteps : Math.min(maximumSteps, limit * stepsForEachChoice)
  // Whole months, so that no jump has to read past events that lie outside the window.
  const months = inWindow({ from: monthStart(window.from, 0), before: monthStart(window.before, 1) })
  // Nothing in the order of bytes follows a text that goes on with the last character there is.
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
  const rows = await tx.query<EventRow & { readonly number: number }>(text, values)
  const choices = rows.filter(row => row.body !== null).flatMap(row => choicesOf[field](eventOf(row)))
  const isEnd = rows.length < steps
  return { choices, isWhole: isEnd && (field === "operation" || typed === "") }
}

/** The values of the newest events that hold the typed text, the newest last: of several names of a value it stays. */
async function fromNewest(
  tx: Tx,
  { field, window }: ChoicesRequest,
  selection: Selection,
): Promise<readonly Choice[]> {
  const span = { window, order: "newest", after: null } as const
  const { events } = await readTimePage(tx, { ...span, selection, asOf: null, limit: maximumRead })
  return [...events].reverse().flatMap(choicesOf[field])
}

function holds({ value, label }: Choice, typed: string): boolean {
  const part = typed.toLowerCase()
  return value.toLowerCase().includes(part) || (label ?? "").toLowerCase().includes(part)
}

/** The start of the month in UTC, as the partitions have it, that many months after the one of the instant. */
function monthStart(instant: Instant, months: number): Instant {
  const date = instantToDate(instant)
  return instantFromDate(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)))
}
