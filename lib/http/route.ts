import { principalOfApiKey, principalOfSession } from "@/lib/http/authenticate"
import { callerOf } from "@/lib/http/caller"
import { jsonResponse } from "@/lib/http/headers"
import { refuseForeignOrigin } from "@/lib/http/origin"
import { methodNotAllowed, problemResponse, toAppError } from "@/lib/http/problem"
import { execute } from "@/lib/operations/execute"
import type { AnyOperation, Caller } from "@/lib/operations/operation"

/** A request on its way to an operation. */
export interface Incoming {
  readonly request: Request
  /** The parts of the address in brackets, by name. */
  readonly params: Readonly<Record<string, string>>
  readonly caller: Caller
}

interface RouteOptions<Output> {
  /** `session`: the console's own data routes; the organization is the `[organization]` of the address. */
  readonly authenticate: "api-key" | "session"
  /** What the operation is given; read only after the caller was found to be permitted. Default: the query string. */
  readonly input?: (incoming: Incoming) => unknown
  /** Default: 200 with the output as JSON. */
  readonly answer?: (output: Output, incoming: Incoming) => Response | Promise<Response>
}

/** The shape of Next's route handlers. */
export type RouteHandler = (
  request: Request,
  context: { readonly params: Promise<Readonly<Record<string, string>>> },
) => Promise<Response>

const methodNames = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const
type Method = (typeof methodNames)[number]

/**
 * Makes a route handler of an operation: `export const { GET, POST, ... } = methods({ GET: route(findEvent, {...}) })`.
 * Authenticates, authorises, reads the input, executes, answers. Every refusal is problem+json.
 */
export declare function route<Output>(
  operation: AnyOperation<Output>,
  options: RouteOptions<Output>,
): RouteHandler

/** Promise: handlers for all methods; those not given answer 405 with `Allow`. */
export declare function methods(given: Partial<Record<Method, RouteHandler>>): Record<Method, RouteHandler>
