import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { maintainPartitions } from "@/lib/ledger/partitions"
import { MigrationError } from "./error"
import { type Migration, prismaFolder, readMigrations, readRoles } from "./files"
import {
  compareHistory,
  createHistory,
  type HistoryRow,
  historyQuery,
  type MigrationState,
  recordStatement,
} from "./history"
import { isLockTimeout } from "./online/short-lock"
import { provisionRoles } from "./roles"

interface MigrateOptions {
  /** A direct connection as the owner of the database. */
  readonly ownerUrl: string
  /** The login role of DATABASE_URL. */
  readonly applicationRole: string
  /** Its password: with it, a missing role is created. */
  readonly applicationPassword?: string
  /** The folder with `migrations` and `roles.sql`; absent = the project's. */
  readonly folder?: string
  readonly log?: (message: string) => void
  /** The instant that decides which monthly partitions are near; absent = now, by this machine's clock. */
  readonly at?: Date
}

/** Any number, as long as every runner uses the same. */
const lockKey = 7_239_001_145
/** With pauses of 1 and 2 seconds between: a start should not wait for somebody's export. */
const partitionAttempts = 3

/**
 * Brings roles, tables, functions and partitions to this version. Several runners may start at once: one works, the others
 * wait and find nothing to do. Each migration is applied completely or not at all.
 */
export async function migrate(options: MigrateOptions): Promise<{ readonly applied: readonly string[] }> {
  const { ownerUrl, folder = prismaFolder(), log = () => {}, at = new Date() } = options
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "auditorium migrate" })
  await client.connect()
  try {
    await lock(client, log)
    const application = { name: options.applicationRole, password: options.applicationPassword }
    await provisionRoles(client, application, await readRoles(folder), log)
    await createHistoryTable(client)
    const { pending, problem } = await readState(client, migrations)
    if (problem !== null) throw new MigrationError(problem)
    for (const migration of pending) {
      log(`Applying the migration ${migration.name}.`)
      await apply(client, migration, log)
    }
    const { delayed } = await maintainPartitions(client, { at, attempts: partitionAttempts })
    if (delayed.length > 0) log(delayedPartitions)
    return { applied: pending.map(({ name }) => name) }
  } finally {
    await client.end()
  }
}

/** Returns how the database compares with this version's migrations; changes nothing. */
export async function readMigrationState(options: {
  readonly ownerUrl: string
  readonly folder?: string
}): Promise<MigrationState> {
  const migrations = await readMigrations(options.folder ?? prismaFolder())
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: "auditorium migrate" })
  await client.connect()
  try {
    const found = await client.query("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS found")
    return found.rows[0]?.found ? await readState(client, migrations) : compareHistory(migrations, [])
  } finally {
    await client.end()
  }
}

const delayedPartitions =
  "Monthly partitions could not be brought up to date, because the table of events is in use (by an export, for example). Nothing is lost and nothing has to be done: the worker tries again every hour."

async function lock(client: pg.Client, log: (message: string) => void): Promise<void> {
  const tried = await client.query("SELECT pg_try_advisory_lock($1) AS got", [lockKey])
  if (tried.rows[0]?.got) return
  log("Another process is migrating this database: waiting for it.")
  await client.query("SELECT pg_advisory_lock($1)", [lockKey])
}

/** Repeating a grant would lock the table against readers at every start. */
async function createHistoryTable(client: pg.Client): Promise<void> {
  const ready = await client.query(
    "SELECT has_table_privilege('auditorium_application', to_regclass('public._prisma_migrations'), 'SELECT') AS ready",
  )
  if (!ready.rows[0]?.ready) await client.query(createHistory)
}

async function readState(client: pg.Client, migrations: readonly Migration[]): Promise<MigrationState> {
  const { rows } = await client.query<HistoryRow>(historyQuery)
  return compareHistory(migrations, rows)
}

/**
 * Applies the migration. Where it needs a lock on a table in use, it waits only briefly and tries again: everybody waits
 * behind it.
 */
async function apply(client: pg.Client, migration: Migration, log: (message: string) => void): Promise<void> {
  for (const pauseMs of [...pausesMs, null]) {
    try {
      return await applyOnce(client, migration)
    } catch (error) {
      if (pauseMs === null || !(error instanceof MigrationError) || !isLockTimeout(error.cause)) throw error
      log(`Readers hold what the migration ${migration.name} changes. Trying again in ${pauseMs / 1000} s.`)
      await sleep(pauseMs)
    }
  }
}

/** Together a little longer than an export may wait for its reader. */
const pausesMs = [200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 45_000]

async function applyOnce(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query("BEGIN")
    await client.query("SET LOCAL lock_timeout = '300ms'")
    await client.query(migration.sql)
    await client.query(recordStatement(migration))
    await client.query("COMMIT")
  } catch (error) {
    await client.query("ROLLBACK")
    throw new MigrationError(`The migration ${migration.name} failed and was undone: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
