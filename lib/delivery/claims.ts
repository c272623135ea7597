import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"

/**
 * A table whose rows are work that several workers share. The names are SQL of our own code, never input. Needs a column
 * `id uuid`.
 */
export interface Queue {
  readonly table: string
  /** Condition of the rows whose work has not ended. */
  readonly open: string
  /** A timestamptz. A claim moves it to the end of the lease: the row is due again when its worker was killed. */
  readonly due: string
  /** An integer that each claim increases: only the newest claim can settle the row. */
  readonly claims: string
}

/** A row that only this worker works on until its lease ends. */
export interface Claim {
  readonly id: string
  /** Includes this one. */
  readonly claims: number
}

export interface Claiming {
  readonly at: Date
  readonly most: number
  /** Longer than the work of one claim may take. */
  readonly leaseMs: number
}

/** Claims up to `most` rows that are due, the oldest ones; no other worker gets them within the lease. Returns them. */
export function claimDue(
  tx: Pick<Tx, "query">,
  { table, open, due, claims }: Queue,
  { at, most, leaseMs }: Claiming,
): Promise<readonly Claim[]> {
  // Materialized: the planner may otherwise run the inner statement several times and claim more rows than the limit.
  const statement = `WITH free AS MATERIALIZED (
      SELECT id FROM ${table} WHERE ${open} AND ${due} <= $1::timestamptz
      ORDER BY ${due}, id LIMIT $2::int FOR UPDATE SKIP LOCKED
    )
    UPDATE ${table} claimed SET ${claims} = claimed.${claims} + 1, ${due} = $3::timestamptz
    FROM free WHERE claimed.id = free.id
    RETURNING claimed.id::text AS id, claimed.${claims} AS claims`
  return tx.query<Claim>(statement, [at.toISOString(), most, new Date(at.getTime() + leaseMs).toISOString()])
}

/**
 * Stores the result of the work in the columns of the row, unless the claim has expired and another worker has the row.
 * Returns whether it was stored.
 */
export async function settleClaim(
  database: Pick<Database, "queryDirectly">,
  { table, open, claims }: Queue,
  claim: Claim,
  columns: Readonly<Record<string, string | number | null>>,
): Promise<{ readonly settled: boolean }> {
  const names = Object.keys(columns)
  const changes = names.map((name, position) => `${name} = $${position + 3}`).join(", ")
  const rows = await database.queryDirectly(
    `UPDATE ${table} SET ${changes} WHERE id = $1::uuid AND ${claims} = $2::int AND ${open} RETURNING 1 AS settled`,
    [claim.id, claim.claims, ...names.map(name => columns[name])],
  )
  return { settled: rows.length === 1 }
}
