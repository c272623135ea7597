import * as http from "node:http"
import * as https from "node:https"
import type { Duplex } from "node:stream"
import { trustIn } from "@/sdk/src/client-address"
import { OpenCalls } from "@/sdk/src/open-calls"
import { Exchange, type Passage } from "./exchange"
import { answerProblem, endWithProblem, notRecordable, type Problem } from "./problem"
import type { CallRecorder } from "./recorder"
import { isProblem, readFraming } from "./request-line"
import { createTarget, type TargetOptions } from "./target"
import { Tunnel } from "./tunnel"

export interface ProxyOptions {
  readonly target: Omit<TargetOptions, "connectTimeoutMs">
  readonly recorder: CallRecorder
  /** Refuses calls while they cannot be recorded. */
  readonly strict?: boolean
  /** The slug of the app that the calls are recorded for, when it is known. */
  readonly app?: () => string | null
  /** Serves TLS. With `clientCa` every client must prove itself by a certificate of that authority. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientCa?: string }
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[]
  readonly rewriteHost?: boolean
  readonly connectTimeoutMs?: number
  readonly responseTimeoutMs?: number
  readonly openAfterMs?: number
}

/** Where the proxy listens. */
export interface Place {
  readonly host: string
  readonly port: number
}

export interface CapturingProxy {
  /** Resolves with the port. */
  listen(place: Place): Promise<number>
  /** Takes no new calls, waits so long for those that are on their way, and breaks off the others. */
  close(patienceMs: number): Promise<void>
}

const serverOptions = {
  insecureHTTPParser: false,
  maxHeaderSize: 65_536,
  requireHostHeader: true,
  // A body may take as long as it takes; a head may not.
  requestTimeout: 0,
  headersTimeout: 60_000,
  // Longer than proxies in front keep a connection.
  keepAliveTimeout: 75_000,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
  // Node's server for TLS does not have it by itself.
  allowHalfOpen: true,
} as const

/** Returns a proxy that passes calls on to one target and has them recorded. */
export function createProxy(options: ProxyOptions): CapturingProxy {
  const target = createTarget({ ...options.target, connectTimeoutMs: options.connectTimeoutMs ?? 10_000 })
  const passage: Passage = {
    target,
    recorder: options.recorder,
    mayPass: options.strict ? () => options.recorder.hasRoom() : () => true,
    app: options.app ?? (() => null),
    isTrusted: trustIn(options.trustedProxies ?? []),
    rewriteHost: options.rewriteHost ?? false,
    responseTimeoutMs: options.responseTimeoutMs ?? 0,
    open: new OpenCalls(options.openAfterMs ?? 30_000),
  }
  const server = createServer(options)
  const sockets = new Set<Duplex>()
  server.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Duplex) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  serve(server, passage)
  return {
    listen: place => listening(server, place),
    async close(patienceMs) {
      const closed = [...sockets].map(socket => new Promise<void>(resolve => socket.once("close", resolve)))
      closed.push(new Promise(resolve => server.close(() => resolve())))
      // A connection whose response is still on its way becomes idle later.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, patienceMs)
      await Promise.all(closed)
      clearInterval(idle)
      clearTimeout(timer)
      target.close()
    },
  }
}

function createServer({ tls }: ProxyOptions): http.Server {
  if (tls === undefined) return http.createServer(serverOptions)
  const { certificate, key, clientCa } = tls
  return https.createServer({
    ...serverOptions,
    cert: certificate,
    key,
    ALPNProtocols: ["http/1.1"],
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  })
}

function serve(server: http.Server, passage: Passage): void {
  // A client that has said all it has to say may end its side and wait for the response.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.maxHeadersCount = 0
  const take = (message: http.IncomingMessage, response: http.ServerResponse, isExpecting = false) => {
    const framing = readFraming(message)
    const refused = isProblem(framing) ? framing : passage.mayPass() ? null : notRecordable
    if (refused !== null) return answerProblem(response, refused, true)
    if (!isProblem(framing)) new Exchange(passage, { message, response, framing, isExpecting })
  }
  server.on("request", (message, response) => take(message, response))
  server.on("checkContinue", (message, response) => take(message, response, true))
  // Other expectations are the target's to judge.
  server.on("checkExpectation", (message, response) => take(message, response))
  server.on("upgrade", (message, socket, head) => upgrade(passage, message, socket, head))
  server.on("connect", (_, socket) => {
    socket.on("error", () => socket.destroy())
    endWithProblem(socket, notConnecting)
  })
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // Within a response nothing else can be said.
    if (!socket.writable || error.code === "ECONNRESET" || isAnswering(socket)) return void socket.destroy()
    endWithProblem(socket, problemOf(error.code))
  })
}

function upgrade(passage: Passage, message: http.IncomingMessage, socket: Duplex, head: Buffer): void {
  // Node has taken its own listeners away.
  socket.on("error", () => socket.destroy())
  const framing = readFraming(message)
  if (isProblem(framing)) endWithProblem(socket, framing)
  else if (framing.isChunked) endWithProblem(socket, notMeasured)
  else if (!passage.mayPass()) endWithProblem(socket, notRecordable)
  else new Tunnel(passage, { message, socket, head, framing })
}

const notMeasured: Problem = {
  status: 501,
  detail: "A request that asks for another protocol must say how long its body is.",
}

const notConnecting: Problem = {
  status: 405,
  detail: "This proxy passes calls on to one target and makes no connections to others.",
  headers: ["Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
}

function problemOf(code: string | undefined): Problem {
  if (code === "HPE_HEADER_OVERFLOW") return { status: 431, detail: "The head of the request is too large." }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return { status: 408, detail: "The head of the request took too long." }
  return { status: 400, detail: "This is not a request of HTTP/1.1 that can be read in one way only." }
}

/** Tells whether a response has begun on this connection. Node keeps it in this member. */
function isAnswering(socket: Duplex): boolean {
  return (
    "_httpMessage" in socket &&
    socket._httpMessage instanceof http.ServerResponse &&
    socket._httpMessage.headersSent
  )
}

function listening(server: http.Server, place: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(place, () => {
      server.removeListener("error", reject)
      const address = server.address()
      resolve(typeof address === "object" && address !== null ? address.port : place.port)
    })
  })
}
