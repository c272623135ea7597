import type { IncomingMessage, ServerResponse } from "node:http"
import { nodeCapture } from "./node-capture"
import type { CaptureOptions } from "./options"

/** What of Fastify's request is read. */
export interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly originalUrl: string
  readonly routeOptions: { readonly url?: string | undefined }
}

interface FastifyReply {
  readonly raw: ServerResponse
  hijack(): unknown
}

interface FastifyInstance {
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's own types, which this package does not depend on
  addHook(name: "onRequest", hook: (request: any, reply: any, done: () => void) => void): unknown
}

// biome-ignore lint/suspicious/noExplicitAny: the application's own type of a request, which may be extended
export type FastifyOptions<Request = any> = CaptureOptions<Request>

/**
 * A plugin of Fastify that records the calls of the whole application. It is registered before all others.
 *
 *     await app.register(auditorium, { caller: request => ... })
 */
export function auditorium(instance: FastifyInstance, options: FastifyOptions, done: () => void): void {
  const capture = nodeCapture<FastifyRequest>(options, "fastify")
  instance.addHook("onRequest", (request: FastifyRequest, reply: FastifyReply, goOn) => {
    const isTaken = capture(request.raw, reply.raw, {
      subject: request,
      route: () => request.routeOptions?.url ?? null,
      url: request.originalUrl,
    })
    if (isTaken) goOn()
    else reply.hijack()
  })
  done()
}

// Without this the hook would hold for the plugin's own routes only, of which there are none.
Object.assign(auditorium, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "auditorium",
})
