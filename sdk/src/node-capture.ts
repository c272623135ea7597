import type { IncomingMessage, ServerResponse } from "node:http"
import { callerBy } from "./caller"
import { trustIn } from "./client-address"
import { connect } from "./connection"
import { captureExchange } from "./exchange"
import { nodePlatform } from "./node-platform"
import type { CaptureOptions } from "./options"
import { refusal } from "./refusal"

/** What a framework says about one call. */
export interface NodeFacts<Request> {
  /** What the application's function is asked about. */
  readonly subject: Request
  readonly route: () => string | null
  readonly url?: string | undefined
}

/**
 * Begins to record a call. Returns false when it was refused, because the application is strict and calls cannot be recorded: then
 * it has been answered.
 */
export type NodeCapture<Request> = (
  request: IncomingMessage,
  response: ServerResponse,
  facts: NodeFacts<Request>,
) => boolean

/** Returns what records the calls of an application. Whatever goes wrong in it, the application does not notice. */
export function nodeCapture<Request>(options: CaptureOptions<Request>, kind: string): NodeCapture<Request> {
  const { caller, strict = false, profile = "generic" } = options
  const connection = connect(options, nodePlatform, kind, profile)
  const recorder = connection?.recorder(profile) ?? null
  const isTrusted = trustIn(options.trustedProxies ?? [])
  return (request, response, facts) => {
    if (strict && recorder?.hasRoom() !== true) {
      refuse(request, response)
      return false
    }
    if (connection === null || recorder === null) return true
    try {
      captureExchange(recorder, request, response, isTrusted, {
        route: facts.route,
        url: facts.url,
        caller: caller === undefined ? null : () => callerBy(caller, facts.subject, connection.log),
      })
    } catch (error) {
      connection.log(`A call could not be recorded: ${error instanceof Error ? error.message : error}`)
    }
    return true
  }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(refusal.status, refusal.headers)
  response.end(request.method === "HEAD" ? undefined : refusal.body)
}
