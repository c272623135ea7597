import type { Window } from "@/lib/audit/query/selection"
import type { BoundedCount } from "@/lib/audit/store"
import type { Tx } from "@/lib/database/tx"
import { belowSize, type Conditions, triedOf } from "./conditions"
import { inWindow } from "./parts"
import { selectEvents } from "./rows"
import { all, render, type Sql, sql } from "./sql"

/** What is counted, and up to which limit. */
export interface Counting {
  readonly window: Window
  readonly conditions: Conditions
  readonly asOf: number | null
  readonly limit: number
}

/** A count without an index reads this many events for each that it may count. */
const lookedAtForEach = 5

/**
 * Returns the number of matching events, counted up to the limit; where no index finds them, among the newest events of the
 * time range, at most five times the limit.
 */
export async function countEvents(tx: Tx, counting: Counting): Promise<BoundedCount> {
  const asOf = await growthSince(tx, counting.asOf)
  const bounded = { ...counting, asOf }
  const { indexed, text, looked } = counting.conditions
  if (text) return (await countGathered(tx, bounded, text)) ?? countLooked(tx, bounded)
  if (looked.length > 0) return countLooked(tx, bounded)
  const events = selectEvents(sql``, [inWindow(counting.window), ...indexed, ...belowSize(asOf)])
  return boundedBy(counting.limit, await numberOf(tx, sql`${events} LIMIT ${counting.limit + 1}`))
}

/** Exact when the text is rare; null when more events contain it than may be counted. */
async function countGathered(tx: Tx, { window, conditions, asOf, limit }: Counting, text: Sql) {
  const others = [...conditions.indexed, ...conditions.looked, ...belowSize(asOf)]
  const events = sql`${selectEvents(sql`*`, [inWindow(window), text])} LIMIT ${limit + 1}`
  const statement = render(sql`WITH gathered AS MATERIALIZED (${events})
    SELECT count(*) AS gathered, count(*) FILTER (WHERE ${all(others)}) AS number FROM gathered`)
  const [row] = await tx.query<{ gathered: number; number: number }>(statement.text, statement.values)
  const { gathered, number } = row ?? { gathered: 0, number: 0 }
  return gathered <= limit || number > limit ? boundedBy(limit, number) : null
}

async function countLooked(tx: Tx, { window, conditions, asOf, limit }: Counting): Promise<BoundedCount> {
  const bound = limit * lookedAtForEach
  const newest = sql`${selectEvents(sql`*`, [inWindow(window), ...conditions.indexed])} ORDER BY occurred_at DESC, id DESC`
  const found = sql`SELECT FROM (${newest} LIMIT ${bound}) looked_at WHERE ${all(triedOf(conditions, asOf))}`
  const counted = boundedBy(limit, await numberOf(tx, sql`${found} LIMIT ${limit + 1}`))
  if (!counted.exact) return counted
  return { ...counted, exact: (await numberOf(tx, sql`${newest} LIMIT 1 OFFSET ${bound}`)) === 0 }
}

/**
 * The size to count to, or null when nothing was recorded since: then an index alone answers, which does not contain event
 * numbers.
 */
async function growthSince(tx: Tx, asOf: number | null): Promise<number | null> {
  if (asOf === null) return null
  const [head] = await tx.query<{ size: number }>("SELECT size FROM ledger.visible_head")
  return (head?.size ?? 0) > asOf ? asOf : null
}

function boundedBy(limit: number, number: number): BoundedCount {
  return number > limit ? { count: limit, exact: false } : { count: number, exact: true }
}

async function numberOf(tx: Tx, events: Sql): Promise<number> {
  const { text, values } = render(sql`SELECT count(*) AS number FROM (${events}) counted`)
  const [row] = await tx.query<{ number: number }>(text, values)
  return row?.number ?? 0
}
