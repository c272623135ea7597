import { listLateJobs } from "@/lib/delivery/job-states"
import { countFailing } from "@/lib/delivery/sinks/figures"
import { version } from "@/lib/operations/core/version"
import { clockSkew, migrationLevel, platform, writeState } from "@/lib/platform"
import { serverSink } from "@/lib/sinks/server-sink"
import { callerOf } from "./caller"
import { reportFailure } from "./failures"
import { jsonResponse } from "./headers"
import { toAppError } from "./problem"
import type { RouteHandler } from "./route"

/**
 * Reports whether this process can serve: 200 when the database responds, accepts writes and has the migrations of this
 * version, else 503 with the failing part. `writes` is "ok" or what keeps events from being written. `lateJobs` is there
 * when a job of the worker has not run, `failingSinks` when sinks do not deliver; that says nothing about this process. The endpoint is public, so it contains
 * nothing secret.
 */
export const answerHealth: RouteHandler = async request => {
  const { requestId } = callerOf(request.headers)
  try {
    const { applied, pending, problem } = await migrationLevel()
    const isMigrated = pending === 0 && problem === null
    const migration = { level: applied, pending, fits: isMigrated }
    // A database that lacks migrations is not written to.
    const writes = isMigrated ? await writeState() : "ok"
    // An older database does not have the function.
    const textSearch = isMigrated ? await textSearchState() : undefined
    const lateJobs = isMigrated ? await listLateJobs(platform().database.queryDirectly) : []
    const sinks = isMigrated ? await countFailing(platform().database.queryDirectly, serverSinkId()) : noSinks
    const isWell = isMigrated && writes === "ok"
    const body = {
      status: isWell ? "ok" : "unavailable",
      version,
      database: "ok",
      writes,
      migration,
      clock: clockSkew(),
      textSearch,
      ...(lateJobs.length > 0 && { lateJobs }),
      // Of all organizations, and whether the sink of the environment is one of them.
      ...(sinks.failing > 0 && { failingSinks: { count: sinks.failing, environment: sinks.environment } }),
    }
    return jsonResponse(body, requestId, isWell ? {} : unavailable)
  } catch (error) {
    reportFailure({ error: toAppError(error), operation: "health", requestId })
    return jsonResponse({ status: "unavailable", version, database: "unavailable" }, requestId, unavailable)
  }
}

const noSinks = { failing: 0, environment: false }

function serverSinkId(): string | null {
  return serverSink(platform().env.capture.adapter)?.id ?? null
}

/**
 * `rebuilding`: events of an earlier version are searched by fewer parts than new ones. Nothing is lost, and the process
 * can serve.
 */
async function textSearchState(): Promise<"complete" | "rebuilding"> {
  return (await platform().store.searchesWholeTexts()) ? "complete" : "rebuilding"
}

const unavailable = { status: 503, headers: { "retry-after": "5" } } as const
