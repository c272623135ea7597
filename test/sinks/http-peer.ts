import { Buffer } from "node:buffer"
import * as http from "node:http"
import type { Socket } from "node:net"
import { pipeline, Readable } from "node:stream"
import type { PeerFault, SinkPeer } from "./peer"

/** A request as it arrived, whole. */
export interface ArrivedRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

export interface PeerAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export type Answering = (request: ArrivedRequest) => PeerAnswer | Promise<PeerAnswer>

/** A receiver over HTTP on the loopback ip, with the faults of the contract. */
export interface HttpPeer extends Pick<SinkPeer, "heal" | "reached" | "close"> {
  /** Each begins the fault. */
  readonly faults: Readonly<Record<PeerFault, () => Promise<void> | void>>
  readonly port: number
  /** Every request that arrived whole, also those of a fault. */
  readonly requests: readonly ArrivedRequest[]
}

/** Starts one. `busy` is its answer when it takes nothing for now. */
export async function startHttpPeer(answering: Answering, busy: PeerAnswer): Promise<HttpPeer> {
  const requests: ArrivedRequest[] = []
  const sockets = new Set<Socket>()
  let fault: PeerFault | null = null
  let arrive = () => {}
  let arrived = Promise.resolve()

  const respond = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    if (fault === "breaks") {
      const cut = () => {
        arrive()
        request.socket.destroy()
      }
      return request.once("data", cut).once("end", cut)
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = "", url = "", headers } = request
    const whole = { method, url, headers, body: Buffer.concat(chunks) }
    requests.push(whole)
    arrive()
    if (fault === "silent") return
    // The answer to a HEAD has no body: what is written of one is dropped, without end.
    if (fault === "endless" && method !== "HEAD") return dripForEver(response)
    if (fault === "garbage") return send(response, { status: 200, body: "<html>Welcome</html>" })
    send(response, fault === "busy" ? busy : await answering(whole))
  }
  const server = http.createServer((request, response) => {
    response.on("error", () => {})
    respond(request, response).catch(error => {
      // A connection that was closed while its request arrived.
      if (!request.socket.destroyed) send(response, { status: 500, body: String(error) })
    })
  })
  server.on("connection", socket => {
    sockets.add(socket)
    socket.on("error", () => {}).once("close", () => sockets.delete(socket))
  })
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, "127.0.0.1", resolve))
  const stop = () => {
    const stopped = new Promise<void>(resolve => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    return stopped
  }
  await listen(0)
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const begin = (which: PeerFault) => () => {
    fault = which
    arrived = new Promise(resolve => {
      arrive = resolve
    })
    return which === "down" ? stop() : undefined
  }
  return {
    port,
    requests,
    faults: {
      down: begin("down"),
      busy: begin("busy"),
      breaks: begin("breaks"),
      silent: begin("silent"),
      garbage: begin("garbage"),
      endless: begin("endless"),
    },
    async heal() {
      const wasDown = fault === "down"
      fault = null
      for (const socket of sockets) socket.destroy()
      if (wasDown) await listen(port)
    },
    reached: () => arrived,
    close: stop,
  }
}

function send(response: http.ServerResponse, { status, headers = {}, body = "" }: PeerAnswer): void {
  const bytes = Buffer.from(body)
  response.writeHead(status, { "content-length": bytes.byteLength, ...headers })
  response.end(bytes)
}

/** Begins an answer that looks well and never ends, as fast as it is read. */
function dripForEver(response: http.ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" })
  const spaces = Readable.from(
    (function* () {
      for (;;) yield " ".repeat(16_384)
    })(),
  )
  // Ends with the connection.
  pipeline(spaces, response, () => {})
}
