import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { gunzipSync } from "node:zlib"

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }

/** A stand-in for the server: takes events as the API does, or answers as a test says. */
export interface StandIn {
  readonly url: string
  readonly received: readonly Received[]
  /** The events that it has, in the order in which they came first. */
  readonly events: readonly Record<string, unknown>[]
  /** How often an event came that it had. */
  readonly repeated: number
  /** Answers instead of the API, for as long as it is set. Undefined = as the API. */
  reply: ((request: Received) => Reply | "hang" | undefined) | undefined
  policy: unknown
  /** The policy is answered when this resolves. */
  hold: Promise<void> | undefined
  stop(): Promise<void>
  /** Resolves when the condition holds, which is looked at after every request. */
  until(holds: (self: StandIn) => boolean): Promise<void>
}

export async function startStandIn(port = 0): Promise<StandIn> {
  const received: Received[] = []
  const events = new Map<string, Record<string, unknown>>()
  const waiting = new Set<() => void>()
  let repeated = 0
  const standIn: StandIn = {
    url: "",
    received,
    get events() {
      return [...events.values()]
    },
    get repeated() {
      return repeated
    },
    reply: undefined,
    policy: undefined,
    hold: undefined,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    until: holds =>
      new Promise(resolve => {
        const look = () => {
          if (!holds(standIn)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
  const take = (line: string) => {
    const event = JSON.parse(line)
    if (typeof event.operation !== "string" || event.actor === undefined || event.operation === "refuse.me")
      return { outcome: "rejected", code: "invalid", errors: [{ pointer: "/operation", detail: "no" }] }
    const outcome = events.has(event.id) ? "duplicate" : "accepted"
    if (outcome === "duplicate") repeated++
    else events.set(event.id, event)
    return { outcome, id: event.id }
  }
  const answer = (request: Received): Reply => {
    if (request.path === "/api/v1/capture/policy") {
      const body = standIn.policy
      return body === undefined ? { status: 404 } : { status: 200, headers: { etag: '"1"' }, body }
    }
    if (request.path === "/api/ucp/config/logging") return { status: 200, body: JSON.parse(request.body) }
    if (request.method === "GET" && request.path.startsWith("/api/v1/events?"))
      return { status: 200, body: { events: [...events.values()] } }
    if (request.path !== "/api/v1/events") return { status: 204 }
    const results = request.body.split("\n").filter(Boolean).map(take)
    const isTaken = results.some(({ outcome }) => outcome !== "rejected")
    return { status: isTaken ? 201 : 422, body: { results } }
  }
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes
    const { method = "", url = "", headers } = request
    const one = { method, path: url, headers, body: body.toString() }
    received.push(one)
    if (url === "/api/v1/capture/policy") await standIn.hold
    const reply = standIn.reply?.(one) ?? answer(one)
    if (reply !== "hang") {
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
      response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body))
    }
    for (const look of waiting) look()
  })
  await new Promise<void>(resolve => server.listen(port, "127.0.0.1", resolve))
  const address = server.address() as AddressInfo
  return Object.assign(standIn, { url: `http://127.0.0.1:${address.port}` })
}
