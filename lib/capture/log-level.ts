import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { chooseLogLevel, type Env } from "@/lib/env/env"
import { LOG_LEVELS, type LogLevel } from "@/lib/env/variables"
import type { Log } from "@/lib/log"

/** The levels that can be chosen while the server runs: a log that says nothing is chosen in the environment only. */
export type ChosenLogLevel = Exclude<LogLevel, "silent">

const name = "log-level"
const everyMs = 2_000

/** Returns the level that was chosen for every process of the installation; null when none was. */
export async function readChosenLogLevel(query: Tx["query"]): Promise<ChosenLogLevel | null> {
  const [row] = await query<{ readonly value: string }>("SELECT value FROM server_setting WHERE name = $1", [
    name,
  ])
  return (
    LOG_LEVELS.find((level): level is ChosenLogLevel => level !== "silent" && level === row?.value) ?? null
  )
}

/** Chooses the level for every process of the installation. */
export async function writeChosenLogLevel(
  query: Tx["query"],
  level: ChosenLogLevel,
  at: Date,
): Promise<void> {
  await query(
    `INSERT INTO server_setting (name, value, changed_at) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    [name, level, at],
  )
}

/**
 * Follows the level that is chosen for the installation, for the lifetime of the process. While the database is away, the
 * last one counts. Does nothing where LOG_LEVEL is set.
 */
export async function followLogLevel(
  { database, env }: { readonly database: Database; readonly env: Pick<Env, "logLevelIsSet"> },
  log: Pick<Log, "warn">,
  pollEveryMs: number = everyMs,
): Promise<{ end: () => void }> {
  if (env.logLevelIsSet) return { end: () => {} }
  let last: ChosenLogLevel | null = null
  const look = async () => {
    const level = await readChosenLogLevel(database.queryDirectly)
    if (level === last) return
    const [before, after] = [last ?? "info", level ?? "info"]
    const tell = () => log.warn("log.level_changed", { logLevel: after })
    last = level
    // Told while the log says more: a quieter one says why it is quieter.
    const becomesQuieter = LOG_LEVELS.indexOf(after) > LOG_LEVELS.indexOf(before)
    if (becomesQuieter) tell()
    chooseLogLevel(level)
    if (!becomesQuieter) tell()
  }
  await look().catch(() => {})
  const timer = setInterval(() => look().catch(() => {}), pollEveryMs)
  timer.unref()
  return { end: () => clearInterval(timer) }
}
