import type { Selection } from "@/lib/audit/query/selection"
import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { allOf, belowSize, type Conditions } from "./conditions"
import { Handover } from "./handover"
import { inWindow, wholeSpan } from "./parts"
import { recordedEvents } from "./recorded"
import { type EventRow, eventColumns, selectEvents } from "./rows"
import { render, type Sql, sql } from "./sql"
import { gatheredEvents, gathering } from "./text"

const batchEvents = 1_000
/** A slow reader may take its time between two batches, and the first one may need to sort everything. */
const batchTimeoutMs = 60_000

interface Streaming {
  readonly organizationId: string
  readonly selection: Selection
  readonly conditions: Conditions
}

/**
 * Yields the rows of all events of the query from one snapshot, in batches, with one batch read ahead. When the signal
 * aborts or the reader stops, the connection is closed, which ends the statement; an abort is thrown.
 */
export async function* streamEvents(
  database: Database,
  streaming: Streaming,
  signal: AbortSignal,
): AsyncGenerator<readonly EventRow[]> {
  const stop = new AbortController()
  const rows = new Handover<readonly EventRow[]>()
  const work = database
    .withOrganization(streaming.organizationId, tx => readAll(tx, streaming, rows), {
      readOnly: true,
      repeatableRead: true,
      purpose: "export",
      signal: AbortSignal.any([signal, stop.signal]),
    })
    .then(
      () => rows.end(),
      error => rows.fail(error),
    )
  try {
    for (let batch = await rows.take(); batch; batch = await rows.take()) yield batch
  } finally {
    stop.abort()
    rows.refuse()
    await work
  }
}

async function readAll(tx: Tx, streaming: Streaming, rows: Handover<readonly EventRow[]>): Promise<void> {
  await tx.query(`SET LOCAL statement_timeout = ${batchTimeoutMs}`)
  // The planner then prefers plans that start early and continue in order over those that sort everything first.
  await tx.query("SET LOCAL cursor_tuple_fraction = 0.01")
  if (await isCommonText(tx, streaming)) await tx.query("SET LOCAL enable_bitmapscan = off")
  const { text, values } = render(sql`DECLARE exported NO SCROLL CURSOR FOR ${statementOf(streaming)}`)
  await tx.query(text, values)
  let isTaken = true
  while (isTaken) {
    const batch = await tx.query<EventRow>(`FETCH ${batchEvents} FROM exported`)
    if (batch.length > 0) isTaken = await rows.give(batch)
    if (batch.length < batchEvents) return
  }
}

/** For a common text the planner would collect everything and sort it on disk, because it assumes that every text is rare. */
async function isCommonText(tx: Tx, { selection, conditions }: Streaming): Promise<boolean> {
  if (!conditions.text) return false
  const gathered = gathering({ condition: inWindow(selection.window) }, [conditions.text])
  const { text, values } = render(sql`SELECT count(*) AS number FROM (${gathered}) gathered`)
  const [row] = await tx.query<{ number: number }>(text, values)
  return (row?.number ?? 0) > gatheredEvents
}

function statementOf({ selection, conditions }: Streaming): Sql {
  const { window, order, asOf } = selection
  if (order === "recorded") return recordedEvents(belowSize(asOf), window, conditions)
  const span = wholeSpan(window, order)
  const events = selectEvents(eventColumns, [span.condition, allOf(conditions, asOf)])
  return sql`${events} ORDER BY ${span.order}`
}
