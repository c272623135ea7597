import type { AuditQuery, Scope } from "@/lib/audit/query/query"
import type { Choice, ChoicesRequest } from "@/lib/audit/store"
import { type Instant, instantFromDate, instantToDate } from "@/lib/audit/time/instant"
import type { Tx } from "@/lib/db"
import type { Selection } from "./conditions"
import { stepEvents } from "./page"
import { inWindow } from "./parts"
import { eventOf, selectEvents } from "./rows"
import { all, render, type Sql, sql } from "./sql"

type ChoiceField = ChoicesRequest["field"]

const maximumChoices = 200
/** Values outside the window that a walk may pass over before it gives up. */
const maximumSteps = 400
/** Events out of which the newest with a value is told apart. */
const maximumFound = 1_000

/** The columns in whose index a walk goes from value to value; targets have none. */
const walkedColumns = { operation: sql`operation`, actor: sql`actor_id`, target: null } satisfies Record<
  ChoiceField,
  Sql | null
>

/** What an event says of each field: its values, and the words that people know them by. */
const choicesOf: Record<ChoiceField, (event: ReturnType<typeof eventOf>) => readonly Choice[]> = {
  operation: event => [{ value: event.operation, label: null }],
  actor: ({ actor }) => [{ value: actor.id, label: actor.name ?? actor.email ?? null }],
  target: event =>
    event.targets.map(({ type, id, name }) => ({ value: `${type}:${id}`, label: name ?? null })),
}

/** The events among which values are looked for: those of the Scope in the window, with the typed text. */
export function choicesQuery({ window, typed }: ChoicesRequest): AuditQuery {
  const text = typed.trim() === "" ? null : typed
  return { window, include: {}, exclude: {}, text, order: "newest", asOf: null }
}

/**
 * Promise: values that occur in the window and hold the typed text in themselves or in their name, in their own order. Values
 * that begin with it come from a walk through the index; the others, and all for a Scope that does not see everything,
 * from the newest events.
 */
export async function readChoices(
  tx: Tx,
  scope: Scope,
  request: ChoicesRequest,
  selection: Selection,
): Promise<readonly Choice[]> {
  const limit = Math.min(request.limit, maximumChoices)
  const column = walkedColumns[request.field]
  const seesAll = scope.appIds === null && scope.actorId === null
  const walked = column && seesAll ? await walk(tx, request, column, limit) : []
  const isEnough = walked.length >= limit || (request.typed === "" && column !== null && seesAll)
  const found = isEnough ? [] : await fromNewest(tx, request, selection)
  const byValue = new Map([...found, ...walked].map(choice => [choice.value, choice]))
  return [...byValue.values()].sort((one, other) => (one.value < other.value ? -1 : 1)).slice(0, limit)
}

/** Jumps in the index from one value to the next, and keeps those of which an event lies in the window. */
async function walk(tx: Tx, request: ChoicesRequest, column: Sql, limit: number): Promise<readonly Choice[]> {
  // Whole months, so that no jump has to read past events that lie outside the window.
  const months = inWindow({
    from: monthStart(request.window.from, 0),
    before: monthStart(request.window.before, 1),
  })
  // Nothing in the order of bytes follows a text that goes on with the last character there is.
  const inReach = sql`${column} >= ${request.typed}::text AND ${column} < ${`${request.typed}\u{10FFFF}`}::text`
  const next = (after: Sql) =>
    sql`${selectEvents(column, [months, inReach, after])} ORDER BY ${column} LIMIT 1`
  const newest = selectEvents(sql`body, 0 AS index, ''::bytea AS leaf_hash`, [
    inWindow(request.window),
    sql`${column} = step.value`,
  ])
  const { text, values } = render(sql`WITH RECURSIVE step (value, number) AS (
      SELECT first.*, 1 FROM (${next(sql`true`)}) first
      UNION ALL
      SELECT next.*, number + 1 FROM step CROSS JOIN LATERAL (${next(sql`${column} > step.value`)}) next
      WHERE number < ${maximumSteps}
    )
    SELECT newest.* FROM step
    CROSS JOIN LATERAL (${newest} ORDER BY occurred_at DESC, id DESC LIMIT 1) newest LIMIT ${limit}`)
  const rows = await tx.query<Parameters<typeof eventOf>[0]>(text, values)
  return rows.map(eventOf).flatMap(event => choicesOf[request.field](event))
}

/** Of the newest events that hold the typed text, the values that hold it too. */
async function fromNewest(tx: Tx, request: ChoicesRequest, selection: Selection): Promise<readonly Choice[]> {
  const { looked, indexed } = selection
  const keys =
    request.field === "target"
      ? sql`target_keys`
      : sql`ARRAY[${walkedColumns[request.field] ?? sql`id::text`}]`
  const newest = sql`${selectEvents(sql`*`, [inWindow(request.window), ...indexed])}
    ORDER BY occurred_at DESC, id DESC LIMIT ${stepEvents}`
  const { text, values } = render(sql`SELECT body, 0 AS index, ''::bytea AS leaf_hash FROM (
      SELECT DISTINCT ON (occurred_at, id) occurred_at, id FROM (
        SELECT DISTINCT ON (key) key, occurred_at, id
        FROM (${newest}) looked_at, unnest(${keys}) key WHERE ${all(looked)} ORDER BY key, occurred_at DESC, id DESC
      ) newest_with_key ORDER BY occurred_at DESC, id DESC LIMIT ${maximumFound}
    ) found
    CROSS JOIN LATERAL (${selectEvents(sql`body`, [sql`occurred_at = found.occurred_at`, sql`id = found.id`])} OFFSET 0) event
    ORDER BY found.occurred_at, found.id`)
  const rows = await tx.query<Parameters<typeof eventOf>[0]>(text, values)
  const typed = request.typed.toLowerCase()
  const holds = ({ value, label }: Choice) =>
    value.toLowerCase().includes(typed) || (label ?? "").toLowerCase().includes(typed)
  // Oldest first: of several names of a value the newest stays.
  return rows.map(eventOf).flatMap(event => choicesOf[request.field](event).filter(holds))
}

/** The start of the month in UTC, as the partitions have it, that many months after the one of the instant. */
function monthStart(instant: Instant, months: number): Instant {
  const date = instantToDate(instant)
  return instantFromDate(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)))
}
