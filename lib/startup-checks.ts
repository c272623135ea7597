import { readMigrations } from "@/lib/database/migrations/files"
import { compareHistory, type HistoryRow, historyQuery } from "@/lib/database/migrations/history"
import type { Database } from "./database/database"

/** Thrown at the start when the database would break a guarantee; the message tells the operator what to change. */
export class StartupError extends Error {
  override readonly name = "StartupError"
}

const oldestVersion = 150_000

/** Settings without which the log would be slow or would lose what it acknowledged. */
const neededSettings: Readonly<
  Record<string, { readonly fits: (value: string) => boolean; readonly advice: string }>
> = {
  synchronous_commit: {
    fits: value => value !== "off",
    advice:
      "acknowledged events could be lost in a crash. Set synchronous_commit = on for the server, the database and the role of DATABASE_URL",
  },
  plan_cache_mode: {
    fits: value => value === "force_custom_plan",
    advice:
      'searches would become a thousand times slower after a few runs. Run "npm run migrate" or: ALTER ROLE CURRENT_USER SET plan_cache_mode = force_custom_plan',
  },
  // In milliseconds. Longer than the minute that an export waits for its reader, or the server would end a live export.
  idle_in_transaction_session_timeout: {
    fits: value => Number(value) > 60_000,
    advice: `transactions that nobody goes on with would hold their connection and old rows for ever; more than 60 s are needed. Run "npm run migrate" or: ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = '90s'`,
  },
}

/**
 * Checks that the database keeps the guarantees of this program. Throws StartupError with every reason, or AppError
 * `unavailable`.
 */
export async function runStartupChecks(database: Database): Promise<void> {
  const reasons = [
    ...(await checkServer(database)),
    ...(await checkRole(database)),
    ...(await checkMigrations(database)),
  ]
  if (reasons.length === 0) return
  throw new StartupError(
    ["The database of DATABASE_URL cannot be used:", ...reasons.map(reason => `  - ${reason}`)].join("\n"),
  )
}

async function checkServer(database: Database): Promise<readonly string[]> {
  const settings = await database.queryDirectly<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY($1)",
    [["server_version_num", "server_version", ...Object.keys(neededSettings)]],
  )
  const found = new Map(settings.map(({ name, setting }) => [name, setting]))
  const reasons: string[] = []
  if (Number(found.get("server_version_num")) < oldestVersion) {
    reasons.push(`It is PostgreSQL ${found.get("server_version")}; version 15 or newer is needed.`)
  }
  for (const [name, { fits, advice }] of Object.entries(neededSettings)) {
    const value = found.get(name) ?? "not known"
    if (!fits(value)) reasons.push(`Its setting ${name} is ${value}: ${advice}.`)
  }
  return reasons
}

interface RoleFacts {
  readonly role: string
  readonly superuser: boolean
  readonly bypasses: boolean
  readonly owns: boolean
  readonly powers: readonly string[]
}

const roleQuery = `
  SELECT rolname AS role, rolsuper AS superuser, rolbypassrls AS bypasses,
    EXISTS (
      SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'ledger') AND c.relkind IN ('r', 'p')
        AND pg_catalog.pg_has_role(current_user, c.relowner, 'MEMBER')
    ) AS owns,
    ARRAY(
      SELECT p.rolname::text FROM pg_catalog.pg_roles p
      WHERE p.rolname IN ('auditorium_reader', 'auditorium_writer', 'auditorium_maintenance')
        AND pg_catalog.pg_has_role(current_user, p.oid, 'MEMBER')
    ) AS powers
  FROM pg_catalog.pg_roles WHERE rolname = current_user`

async function checkRole(database: Database): Promise<readonly string[]> {
  const [facts] = await database.queryDirectly<RoleFacts>(roleQuery)
  if (!facts) return []
  const { role } = facts
  if (facts.superuser) {
    return [
      `The role ${role} is a superuser, whom no row-level security stops. Connect as a role of its own that owns nothing.`,
    ]
  }
  const reasons: string[] = []
  if (facts.bypasses) {
    reasons.push(`The role ${role} bypasses row-level security. Run: ALTER ROLE "${role}" NOBYPASSRLS.`)
  }
  if (facts.owns) {
    reasons.push(
      `The role ${role} owns tables, or is a member of their owner. DATABASE_URL must name another role than DATABASE_OWNER_URL.`,
    )
  } else if (facts.powers.length > 0) {
    const powers = facts.powers.join(", ")
    reasons.push(`The role ${role} is a member of ${powers}. Run: REVOKE ${powers} FROM "${role}".`)
  }
  return reasons
}

async function checkMigrations(database: Database): Promise<readonly string[]> {
  const { problem, pending } = await readMigrationLevel(database)
  return problem === null
    ? pending === 0
      ? []
      : [`It lacks ${pending} migrations. Run: npm run migrate.`]
    : [problem]
}

/** How far the database is migrated. `problem` is null when it fits this version of the program, or only lacks migrations. */
export interface MigrationLevel {
  /** Name of the newest applied migration. */
  readonly applied: string | null
  readonly pending: number
  readonly problem: string | null
}

/** Returns the migration level as the application role sees it. */
export async function readMigrationLevel(database: Database): Promise<MigrationLevel> {
  const migrations = await readMigrations()
  const [{ visible = false } = {}] = await database.queryDirectly<{ visible?: boolean }>(
    "SELECT coalesce(has_table_privilege(to_regclass('public._prisma_migrations'), 'SELECT'), false) AS visible",
  )
  const history = visible ? await database.queryDirectly<HistoryRow>(historyQuery) : []
  const { applied, pending, problem } = compareHistory(migrations, history)
  return { applied: applied.at(-1) ?? null, pending: pending.length, problem }
}
