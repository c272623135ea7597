import type { Tx } from "@/lib/database/tx"

/**
 * The settings of the server that a dump shows. Others may hold passwords (of a replica, of a command that archives), so none is
 * shown that is not named here.
 */
const shownSettings = [
  "server_version",
  "server_encoding",
  "data_checksums",
  "fsync",
  "full_page_writes",
  "synchronous_commit",
  "wal_level",
  "max_wal_size",
  "checkpoint_timeout",
  "max_connections",
  "shared_buffers",
  "effective_cache_size",
  "work_mem",
  "maintenance_work_mem",
  "random_page_cost",
  "jit",
  "autovacuum",
  "plan_cache_mode",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "default_transaction_read_only",
  "TimeZone",
] as const

/** How the database is set, and how large it is. */
export interface DatabaseFacts {
  readonly settings: readonly { readonly name: string; readonly value: string; readonly source: string }[]
  readonly bytes: number
  readonly tables: readonly {
    readonly name: string
    readonly bytes: number
    /** As PostgreSQL estimates it; -1 = not known yet. */
    readonly rows: number
  }[]
}

/** Returns what a support dump tells of the database. It contains nothing of what is stored. */
export async function describeDatabase(query: Tx["query"]): Promise<DatabaseFacts> {
  const settings = await query<DatabaseFacts["settings"][number]>(
    `SELECT name, concat_ws(' ', setting, unit) AS value, source FROM pg_catalog.pg_settings
     WHERE name = ANY($1) ORDER BY name`,
    [shownSettings],
  )
  const [size] = await query<{ bytes: number }>(
    "SELECT pg_catalog.pg_database_size(current_database())::float8 AS bytes",
  )
  const tables = await query<DatabaseFacts["tables"][number]>(
    `SELECT n.nspname || '.' || c.relname AS name, pg_catalog.pg_total_relation_size(c.oid)::float8 AS bytes,
       c.reltuples::float8 AS rows
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'ledger') AND c.relkind = 'r' ORDER BY bytes DESC, name LIMIT 500`,
  )
  return { settings, bytes: size?.bytes ?? 0, tables }
}
