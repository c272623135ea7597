// @ts-check
// The HTTP server around the console: limits against slow, broken and greedy clients, headers that only the server may set,
// and a shutdown that lets running requests finish.
import { randomUUID } from "node:crypto"
import * as http from "node:http"
import * as net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { answerLiveness, isLiveness, rawRefusal, redirect, refuse } from "./answers.mjs"
import { countedLine } from "./log-lines.mjs"
import { ownAddress } from "./own-address.mjs"
import { parserBytes, refusalOfOverflow, refusalOfSize } from "./request-size.mjs"
import { admission } from "./serving.mjs"

/** @typedef {import("./answers.mjs").Refusal} Refusal */

/** Contains the real ip of the connection; a value from the client is removed. */
export const peerHeader = "x-auditorium-peer"
/** The original query string, byte for byte: Next.js passes on one that it has parsed and rebuilt. */
export const searchHeader = "x-auditorium-search"
/** 1 when the request says that it was forwarded, else 0. Next.js adds such headers itself, so later nobody can tell. */
export const forwardedHeader = "x-auditorium-forwarded"
const forwarding = /^(?:forwarded|via|x-real-ip|x-forwarded(?:-.*)?)$/
const requestIdHeader = "x-request-id"
const usableRequestId = /^[\w.:+/=-]{1,128}$/

/**
 * @typedef {object} Limits
 * @property {number} headersTimeoutMs time for a client to send its headers
 * @property {number} requestTimeoutMs time for the whole request
 * @property {number} keepAliveTimeoutMs an idle connection is kept this long; longer than the usual 60 s of proxies
 * @property {number} stalledMs a connection on which nothing moves for this long while an answer is sent is closed; longer than
 *   the minute after which an export that nobody reads ends by itself
 * @property {number} maxConnections further ones are refused, so that the process keeps file descriptors for its own work
 * @property {number} requestsInWork further ones are refused with a time to retry
 */

/** @type {Limits} */
export const limits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 65_000,
  stalledMs: 120_000,
  maxConnections: 20_000,
  requestsInWork: 500,
}

const hstsSeconds = 2 * 365 * 24 * 60 * 60

/**
 * @typedef {object} ServerOptions
 * @property {import("./serving.mjs").Handle} handle
 * @property {string} baseUrl public url of the console; https means that clients use TLS
 * @property {readonly string[]} [trustedProxies] ips and networks whose request id is trusted
 * @property {Partial<Limits>} [limits]
 */

/**
 * Returns a server that passes every well-formed request to `handle` with a true peer ip, the installation's own url and a
 * valid request id. The liveness probe is answered here.
 * @param {ServerOptions} options
 */
export function createHttpServer({ handle, baseUrl, trustedProxies = [], limits: given = {} }) {
  const set = { ...limits, ...given }
  const server = http.createServer({
    headersTimeout: set.headersTimeoutMs,
    requestTimeout: set.requestTimeoutMs,
    keepAliveTimeout: set.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(2_000, set.headersTimeoutMs / 4)),
    maxHeaderSize: parserBytes,
    requireHostHeader: true,
    noDelay: true,
  })
  server.maxConnections = set.maxConnections
  // Counts from the last byte transferred, in either direction.
  server.timeout = set.stalledMs
  // Too many headers are refused with an error; Node would drop the rest silently.
  server.maxHeadersCount = 0
  const draining = { now: false }
  const address = ownAddress(baseUrl)
  const { admit, isIdle } = admission(set.requestsInWork, handle)
  const doors = { address, trusts: trustIn(trustedProxies), admit }
  server.on("request", (request, response) => {
    if (draining.now) response.setHeader("connection", "close")
    if (address.isHttps)
      response.setHeader("strict-transport-security", `max-age=${hstsSeconds}; includeSubDomains`)
    receive(request, response, doors)
  })
  server.on("clientError", answerClientError)
  return { server, isIdle, drain: (/** @type {number} */ graceMs) => drain(server, draining, graceMs) }
}

/**
 * @typedef {object} Doors
 * @property {ReturnType<typeof ownAddress>} address
 * @property {(address: string) => boolean} trusts
 * @property {(request: http.IncomingMessage, response: http.ServerResponse, requestId: string) => void} admit
 */

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {Doors} doors
 */
