import type { Instrumentation } from "next"

/** Refuses to serve when the database or its role would break a guarantee, and says what to change. */
export async function register(): Promise<void> {
  // Next.js compiles this file for the edge too, where none of the following exists.
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { log } = await import("@/lib/log")
  // From here on our HTTP server writes its lines, and those of Next.js, to the same log (scripts/launcher/log-lines.mjs).
  Reflect.set(globalThis, Symbol.for("auditorium.log"), log)
  const { startServing } = await import("@/lib/start-serving")
  await startServing()
  const { offerRpc } = await import("@/lib/rpc/offer")
  offerRpc()
}

/**
 * Errors that reach Next.js were unexpected: the log gets them completely, the caller gets none of them. A body of a server
 * action that cannot be read is the sender's mistake, and our HTTP server counts it.
 */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { requestMarks } = await import("@/lib/request-marks")
  const marks = requestMarks()
  if (marks?.isAction && !marks.hasBegun) return
  // The operation that failed has its own line.
  if (typeof error === "object" && error !== null && Symbol.for("auditorium.reported") in error) return
  const { log } = await import("@/lib/log")
  log.error("request.failed", {
    method: request.method,
    // Without the query string: it may contain what people searched for.
    path: request.path.split("?")[0],
    route: context.routePath,
    kind: context.routeType,
    requestId: request.headers["x-request-id"],
    error,
  })
}
