import type { Tx } from "@/lib/database/tx"
import { type FoundPart, type Look, readLook, stepEvents } from "./look"
import type { TimePart } from "./parts"
import { type EventRow, eventColumns, readSized, selectEvents } from "./rows"
import { all, type Sql, sql } from "./sql"

/** The most matches of a text that are collected to be sorted. */
export const gatheredEvents = 5_000
/** A text is common when one event in four contains it: this many are sampled for each wanted one. */
const glancesForEach = 4

interface ByText extends Omit<Look, "step"> {
  readonly text: Sql
}

/**
 * Returns the matches of a part of the time range. The index of text has no order, and behind row-level security the
 * planner may not know how common a text is, so this function finds out. A common text fills a page from a sample of the
 * first events, which costs as much as a page without a text; all matches of a rare one are collected; one in between is
 * searched without the index.
 */
export async function readByText(tx: Tx, search: ByText): Promise<FoundPart> {
  const { part, indexed, text, tried, limit } = search
  const look = { part, indexed, tried: [text, ...tried], limit }
  if (part.isFirst) {
    const { rows, size, stoppedAt } = await readLook(tx, { ...look, step: limit * glancesForEach })
    // Enough, or the whole part was sampled.
    if (rows.length >= limit || stoppedAt === null) return { rows, size, stoppedAt: null }
  }
  return (await readGathered(tx, search)) ?? readLook(tx, { ...look, step: stepEvents })
}

function readGathered(tx: Tx, search: ByText): Promise<FoundPart | null> {
  const { part, text, limit } = search
  const before = sql`WITH gathered AS MATERIALIZED (${gathering(part, [text])}) `
  return readBounded(tx, part, sql`${gathered(search)} ORDER BY ${part.order} LIMIT ${limit}`, before)
}

/** The other conditions are tested on what was collected, so that the bound holds for every query. */
function gathered({ indexed, tried }: ByText): Sql {
  return sql`SELECT occurred_at, id, ${eventColumns} FROM gathered WHERE ${all([...indexed, ...tried])}`
}

/** Returns the SELECT of events of the part that meet the conditions, without order, one more than may be collected. */
export function gathering({ condition }: Pick<TimePart, "condition">, conditions: readonly Sql[]): Sql {
  return sql`${selectEvents(sql`*`, [condition, ...conditions])} LIMIT ${gatheredEvents + 1}`
}

/** Null when there were too many to collect. */
async function readBounded(tx: Tx, part: TimePart, wanted: Sql, before: Sql): Promise<FoundPart | null> {
  const columns = sql`${eventColumns}, (SELECT count(*) FROM gathered) AS gathered`
  const { size, rows, first } = await readSized<EventRow & { readonly gathered: number }>(
    tx,
    columns,
    wanted,
    part.order,
    before,
  )
  return first && first.gathered > gatheredEvents ? null : { rows, size, stoppedAt: null }
}
