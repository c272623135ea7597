import type { Tx } from "@/lib/db"
import { type FoundPart, type Look, readLook, stepEvents } from "./look"
import type { TimePart } from "./parts"
import { type EventRow, eventColumns, readSized, selectEvents } from "./rows"
import { all, type Sql, sql } from "./sql"

/** Matches of a text that are gathered, at the most, to be put in order. */
export const gatheredEvents = 5_000
/** A text that one event in twenty holds is common; so many times as many events are glanced at as are wanted. */
const glancesForEach = 20

interface ByText extends Omit<Look, "step"> {
  readonly text: Sql
}

/**
 * Promise: the matches of a part of the window. The index of text knows no order, and behind row-level security the planner
 * may not know how common a text is, so that is found out: a common text fills a page from a glance at the first events, of
 * a rare one all matches are gathered, and one in between is looked for as if there were no index.
 */
export async function readByText(tx: Tx, { text, tried, ...search }: ByText): Promise<FoundPart> {
  const step = Math.min(stepEvents, search.limit * glancesForEach)
  const look = { ...search, tried: [text, ...tried] }
  // Where the months before were glanced at and gathered, the text is rare.
  const glance = search.part.isFirst ? await readLook(tx, { ...look, step }) : null
  if (glance && (glance.rows.length >= search.limit || !glance.stoppedAt)) return glance
  const gathered = await readGathered(tx, { text, tried, ...search })
  if (gathered) return gathered
  return glance && step === stepEvents ? glance : readLook(tx, { ...look, step: stepEvents })
}

/** All matches in order; null when there are too many. The other conditions are tried afterwards, so that the bound holds. */
async function readGathered(
  tx: Tx,
  { part, indexed, text, tried, limit }: ByText,
): Promise<FoundPart | null> {
  const wanted = sql`SELECT * FROM gathered WHERE ${all([...indexed, ...tried])}
    ORDER BY ${part.order} LIMIT ${limit}`
  const columns = sql`${eventColumns}, (SELECT count(*) FROM gathered) AS gathered`
  const { size, rows, first } = await readSized<EventRow & { readonly gathered: number }>(
    tx,
    columns,
    wanted,
    part.order,
    gatheredBy(part, text, gatheredEvents + 1),
  )
  return first && first.gathered > gatheredEvents ? null : { rows, size, stoppedAt: null }
}

/** Promise: the beginning of a statement that gathers events with the text, in no order, and no more than so many. */
export function gatheredBy(part: Pick<TimePart, "condition">, text: Sql, limit: number): Sql {
  return sql`WITH gathered AS MATERIALIZED (${selectEvents(sql`*`, [part.condition, text])} LIMIT ${limit}) `
}
