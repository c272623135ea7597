import { IncomingMessage, ServerResponse } from "node:http"
import { fetchCapture } from "./fetch-capture"
import { nodeCapture } from "./node-capture"
import { nodePlatform } from "./node-platform"
import type { CaptureOptions } from "./options"

/** What of Hono's context is read. */
export interface HonoContext {
  readonly req: { readonly raw: Request; readonly routePath?: string }
  res: Response
  readonly env: unknown
}

/**
 * Returns a middleware of Hono that records the calls. It comes before all others.
 *
 *     app.use(auditorium({ caller: context => ... }))
 */
// biome-ignore lint/suspicious/noExplicitAny: the application's own type of a context, which has many parameters
export function auditorium<Context extends HonoContext = any>(options: CaptureOptions<Context> = {}) {
  const onNode = nodeCapture<Context>(options, "hono")
  const onFetch = fetchCapture<Context>(options, "hono", nodePlatform)
  return async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const route = () => routeOf(context)
    const node = nodeOf(context.env)
    if (node !== null) {
      const { incoming, outgoing } = node
      if (!onNode(incoming, outgoing, { subject: context, route })) return alreadySent()
      await next()
      return undefined
    }
    const call = onFetch(context.req.raw, { subject: context, peer: null, route })
    if (call instanceof Response) return call
    await next()
    if (call === null) return undefined
    const response = call.answered(context.res)
    if (response !== context.res) {
      // Hono adds the headers of the former response to the new one, which has them already.
      // The cast: its setter takes undefined, its type does not say so.
      context.res = undefined as unknown as Response
      context.res = response
    }
    return undefined
  }
}

/** Under `@hono/node-server` the request and the response of Node are there, and nothing has to be made again. */
function nodeOf(env: unknown): { incoming: IncomingMessage; outgoing: ServerResponse } | null {
  if (typeof env !== "object" || env === null || !("incoming" in env && "outgoing" in env)) return null
  const { incoming, outgoing } = env
  return incoming instanceof IncomingMessage && outgoing instanceof ServerResponse
    ? { incoming, outgoing }
    : null
}

/** The server of Hono on Node writes nothing for a response that says so. */
function alreadySent(): Response {
  return new Response(null, { headers: { "x-hono-already-sent": "true" } })
}

function routeOf({ req }: HonoContext): string | null {
  const path = req.routePath
  return path === undefined || path.endsWith("*") ? null : path
}
