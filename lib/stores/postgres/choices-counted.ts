import type { FieldThatIs } from "@/lib/audit/query/fields"
import { type ChoicesRequest, countedEvents } from "@/lib/audit/store"
import type { Tx } from "@/lib/database/tx"
import { choicesOfEvent, type FoundChoice } from "./choices-values"
import { type Conditions, codeOfEvent, containsText, triedOf } from "./conditions"
import { inWindow } from "./parts"
import { type EventRow, eventOf, selectEvents } from "./rows"
import { all, any, render, type Sql, sql } from "./sql"

/** The number of values whose names are compared with the typed text; without one, only the displayed values get a name. */
const mostNamed = { plain: 200, typed: 2_000 }

/**
 * The columns that conditions are tested on. Ten thousand bodies need much memory, so the code is read from it already, if need be.
 */
const triedColumns = sql`id, app_id, index, occurred_at, operation, status, actor_id, source_ip, target_keys, request_id,
  search_text, ${codeOfEvent} AS operation_code, NULL::text AS body`

/** The value and, where several come from one event, the rows that contain them. */
const valueColumns: Record<FieldThatIs<"countable">, { readonly value: Sql; readonly rows: Sql }> = {
  operation: { value: sql`operation`, rows: sql`tried` },
  code: { value: sql`operation_code::text`, rows: sql`tried` },
  actor: { value: sql`actor_id`, rows: sql`tried` },
  // A key is an id, or a type and an id joined by a colon; only a type and id can end with a colon and another key.
  target: {
    value: sql`key`,
    rows: sql`tried CROSS JOIN LATERAL (SELECT key FROM unnest(target_keys) key WHERE EXISTS
      (SELECT FROM unnest(target_keys) id WHERE right(key, length(id) + 1) = ':' || id)) keys`,
  },
  ip: { value: sql`host(source_ip)`, rows: sql`tried` },
}

export interface CountedChoices {
  readonly choices: readonly FoundChoice[]
  /** How many events were counted, of those that were read. */
  readonly events: number
  /** True when no event of the time range is older than those that were read. */
  readonly whole: boolean
}

interface CountedRow extends EventRow {
  readonly value: string
  readonly number: number
  readonly events: number
  readonly looked: number
}

/** Returns the values of the newest events of the query, each with the number of those that have it. */
export async function countChoices(
  tx: Tx,
  { field, typed, selection }: ChoicesRequest,
  conditions: Conditions,
): Promise<CountedChoices> {
  const { value, rows } = valueColumns[field]
  const newest = sql`${selectEvents(triedColumns, [inWindow(selection.window), ...conditions.indexed])}
    ORDER BY occurred_at DESC, id DESC LIMIT ${countedEvents}`
  const mayHold = any([containsText(typed), sql`strpos(lower(${value}), lower(${typed}::text)) > 0`])
  const named = typed === "" ? mostNamed.plain : mostNamed.typed
  const statement = render(sql`WITH looked AS MATERIALIZED (${newest}),
    tried AS MATERIALIZED (SELECT * FROM looked WHERE ${all(triedOf(conditions, null))}),
    counted AS (
      SELECT ${value} AS value, count(*) AS number, max(occurred_at) AS at,
        (array_agg(id ORDER BY occurred_at DESC, id DESC))[1] AS id
      FROM ${rows} WHERE ${value} IS NOT NULL AND ${typed === "" ? sql`true` : mayHold}
      GROUP BY 1 ORDER BY at DESC, id DESC LIMIT ${named}
    )
    SELECT (SELECT count(*) FROM looked) AS looked, (SELECT count(*) FROM tried) AS events,
      counted.value, counted.number, newest.body, 0 AS index, ''::bytea AS leaf_hash
    FROM (SELECT) one LEFT JOIN counted ON true LEFT JOIN LATERAL (
      ${selectEvents(sql`body`, [sql`occurred_at = counted.at`, sql`id = counted.id`])}
    ) newest ON true`)
  const answer = await tx.query<CountedRow>(statement.text, statement.values)
  const choices = answer
    .filter(row => row.body !== null)
    .flatMap(row => {
      const found = choicesOfEvent(field, eventOf(row)).find(choice => choice.value === row.value)
      return found ? [{ ...found, count: row.number }] : []
    })
  const [first] = answer
  return { choices, events: first?.events ?? 0, whole: (first?.looked ?? 0) < countedEvents }
}
