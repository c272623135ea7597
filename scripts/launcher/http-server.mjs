// @ts-check
// The HTTP server around the console: limits against slow and broken clients, headers that only the server may set, and
// an end that lets running requests finish.
import { randomUUID } from "node:crypto"
import * as http from "node:http"
import * as net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** Says where the connection really came from; whatever a client sends under this name is thrown away. */
export const peerHeader = "x-auditorium-peer"
const requestIdHeader = "x-request-id"
const usableRequestId = /^[\w.:+/=-]{1,128}$/

/**
 * @typedef {object} Limits
 * @property {number} headersTimeoutMs a client has this long to send its headers
 * @property {number} requestTimeoutMs and this long for the whole request
 * @property {number} keepAliveTimeoutMs an idle connection is kept this long; longer than the usual 60 s of proxies
 * @property {number} maxHeaderBytes
 * @property {number} maxConnections more are refused, so that the process keeps file descriptors for its own work
 */

/** @type {Limits} */
export const limits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 20_000,
}

const hstsSeconds = 2 * 365 * 24 * 60 * 60

/**
 * @typedef {object} ServerOptions
 * @property {(request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> | void} handle
 * @property {boolean} https true when people reach the server through https
 * @property {readonly string[]} [trustedProxies] addresses and networks whose word on the request id is believed
 * @property {Partial<Limits>} [limits] for tests
 */

/**
 * Promise: a server that hands every well-formed request to `handle` with a true peer address and a usable request id.
 * @param {ServerOptions} options
 */
export function createHttpServer({ handle, https, trustedProxies = [], limits: given = {} }) {
  const set = { ...limits, ...given }
  const server = http.createServer({
    headersTimeout: set.headersTimeoutMs,
    requestTimeout: set.requestTimeoutMs,
    keepAliveTimeout: set.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(2_000, set.headersTimeoutMs / 4)),
    maxHeaderSize: set.maxHeaderBytes,
    requireHostHeader: true,
    noDelay: true,
  })
  server.maxConnections = set.maxConnections
  const draining = { now: false }
  const trusts = trustIn(trustedProxies)
  server.on("request", (request, response) => {
    if (draining.now) response.setHeader("connection", "close")
    if (https) response.setHeader("strict-transport-security", `max-age=${hstsSeconds}; includeSubDomains`)
    const refusal = refusalOf(request)
    if (refusal !== null) return refuse(response, refusal)
    markRequest(request, response, trusts)
    return serve(handle, request, response)
  })
  server.on("clientError", answerClientError)
  return { server, drain: (/** @type {number} */ graceMs) => drain(server, draining, graceMs) }
}

/** @param {http.IncomingMessage} request */
function refusalOf(request) {
  // Only an origin-form target can name a page of ours; an absolute one is for proxies.
  if (!request.url?.startsWith("/")) return { status: 400, title: "The request target must be a path." }
  if (!isDecodable(request.url)) return { status: 400, title: "The request target is not validly encoded." }
  if (request.method === "TRACE" || request.method === "TRACK") {
    return { status: 405, title: "This method is not offered." }
  }
  return null
}

/**
 * Next answers 500 to a path whose percent signs mean nothing; the mistake is the sender's.
 * @param {string} target
 */
function isDecodable(target) {
  if (!target.includes("%")) return true
  try {
    decodeURIComponent(target.split("?", 1)[0] ?? "")
    return true
  } catch {
    return false
  }
}

/**
 * Promise: one id for the request, which the answer, its problem document, the log and our own events all carry. A client
 * must not choose it, a trusted proxy may.
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {(address: string) => boolean} trusts
 */
function markRequest(request, response, trusts) {
  const { headers } = request
  delete headers[peerHeader]
  const peer = request.socket.remoteAddress
  if (peer !== undefined) headers[peerHeader] = peer
  const sent = headers[requestIdHeader]
  // The list is asked last: asking it costs more than the rest of this function.
  const believed =
    peer !== undefined && typeof sent === "string" && usableRequestId.test(sent) && trusts(peer)
  const id = believed ? sent : randomUUID()
  headers[requestIdHeader] = id
  response.setHeader(requestIdHeader, id)
}

/**
 * Promise: true for addresses within the networks; an IPv4 address that comes as IPv6 counts as what it is.
 * @param {readonly string[]} networks
 */
function trustIn(networks) {
  const list = new net.BlockList()
  for (const network of networks) {
    const [first = "", bits] = network.split("/")
    const family = net.isIPv6(first) ? "ipv6" : "ipv4"
    list.addSubnet(first, Number(bits ?? (family === "ipv6" ? 128 : 32)), family)
  }
  return (/** @type {string} */ address) => list.check(address, net.isIPv6(address) ? "ipv6" : "ipv4")
}

/**
 * @param {ServerOptions["handle"]} handle
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
async function serve(handle, request, response) {
  try {
    await handle(request, response)
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level: "error", event: "http.unhandled", kind })}\n`,
    )
    if (response.headersSent) response.destroy()
    else refuse(response, { status: 500, title: "Something went wrong here." })
  }
}

/**
 * @param {http.ServerResponse} response
 * @param {{ status: number, title: string }} refusal
 */
function refuse(response, refusal) {
  const body = problem(refusal)
  response.writeHead(refusal.status, {
    ...problemHeaders,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  })
  response.end(body)
}

const problemHeaders = {
  "content-type": "application/problem+json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

/** @param {{ status: number, title: string }} refusal */
function problem({ status, title }) {
  return JSON.stringify({ type: "about:blank", title, status })
}

/**
 * What could not even be parsed as HTTP has no response object: the answer is written to the socket.
 * @param {Error & { code?: string }} error
 * @param {import("node:stream").Duplex} socket
 */
function answerClientError(error, socket) {
  if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy()
  const refusal = clientErrors[error.code ?? ""] ?? {
    status: 400,
    title: "This is not a valid HTTP request.",
  }
  const body = problem(refusal)
  const head = [
    `HTTP/1.1 ${refusal.status} ${http.STATUS_CODES[refusal.status]}`,
    ...Object.entries(problemHeaders).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy())
}

/** @type {Readonly<Record<string, { status: number, title: string }>>} */
const clientErrors = {
  HPE_HEADER_OVERFLOW: { status: 431, title: "The headers are too large." },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, title: "The request took too long to arrive." },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, title: "The body is too large." },
}

/**
 * Promise: accepts nothing new, lets what runs finish within the grace, then cuts it off.
 * @param {http.Server} server
 * @param {{ now: boolean }} draining
 * @param {number} graceMs
 */
async function drain(server, draining, graceMs) {
  draining.now = true
  const closed = new Promise(resolve => server.close(() => resolve(true)))
  const end = performance.now() + graceMs
  for (;;) {
    server.closeIdleConnections()
    const isClosed = await Promise.race([closed, sleep(25, false)])
    if (isClosed) return
    if (performance.now() > end) break
  }
  server.closeAllConnections()
  await closed
}
