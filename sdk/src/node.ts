import type { IncomingMessage, ServerResponse } from "node:http"
import { nodeCapture } from "./node-capture"
import type { CaptureOptions } from "./options"

export type NodeOptions = CaptureOptions<IncomingMessage>

/**
 * Returns a handler for `http.createServer` that records the calls of the given one.
 *
 *     http.createServer(auditorium(handler, { caller: request => ... }))
 */
export function auditorium<Request extends IncomingMessage, Response extends ServerResponse, Result>(
  handler: (request: Request, response: Response) => Result,
  options: CaptureOptions<Request> = {},
): (request: Request, response: Response) => Result | undefined {
  const capture = nodeCapture(options, "node")
  return (request, response) =>
    capture(request, response, { subject: request, route: () => null })
      ? handler(request, response)
      : undefined
}
