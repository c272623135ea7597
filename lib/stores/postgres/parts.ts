import type { TimeOrder, Window } from "@/lib/audit/query/selection"
import type { Position } from "@/lib/audit/store"
import { type Instant, monthStart } from "@/lib/audit/time/instant"
import { type Sql, sql } from "./sql"

/** The part of a time range that is still to be read. */
export interface TimeSpan {
  readonly window: Window
  readonly order: TimeOrder
  readonly after: Position | null
}

/** A part of a span that one statement reads. */
export interface TimePart {
  readonly condition: Sql
  readonly order: Sql
  /** True when nothing of the span comes before it. */
  readonly isFirst: boolean
}

/**
 * Returns the span in one or two parts, to be read one after the other: first the two calendar months where the order
 * begins, then the rest. Planning a statement over every month of a long time range takes longer than reading a page.
 */
export function timeParts(span: TimeSpan): readonly TimePart[] {
  const order = timeOrder(span.order)
  const start = startOf(span)
  const isNewest = span.order === "newest"
  const end = isNewest ? sql`occurred_at >= ${span.window.from}` : sql`occurred_at < ${span.window.before}`
  const edge = isNewest ? monthStart(start.at, -1) : monthStart(start.at, 2)
  const isShort = isNewest ? edge <= span.window.from : edge >= span.window.before
  if (isShort) return [{ condition: sql`${start.condition} AND ${end}`, order, isFirst: true }]
  const [near, far] = isNewest
    ? [sql`occurred_at >= ${edge}`, sql`occurred_at < ${edge}`]
    : [sql`occurred_at < ${edge}`, sql`occurred_at >= ${edge}`]
  return [
    { condition: sql`${start.condition} AND ${near}`, order, isFirst: true },
    { condition: sql`${far} AND ${end}`, order, isFirst: false },
  ]
}

/** Returns the whole span as one part, for statements that read all of it. */
export function wholeSpan(window: Window, order: TimeOrder): TimePart {
  return { condition: inWindow(window), order: timeOrder(order), isFirst: true }
}

/** Returns the condition that an event is in the time range. */
export function inWindow({ from, before }: Window): Sql {
  return sql`occurred_at >= ${from} AND occurred_at < ${before}`
}

function timeOrder(order: TimeOrder): Sql {
  return order === "newest" ? sql`occurred_at DESC, id DESC` : sql`occurred_at, id`
}

/**
 * Where reading begins. The position replaces the end of the time range: an index scan can then start at it, while as an
 * additional condition it would be a filter, and an OR of two comparisons gives no start at all.
 */
function startOf({ window, order, after }: TimeSpan): { readonly at: Instant; readonly condition: Sql } {
  if (order === "newest") {
    if (!after || after.occurredAt >= window.before) {
      return { at: window.before, condition: sql`occurred_at < ${window.before}` }
    }
    const { occurredAt: at, id } = after
    return {
      at,
      condition: sql`occurred_at <= ${at} AND (occurred_at, id) < (${at}::timestamptz, ${id}::uuid)`,
    }
  }
  if (!after || after.occurredAt < window.from) {
    return { at: window.from, condition: sql`occurred_at >= ${window.from}` }
  }
  const { occurredAt: at, id } = after
  return {
    at,
    condition: sql`occurred_at >= ${at} AND (occurred_at, id) > (${at}::timestamptz, ${id}::uuid)`,
  }
}
