import type { IncomingMessage, ServerResponse } from "node:http"
import { nodeCapture } from "./node-capture"
import type { CaptureOptions } from "./options"

/** What of Express's request is read. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly baseUrl?: string
  readonly route?: { readonly path?: unknown }
}

export type ExpressOptions<Request = ExpressRequest> = CaptureOptions<Request>

/**
 * Returns a middleware of Express that records the calls. It comes before all others.
 *
 *     app.use(auditorium({ caller: request => ... }))
 */
// biome-ignore lint/suspicious/noExplicitAny: the application's own type of a request, which may be extended
export function auditorium<Request extends IncomingMessage = any>(
  options: ExpressOptions<Request> = {},
): (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void {
  const capture = nodeCapture(options, "express")
  return (request, response, next) => {
    const { originalUrl }: ExpressRequest = request
    const isTaken = capture(request, response, {
      subject: request,
      route: () => routeOf(request),
      url: originalUrl,
    })
    if (isTaken) next()
  }
}

function routeOf({ route, baseUrl = "" }: ExpressRequest): string | null {
  const path = Array.isArray(route?.path) ? route.path[0] : route?.path
  return typeof path === "string" ? `${baseUrl}${path === "/" && baseUrl !== "" ? "" : path}` : null
}
