import type { Migration } from "./files"

/** Prisma's own history table, so that its tools find what they expect. */
export const createHistory = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
);
GRANT SELECT ON public._prisma_migrations TO auditorium_application;`

/** The statement that records a migration as applied. Its values are our own file names and hashes. */
export function recordStatement({ name, checksum }: Migration): string {
  return (
    "INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) " +
    `VALUES (gen_random_uuid()::text, '${checksum}', '${name}', now(), 1);`
  )
}

/** The statement whose rows `compareHistory` reads. */
export const historyQuery = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`

export interface HistoryRow {
  readonly name: string
  readonly checksum: string
  readonly finished: boolean
}

/**
 * How a database compares with the migrations of this version of the program. `problem` says in words why it cannot be
 * used.
 */
export interface MigrationState {
  readonly applied: readonly string[]
  readonly pending: readonly Migration[]
  readonly problem: string | null
}

/** Returns which migrations are applied, which are pending, and what contradicts them. */
export function compareHistory(
  migrations: readonly Migration[],
  history: readonly HistoryRow[],
): MigrationState {
  const known = new Map(migrations.map(migration => [migration.name, migration]))
  const applied = new Set(history.filter(row => row.finished).map(row => row.name))
  return {
    applied: [...applied],
    pending: migrations.filter(({ name }) => !applied.has(name)),
    problem:
      history.map(row => problemOf(row, known.get(row.name))).find(problem => problem !== null) ?? null,
  }
}

function problemOf(row: HistoryRow, known: Migration | undefined): string | null {
  if (!known) {
    return `The database has the migration ${row.name}, which this version of the program does not know: a newer version was here. Start that version again, or restore the database from before the update.`
  }
  if (!row.finished) {
    return `The migration ${row.name} was begun by another tool and not finished. Restore the database from before it, or finish it by hand and set finished_at of its row in _prisma_migrations.`
  }
  if (row.checksum !== known.checksum) {
    return `The migration ${row.name} was applied in another form than it has in this folder. Migrations are never edited once they were applied: restore prisma/migrations/${row.name}/migration.sql.`
  }
  return null
}
