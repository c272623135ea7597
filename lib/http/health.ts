import { version } from "@/lib/operations/version"
import { clockSkew, migrationLevel, platform, writeState } from "@/lib/platform"
import { callerOf } from "./caller"
import { reportFailure } from "./failures"
import { jsonResponse } from "./headers"
import { toAppError } from "./problem"
import type { RouteHandler } from "./route"

/**
 * Answers whether this process can serve: 200 when the database answers, takes writes and is migrated as this version needs,
 * else 503 with the part that fails. `writes` is "ok" or what keeps events from being written.
 * Anybody may ask, so it says nothing that somebody without an account must not know.
 */
export const answerHealth: RouteHandler = async request => {
  const { requestId } = callerOf(request.headers)
  try {
    const { applied, pending, problem } = await migrationLevel()
    const isMigrated = pending === 0 && problem === null
    const migration = { level: applied, pending, fits: isMigrated }
    // A database that lacks migrations is written to by nobody.
    const writes = isMigrated ? await writeState() : "ok"
    // An older database has no function to ask.
    const textSearch = isMigrated ? await textSearchState() : undefined
    const isWell = isMigrated && writes === "ok"
    const body = {
      status: isWell ? "ok" : "unavailable",
      version,
      database: "ok",
      writes,
      migration,
      clock: clockSkew(),
      textSearch,
    }
    return jsonResponse(body, requestId, isWell ? {} : unavailable)
  } catch (error) {
    reportFailure({ error: toAppError(error), operation: "health", requestId })
    return jsonResponse({ status: "unavailable", version, database: "unavailable" }, requestId, unavailable)
  }
}

/** `rebuilding`: events of an earlier version are searched by less than the present ones. Nothing is lost, and it can serve. */
async function textSearchState(): Promise<"complete" | "rebuilding"> {
  return (await platform().store.searchesWholeTexts()) ? "complete" : "rebuilding"
}

const unavailable = { status: 503, headers: { "retry-after": "5" } } as const
