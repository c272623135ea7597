import { AppError } from "@/lib/errors"
import { callerOf } from "./caller"
import type { Dialect } from "./dialect"
import { answerHeaders } from "./headers"
import { problemDialect } from "./problem"
import type { RouteHandler } from "./route"

const all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const
export type Method = (typeof all)[number]

/**
 * Returns a handler for every method: the ones passed, HEAD as GET without a body, OPTIONS with the allowed methods, and
 * 405 in the dialect for the others. `export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: ... })`
 */
export function methods(
  given: Partial<Record<Method, RouteHandler>>,
  dialect: Dialect = problemDialect,
): Record<Method, RouteHandler> {
  const head = given.GET && withoutBody(given.GET)
  const known: Partial<Record<Method, RouteHandler>> = { ...(head && { HEAD: head }), ...given }
  const allowed = all.filter(method => known[method] !== undefined)
  const refuse: RouteHandler = async request =>
    dialect.refuseMethod(allowed, callerOf(request.headers).requestId)
  const options: RouteHandler = async request => {
    const { requestId } = callerOf(request.headers)
    const headers = answerHeaders("text/plain; charset=utf-8", requestId, { allow: allowed.join(", ") })
    return new Response(null, { status: 204, headers })
  }
  return {
    GET: known.GET ?? refuse,
    HEAD: known.HEAD ?? refuse,
    POST: known.POST ?? refuse,
    PUT: known.PUT ?? refuse,
    PATCH: known.PATCH ?? refuse,
    DELETE: known.DELETE ?? refuse,
    OPTIONS: options,
  }
}

/** Responds with 404 for a path of the API that does not exist. */
export const answerUnknown = async (request: Request): Promise<Response> =>
  problemDialect.refuse(
    new AppError("not-found", "There is nothing at this address; /api/v1/openapi.json lists what there is."),
    callerOf(request.headers).requestId,
  )

function withoutBody(get: RouteHandler): RouteHandler {
  return async (request, context) => {
    const answer = await get(request, context)
    await answer.body?.cancel()
    return new Response(null, { status: answer.status, headers: answer.headers })
  }
}
