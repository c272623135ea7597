import type { Database } from "@/lib/database/database"
import { dateText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"

/** A cursor that only this worker works on while its lease lasts. */
export interface ClaimedCursor {
  readonly id: string
  readonly sinkId: string
  readonly organizationId: string
  /** Includes this one: only the newest claim can settle. */
  readonly claims: number
  readonly nextIndex: number
  /** The end of a replay; null = follows the log. */
  readonly past: number | null
  /** The end of the range that was being sent when its worker ended, or when it failed. */
  readonly sendingPast: number | null
  readonly beginsAt: Date | null
  readonly refusedDueAt: Date | null
  readonly refusalsFrom: Date | null
  readonly failures: number
  readonly firstFailureAt: Date | null
  /** Its last attempt failed or took long, or there was none. */
  readonly isSlow: boolean
}

/** How long a worker has a cursor without saying that it still works on it. */
export const leaseMs = 60_000

interface Row extends Omit<ClaimedCursor, "beginsAt" | "refusedDueAt" | "refusalsFrom" | "firstFailureAt"> {
  readonly beginsAt: string | null
  readonly refusedDueAt: string | null
  readonly refusalsFrom: string | null
  readonly firstFailureAt: string | null
}

// Materialized: the planner may otherwise run the inner statements several times. What another worker has claimed since the list was made
// is excluded by the conditions on the row itself.
const claimStatement = `
  WITH due AS MATERIALIZED (SELECT cursor_id, is_slow FROM ledger.due_sinks($1::timestamptz, $2::int, $3::int)),
  free AS MATERIALIZED (
    SELECT c.id, due.is_slow FROM sink_cursor c JOIN due ON due.cursor_id = c.id
    WHERE c.due_at IS NOT NULL AND (c.leased_until IS NULL OR c.leased_until <= $1::timestamptz) FOR UPDATE OF c SKIP LOCKED
  )
  UPDATE sink_cursor c SET claims = c.claims + 1, leased_until = $4::timestamptz, full_at_size = NULL
  FROM free WHERE c.id = free.id
  RETURNING c.id::text, c.sink_id::text AS "sinkId", c.organization_id::text AS "organizationId", c.claims, c.next_index AS "nextIndex",
    c.past, c.sending_past AS "sendingPast", ${dateText("c.begins_at")} AS "beginsAt",
    ${dateText("c.refused_due_at")} AS "refusedDueAt", ${dateText("c.refusals_from")} AS "refusalsFrom", c.failures,
    ${dateText("c.first_failure_at")} AS "firstFailureAt", free.is_slow AS "isSlow"`

/** Claims at most so many cursors that are due, and of those at most `mostSlow` slow ones. No other worker gets them within the lease. */
export async function claimCursors(
  database: Pick<Database, "queryDirectly">,
  { at, most, mostSlow }: { readonly at: Date; readonly most: number; readonly mostSlow: number },
): Promise<readonly ClaimedCursor[]> {
  const until = new Date(at.getTime() + leaseMs)
  const rows = await database.queryDirectly<Row>(claimStatement, [
    at.toISOString(),
    most,
    mostSlow,
    until.toISOString(),
  ])
  return rows.map(row => ({
    ...row,
    beginsAt: dateOf(row.beginsAt),
    refusedDueAt: dateOf(row.refusedDueAt),
    refusalsFrom: dateOf(row.refusalsFrom),
    firstFailureAt: dateOf(row.firstFailureAt),
  }))
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

type Claim = Pick<ClaimedCursor, "id" | "claims">

/** Says that the worker still has the cursor. Returns false when it has not. */
export async function beat(
  database: Pick<Database, "queryDirectly">,
  { id, claims }: Claim,
  at: Date,
): Promise<boolean> {
  const rows = await database.queryDirectly(
    "UPDATE sink_cursor SET leased_until = $3::timestamptz WHERE id = $1::uuid AND claims = $2::int RETURNING 1 AS held",
    [id, claims, new Date(at.getTime() + leaseMs).toISOString()],
  )
  return rows.length === 1
}

/** Gives the cursor back as it is, to be looked at again at `dueAt`; null = when it was due before. */
export async function release(
  database: Pick<Database, "queryDirectly">,
  { id, claims }: Claim,
  dueAt: Date | null,
): Promise<void> {
  await database.queryDirectly(
    `UPDATE sink_cursor SET leased_until = NULL, due_at = coalesce($3::timestamptz, due_at)
     WHERE id = $1::uuid AND claims = $2::int AND due_at IS NOT NULL`,
    [id, claims, dueAt?.toISOString() ?? null],
  )
}

/** Gives the cursor back where it is, with what went wrong on our own side: the page of the sink then shows that it does not go on. */
export async function releaseFailed(
  database: Pick<Database, "queryDirectly">,
  { id, claims }: Claim,
  { at, dueAt, message }: { readonly at: Date; readonly dueAt: Date; readonly message: string },
): Promise<void> {
  await database.queryDirectly(
    `UPDATE sink_cursor SET leased_until = NULL, due_at = $3::timestamptz, failures = failures + 1, failed = failed + 1,
       first_failure_at = coalesce(first_failure_at, $4::timestamptz), last_error_at = $4::timestamptz, last_error_kind = 'later',
       last_error = $5
     WHERE id = $1::uuid AND claims = $2::int AND due_at IS NOT NULL`,
    [id, claims, dueAt.toISOString(), at.toISOString(), message],
  )
}

/** Columns of a cursor to store. */
export interface CursorChanges {
  readonly nextIndex: number
  readonly sendingPast: number | null
  readonly leasedUntil: Date | null
  readonly dueAt: Date | null
  readonly fullAtSize: number | null
  readonly endedAt: Date | null
  /** False = where the cursor begins is not known yet. */
  readonly hasBegun: boolean
  /** What the cursor counts, in addition. */
  readonly taken: number
  readonly passedOver: number
  readonly refused: number
  readonly missed: number
  /** Absent = there was no attempt. */
  readonly attempt?: {
    readonly at: Date
    readonly tookMs: number | null
    readonly failures: number
    readonly firstFailureAt: Date | null
    readonly error: { readonly kind: string; readonly message: string } | null
  }
}

const storeStatement = `
  UPDATE sink_cursor SET
    next_index = $3::bigint, first_index = CASE WHEN $13::boolean AND begins_at IS NOT NULL THEN $3::bigint ELSE first_index END,
    begins_at = CASE WHEN $13::boolean THEN NULL ELSE begins_at END,
    sending_past = $4::bigint, leased_until = $5::timestamptz, due_at = $6::timestamptz, full_at_size = $7::bigint,
    ended_at = $8::timestamptz, taken = taken + $9::bigint, passed_over = passed_over + $10::bigint,
    refused = greatest(0, refused + $11::bigint), missed = missed + $12::bigint`

const attemptColumns = `, failures = $14::int, first_failure_at = $15::timestamptz, last_attempt_ms = coalesce($16::int, last_attempt_ms)`
const successColumns = `, last_success_at = $17::timestamptz`
const failureColumns = `, failed = failed + 1, last_error_at = $17::timestamptz, last_error_kind = $18, last_error = $19`

/** Stores the changes unless another worker has the cursor, or it was paused or deleted. Returns whether they were stored. */
export async function storeCursor(tx: Tx, { id, claims }: Claim, changes: CursorChanges): Promise<boolean> {
  const { attempt } = changes
  const values: unknown[] = [
    id,
    claims,
    changes.nextIndex,
    changes.sendingPast,
    changes.leasedUntil?.toISOString() ?? null,
    changes.dueAt?.toISOString() ?? null,
    changes.fullAtSize,
    changes.endedAt?.toISOString() ?? null,
    changes.taken,
    changes.passedOver,
    changes.refused,
    changes.missed,
    changes.hasBegun,
  ]
  let columns = ""
  if (attempt !== undefined) {
    const { failures, firstFailureAt, tookMs, at, error } = attempt
    columns = attemptColumns + (error === null ? successColumns : failureColumns)
    values.push(failures, firstFailureAt?.toISOString() ?? null, tookMs, at.toISOString())
    if (error !== null) values.push(error.kind, error.message)
  }
  const where = " WHERE id = $1::uuid AND claims = $2::int AND due_at IS NOT NULL RETURNING 1 AS stored"
  return (await tx.query(storeStatement + columns + where, values)).length === 1
}
