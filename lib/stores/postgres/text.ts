import type { Tx } from "@/lib/db"
import { type FoundPart, type Look, readLook, stepEvents } from "./look"
import type { TimePart } from "./parts"
import { type EventRow, eventColumns, readSized, selectEvents } from "./rows"
import { all, type Sql, sql } from "./sql"

/** Matches of a text that are gathered, at the most, to be put in order. */
export const gatheredEvents = 5_000
/** A text is common when one event in four holds it: so many are glanced at for each that is wanted. */
const glancesForEach = 4

interface ByText extends Omit<Look, "step"> {
  readonly text: Sql
}

/**
 * Returns the matches of a part of the window. The index of text knows no order, and behind row-level security the planner may
 * not know how common a text is, so that is found out. A text that is common fills a page from a glance at the first events,
 * which costs what a page without a text costs; of a rare one all matches are gathered; one in between is looked for as if
 * there were no index.
 */
export async function readByText(tx: Tx, search: ByText): Promise<FoundPart> {
  const { part, indexed, text, tried, limit } = search
  const look = { part, indexed, tried: [text, ...tried], limit }
  if (part.isFirst) {
    const { rows, size, stoppedAt } = await readLook(tx, { ...look, step: limit * glancesForEach })
    // Enough, or the whole part was glanced at.
    if (rows.length >= limit || stoppedAt === null) return { rows, size, stoppedAt: null }
  }
  return (await readGathered(tx, search)) ?? readLook(tx, { ...look, step: stepEvents })
}

function readGathered(tx: Tx, search: ByText): Promise<FoundPart | null> {
  const { part, text, limit } = search
  const before = sql`WITH gathered AS MATERIALIZED (${gathering(part, [text])}) `
  return readBounded(tx, part, sql`${gathered(search)} ORDER BY ${part.order} LIMIT ${limit}`, before)
}

/** The other conditions are tried on what was gathered, so that the bound holds whatever is asked. */
function gathered({ indexed, tried }: ByText): Sql {
  return sql`SELECT occurred_at, id, ${eventColumns} FROM gathered WHERE ${all([...indexed, ...tried])}`
}

/** Promise: the SELECT of events of the part that meet the conditions, in no order, one more than may be gathered. */
export function gathering({ condition }: Pick<TimePart, "condition">, conditions: readonly Sql[]): Sql {
  return sql`${selectEvents(sql`*`, [condition, ...conditions])} LIMIT ${gatheredEvents + 1}`
}

/** Null when there were too many to gather. */
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
