import { followLogLevel } from "@/lib/capture/log-level"
import { keepLog } from "@/lib/server-log/kept-log"
import { connectionProblem } from "./database/connection-problem"
import { sqlState } from "./database/errors"
import { log } from "./log"
import { type Platform, platform } from "./platform"
import { prepareServing } from "./prepare-serving"
import { runStartupChecks, StartupError } from "./startup-checks"
import { watchClock } from "./watch-clock"

/** Resolves when the database can be used; otherwise ends the process after printing what to change. */
export async function startServing(): Promise<void> {
  try {
    keepLog(platform().env.dataDirectory, "server", error => log.warn("log.not_kept", { error }))
    for (const warning of platform().env.capture.warnings) log.warn("capture.environment", { warning })
    await checkDatabase(platform())
    await watchClock(platform().clock, log)
    await followLogLevel(platform(), log)
    // A start that could not prepare serves all the same, only its first requests take longer.
    await prepareServing(platform()).catch(error => log.warn("start.not_prepared", { error }))
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`)
    process.exit(1)
  }
}

/**
 * Resolves when the database can be used. Throws StartupError that says what to change: a url that leads nowhere, a refused
 * password, a role or a setting that would break a guarantee.
 */
export async function checkDatabase({ database, env }: Pick<Platform, "database" | "env">): Promise<void> {
  try {
    await runStartupChecks(database)
  } catch (error) {
    const problem = connectionProblem(error, "DATABASE_URL", env.databaseUrl)
    throw problem === null ? error : new StartupError(problem, { cause: error })
  }
}

/** Returns whether waiting cannot help: a setting must be changed first. */
export function needsSomebody(error: unknown): error is StartupError {
  if (!(error instanceof StartupError)) return false
  return error.cause === undefined || /^(28|3D)/.test(String(sqlState(error.cause)))
}
