import { authenticateApiKey } from "@/lib/access/keys/authenticate"
import { anonymous, type Principal } from "@/lib/access/principal"
import { execute } from "@/lib/operations/core/execute"
import type { AnyOperation, Caller } from "@/lib/operations/core/operation"
import { platform } from "@/lib/platform"
import { authenticateSession } from "./authenticate"
import { callerOf } from "./caller"
import type { Dialect } from "./dialect"
import { reportFailure } from "./failures"
import { refuseKeyInUrl } from "./key-in-url"
import { refuseForeignOrigin } from "./origin"
import { noteCall } from "./own-calls/note"
import { problemDialect, toAppError } from "./problem"
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
  /** Default: as the dialect writes an output. */
  readonly answer?: (output: Output, incoming: Incoming) => Response
  /** Runs instead for a caller that lacks the permission of the operation and has that of this one. */
  readonly otherwise?: AnyOperation<Output>
  /** Default: problem documents and bearer keys. Pass the same one to `methods`. */
  readonly dialect?: Dialect
}

export interface RouteContext {
  /** Undefined for a route without dynamic segments. */
  readonly params: Promise<Readonly<Record<string, string>> | undefined>
}

/** The type of Next.js route handlers. */
export type RouteHandler = (request: Request, context: RouteContext) => Promise<Response>

/**
 * Returns a route handler that runs an operation, to be passed to `methods`: authenticates, authorises, reads the input,
 * executes, responds. Every refusal is written in the dialect.
 */
export function route<Output>(first: AnyOperation<Output>, options: RouteOptions<Output>): RouteHandler {
  const { dialect = problemDialect, otherwise } = options
  return async (request, context) => {
    const origin = callerOf(request.headers)
    let operation = first
    const at = new Date()
    let principal: Principal = anonymous
    try {
      const params = (await context.params) ?? {}
      const url = new URL(request.url)
      principal = await authenticate({ request, url, params, origin, at, dialect }, options.authenticate)
      if (otherwise && !mayCall(principal, first) && mayCall(principal, otherwise)) operation = otherwise
      noteCall(operation, { principal, ...origin, at })
      const incoming: Incoming = {
        request,
        url,
        search: rawSearch(request.headers, url.search),
        params,
        caller: { ...origin, principal, at },
      }
      const output = await execute(operation, incoming.caller, () => options.input(incoming))
      return options.answer?.(output, incoming) ?? dialect.answer(output, origin.requestId)
    } catch (thrown) {
      const error = toAppError(thrown)
      noteCall(operation, { principal, ...origin, at })
      // The log gets the cause of our failures, the caller its request id.
      reportFailure({ error, operation: operation.name, requestId: origin.requestId })
      return dialect.refuse(error, origin.requestId)
    }
  }
}

function mayCall(principal: Principal, { permission }: AnyOperation): boolean {
  if (principal.kind === "anonymous" || permission === "public" || permission === "signed-in") return false
  return principal.permissions.has(permission)
}

interface Arrival {
  readonly request: Request
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  readonly origin: RequestOrigin
  readonly at: Date
  readonly dialect: Dialect
}

async function authenticate(arrival: Arrival, by: "api-key" | "session"): Promise<Principal> {
  const { request, url, params, origin, at, dialect } = arrival
  const { headers, method } = request
  if (by === "api-key") {
    const { scheme } = dialect
    refuseKeyInUrl(url, scheme)
    const credentials = { authorization: headers.get("authorization"), scheme, ip: origin.source.ip }
    return authenticateApiKey(credentials, platform().keys, at)
  }
  // A browser sends a session with requests that another site caused; a key it does not.
  if (method !== "GET" && method !== "HEAD") refuseForeignOrigin(headers, platform().env.baseUrl)
  return authenticateSession(headers, params.organization ?? null, at)
}