function receive(request, response, { address, trusts, admit }) {
  const requestId = markRequest(request, response, trusts)
  const refusal = refusalOfSize(request) ?? refusalOf(request)
  if (refusal !== null) return refuse(response, refusal, requestId)
  if (isLiveness(request)) return answerLiveness(request, response)
  const elsewhere = address.redirectOf(request)
  if (elsewhere !== null) return redirect(response, elsewhere)
  if (address.isForeignAction(request)) {
    tellOfForeignAction(requestId)
    return refuse(response, foreignAction, requestId)
  }
  address.adopt(request)
  return admit(request, response, requestId)
}

const tellOfForeignAction = countedLine("warn", "action.foreign")

/** @type {Refusal} */
const foreignAction = {
  status: 403,
  code: "forbidden",
  title: "Not permitted",
  detail:
    "This form did not come from the console's own pages. Open the console at the address that BASE_URL names.",
}

/**
 * @param {http.IncomingMessage} request
 * @returns {Refusal | null}
 */
function refusalOf(request) {
  // Only an origin-form target can name one of our pages; an absolute one is for proxies.
  if (!request.url?.startsWith("/")) return malformed("The request target must be a path.")
  if (!isDecodable(request.url)) return malformed("The request target is not validly encoded.")
  if (request.method === "TRACE" || request.method === "TRACK") {
    return { status: 405, code: "method-not-allowed", title: "This method is not offered." }
  }
  return null
}

/**
 * @param {string} title
 * @returns {Refusal}
 */
function malformed(title) {
  return { status: 400, code: "malformed", title }
}

/**
 * Next.js responds with 500 to a path with invalid percent-encoding; the mistake is the sender's.
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
 * Returns one id for the request, shared by the response, its problem document, the log and our own events. A client must
 * not choose it, a trusted proxy may.
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {(address: string) => boolean} trusts
 */
function markRequest(request, response, trusts) {
  const { headers } = request
  delete headers[peerHeader]
  const peer = request.socket.remoteAddress
  if (peer !== undefined) headers[peerHeader] = peer
  headers[forwardedHeader] = Object.keys(headers).some(name => forwarding.test(name)) ? "1" : "0"
  headers[searchHeader] = searchOf(request.url ?? "")
  const sent = headers[requestIdHeader]
  // The list is checked last, because it costs more than the rest of this function.
  const believed =
    peer !== undefined && typeof sent === "string" && usableRequestId.test(sent) && trusts(peer)
  const id = believed ? sent : randomUUID()
  headers[requestIdHeader] = id
  response.setHeader(requestIdHeader, id)
  return id
}

/** @param {string} target */
function searchOf(target) {
  const mark = target.indexOf("?")
  return mark === -1 ? "" : target.slice(mark + 1)
}

/**
 * Returns a test of addresses for the networks; an IPv4 address that comes as IPv6 counts as what it is. The launcher runs before
 * anything is compiled, so this is not the set of lib/audit/ip.ts; a test there compares the two.
 * @param {readonly string[]} networks
 */
export function trustIn(networks) {
  const list = new net.BlockList()
  for (const network of networks) {
    const [first = "", bits] = network.split("/")
    const family = net.isIPv6(first) ? "ipv6" : "ipv4"
    list.addSubnet(first, Number(bits ?? (family === "ipv6" ? 128 : 32)), family)
  }
  return (/** @type {string} */ address) => list.check(address, net.isIPv6(address) ? "ipv6" : "ipv4")
}

/**
 * A request that cannot be parsed as HTTP has no response object: the response is written to the socket.
 * @param {Error & { code?: string, rawPacket?: Buffer }} error
 * @param {import("node:stream").Duplex} socket
 */
function answerClientError(error, socket) {
  if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy()
  const refusal =
    error.code === "HPE_HEADER_OVERFLOW"
      ? refusalOfOverflow(error.rawPacket)
      : (clientErrors[error.code ?? ""] ?? malformed("This is not a valid HTTP request."))
  socket.end(rawRefusal(refusal, randomUUID(), error.rawPacket), () => socket.destroy())
}

/** @type {Readonly<Record<string, Refusal>>} */
const clientErrors = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "request-timeout",
    title: "The request took too long to arrive",
    detail:
      "Nothing is known of what was sent. When events were sent, send the same ids again: those already there are duplicates.",
    headers: { "retry-after": "1" },
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, code: "too-large", title: "The body is too large." },
}

/**
 * Stops accepting requests, lets running ones finish within the grace period, then closes their connections.
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
