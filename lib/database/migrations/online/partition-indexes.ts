import type pg from "pg"
import { type Patience, withShortLock } from "./short-lock"

/** One leaf partition of `ledger.event`. */
export interface Partition {
  readonly oid: number
  /** With its schema, quoted where necessary. */
  readonly name: string
  /** Its range of times, as PostgreSQL reads them; `-infinity` and `infinity` where there is no bound. */
  readonly from: string
  readonly before: string
}

/** Returns the partitions of `ledger.event` that have, or lack, their part of this index, the newest first. */
export async function partitionsBy(
  client: pg.Client,
  parentIndex: string,
): Promise<{ readonly having: readonly Partition[]; readonly lacking: readonly Partition[] }> {
  const { rows } = await client.query<{ oid: number; name: string; bounds: string; has: boolean }>(
    `SELECT c.oid::int AS oid, c.oid::regclass::text AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds, EXISTS (
       SELECT FROM pg_inherits part JOIN pg_index x ON x.indexrelid = part.inhrelid
       WHERE part.inhparent = $1::regclass AND x.indrelid = c.oid
     ) AS has
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'ledger.event'::regclass ORDER BY c.relname DESC`,
    [parentIndex],
  )
  const found = (has: boolean) =>
    rows.filter(row => row.has === has).map(({ oid, name, bounds }) => ({ oid, name, ...readBounds(bounds) }))
  return { having: found(true), lacking: found(false) }
}

function readBounds(bounds: string): Pick<Partition, "from" | "before"> {
  const [, from, before] = /FROM \((?:'([^']+)'|MINVALUE)\) TO \((?:'([^']+)'|MAXVALUE)\)/.exec(bounds) ?? []
  return { from: from ?? "-infinity", before: before ?? "infinity" }
}

/**
 * Gives the partition its part of the parent's index, as the parent defines it: built while events are read and appended,
 * then attached. An unfinished part of an earlier attempt is built again. Returns false when the lock for attaching could
 * not be acquired; the built index waits for the next attempt.
 */
export async function addPartitionIndex(
  client: pg.Client,
  parentIndex: string,
  partition: Partition,
  patience: Patience,
): Promise<boolean> {
  const child = `ledger.${parentIndex.replace(/^ledger\./, "")}_${partition.oid}`
  const { rows } = await client.query<{ valid: boolean | null; definition: string }>(
    `SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)) AS valid, pg_get_indexdef($2::regclass) AS definition`,
    [child, parentIndex],
  )
  const { valid = null, definition = "" } = rows[0] ?? {}
  if (valid === false) await client.query(`DROP INDEX CONCURRENTLY ${child}`)
  if (valid !== true) {
    const columns = definition.slice(definition.indexOf(" USING "))
    await client.query(
      `CREATE INDEX CONCURRENTLY ${child.replace(/^ledger\./, "")} ON ${partition.name}${columns}`,
    )
  }
  return withShortLock(client, `ALTER INDEX ${parentIndex} ATTACH PARTITION ${child}`, patience)
}

/** Returns whether the index is complete: every partition has its part. */
export async function isValidIndex(client: pg.Client, index: string): Promise<boolean> {
  const { rows } = await client.query<{ valid: boolean }>(
    "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)",
    [index],
  )
  return rows[0]?.valid ?? false
}

/** Returns whether there is an index of that name. */
export async function isIndex(client: pg.Client, index: string): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>("SELECT to_regclass($1) IS NOT NULL AS is", [index])
  return rows[0]?.is ?? false
}
