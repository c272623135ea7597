import type { Principal } from "@/lib/access/principal"
import type { AppError } from "@/lib/errors"
import { execute } from "@/lib/operations/execute"
import type { AnyOperation, Caller } from "@/lib/operations/operation"
import { platform } from "@/lib/platform"
import { authenticateApiKey, authenticateSession } from "./authenticate"
import { callerOf } from "./caller"
import { reportFailure } from "./failures"
import { jsonResponse } from "./headers"
import { refuseForeignOrigin } from "./origin"
import { problemResponse, toAppError } from "./problem"
import { rawSearch } from "./raw-search"
import type { RequestOrigin } from "./request"

/** A request on its way to an operation. */
export interface Incoming {
  readonly request: Request
  readonly url: URL
  /** The query string as it was sent, without its question mark. */
  readonly search: string
  /** The dynamic segments of the route, by name. */
  readonly params: Readonly<Record<string, string>>
  readonly caller: Caller
}

export interface RouteOptions<Output> {
  /** `session`: the console's own data routes; the organization is the `[organization]` segment. */
  readonly authenticate: "api-key" | "session"
  /** The input of the operation; read only after the caller was authorised. */
  readonly input: (incoming: Incoming) => unknown
  /** Default: 200 with the output as JSON. */
  readonly answer?: (output: Output, incoming: Incoming) => Response
}

export interface RouteContext {
  /** Undefined for a route without dynamic segments. */
  readonly params: Promise<Readonly<Record<string, string>> | undefined>
}

/** The type of Next.js route handlers. */
export type RouteHandler = (request: Request, context: RouteContext) => Promise<Response>

/**
 * Returns a route handler that runs an operation, to be passed to `methods`: authenticates, authorises, reads the input,
 * executes, responds. Every refusal is problem+json.
 */
export function route<Output>(operation: AnyOperation<Output>, options: RouteOptions<Output>): RouteHandler {
  return async (request, context) => {
    const origin = callerOf(request.headers)
    try {
      const params = (await context.params) ?? {}
      const url = new URL(request.url)
      const at = new Date()
      const principal = await authenticate({ request, url, params, origin, at }, options.authenticate)
      const incoming: Incoming = {
        request,
        url,
        search: rawSearch(request.headers, url.search),
        params,
        caller: { ...origin, principal, at },
      }
      const output = await execute(operation, incoming.caller, () => options.input(incoming))
      return options.answer?.(output, incoming) ?? jsonResponse(output, origin.requestId)
    } catch (error) {
      return refuse(toAppError(error), origin.requestId, operation.name)
    }
  }
}

interface Arrival {
  readonly request: Request
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  readonly origin: RequestOrigin
  readonly at: Date
}

function authenticate(arrival: Arrival, by: "api-key" | "session"): Promise<Principal> {
  const { request, url, params, origin, at } = arrival
  const { headers, method } = request
  if (by === "api-key") return authenticateApiKey({ headers, url, ip: origin.source.ip }, at)
  // A browser sends a session with requests that another site caused; a key it does not.
  if (method !== "GET" && method !== "HEAD") refuseForeignOrigin(headers, platform().env.baseUrl)
  return authenticateSession(headers, params.organization ?? null, at)
}

// The log gets the cause of our failures, the caller its request id.
function refuse(error: AppError, requestId: string, operation: string): Response {
  reportFailure({ error, operation, requestId })
  return problemResponse(error, requestId)
}
