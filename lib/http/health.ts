import { log } from "@/lib/log"
import { version } from "@/lib/operations/version"
import { clockSkew, migrationLevel } from "@/lib/platform"
import { callerOf } from "./caller"
import { jsonResponse } from "./headers"
import type { RouteHandler } from "./route"

/**
 * Answers whether this process can serve: 200 when the database answers and is migrated as this version needs, else 503.
 * Anybody may ask, so it says nothing that somebody without an account must not know.
 */
export const answerHealth: RouteHandler = async request => {
  const { requestId } = callerOf(request.headers)
  try {
    const { applied, pending, problem } = await migrationLevel()
    const isMigrated = pending === 0 && problem === null
    const migration = { level: applied, pending, fits: isMigrated }
    const body = {
      status: isMigrated ? "ok" : "unavailable",
      version,
      database: "ok",
      migration,
      clock: clockSkew(),
    }
    return jsonResponse(body, requestId, isMigrated ? {} : unavailable)
  } catch (error) {
    log.warn("health.database_unavailable", { requestId, error })
    return jsonResponse({ status: "unavailable", version, database: "unavailable" }, requestId, unavailable)
  }
}

const unavailable = { status: 503, headers: { "retry-after": "5" } } as const
