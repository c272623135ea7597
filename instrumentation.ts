import type { Instrumentation } from "next"

/** Refuses to serve when the database or its role would break a promise, in words that say what to change. */
export async function register(): Promise<void> {
  // Next compiles this file for the edge too, where none of what follows exists.
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { startServing } = await import("@/lib/start-serving")
  await startServing()
}

/** Errors that reach Next were expected by nobody: the log gets them whole, the caller gets none of them. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { log } = await import("@/lib/log")
  log.error("request.failed", {
    method: request.method,
    // Without the query: it may hold what people searched for.
    path: request.path.split("?")[0],
    route: context.routePath,
    kind: context.routeType,
    requestId: request.headers["x-request-id"],
    error,
  })
}
