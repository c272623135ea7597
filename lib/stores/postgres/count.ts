import type { Window } from "@/lib/audit/query/query"
import type { BoundedCount } from "@/lib/audit/store"
import type { Tx } from "@/lib/db"
import { belowSize, type Selection } from "./conditions"
import { inWindow } from "./parts"
import { selectEvents } from "./rows"
import { all, render, type Sql, sql } from "./sql"

/** What is counted, and how far. */
export interface Counting {
  readonly window: Window
  readonly selection: Selection
  readonly asOf: number | null
  readonly limit: number
}

/** A count without an index looks at this many events for each that it may count. */
const lookedAtForEach = 5

/**
 * Promise: the number of events that match, counted to the limit and no further; where no index leads to them, out of the
 * newest of the window, at most five times the limit.
 */
export async function countEvents(tx: Tx, counting: Counting): Promise<BoundedCount> {
  const { limit, selection } = counting
  const asOf = await growthSince(tx, counting.asOf)
  const tried = all([...selection.looked, ...belowSize(asOf)])
  const isLook = selection.looked.length > 0
  const bound = limit * lookedAtForEach
  const events = selectEvents(isLook ? sql`*` : sql`index`, [inWindow(counting.window), ...selection.indexed])
  const found = isLook
    ? sql`SELECT FROM (${newest(events)} LIMIT ${bound}) looked_at WHERE ${tried}`
    : selectEvents(sql``, [inWindow(counting.window), ...selection.indexed, tried])
  const count = await numberOf(tx, sql`${found} LIMIT ${limit + 1}`)
  if (count > limit) return { count: limit, exact: false }
  if (!isLook) return { count, exact: true }
  return { count, exact: (await numberOf(tx, sql`${newest(events)} LIMIT 1 OFFSET ${bound}`)) === 0 }
}

/** The size to count to, or null when nothing came since: an index alone then answers, which does not know numbers. */
async function growthSince(tx: Tx, asOf: number | null): Promise<number | null> {
  if (asOf === null) return null
  const [head] = await tx.query<{ size: number }>("SELECT size FROM ledger.visible_head")
  return (head?.size ?? 0) > asOf ? asOf : null
}

function newest(events: Sql): Sql {
  return sql`${events} ORDER BY occurred_at DESC, id DESC`
}

async function numberOf(tx: Tx, events: Sql): Promise<number> {
  const { text, values } = render(sql`SELECT count(*) AS number FROM (${events}) counted`)
  const [row] = await tx.query<{ number: number }>(text, values)
  return row?.number ?? 0
}
