import * as http from "node:http"
import * as net from "node:net"
import * as tls from "node:tls"

/** The target did not accept the connection, or did not answer, in the time that it has. */
export class TargetTimeout extends Error {
  override readonly name = "TargetTimeout"
}

export interface TargetOptions {
  /** `http:`, `https:`, or `unix:///path` for a socket in the file system. Its path is put before those of requests. */
  readonly url: URL
  /** Authorities that are trusted besides the usual ones; PEM. */
  readonly ca?: string
  /** What the proxy proves itself with; PEM. */
  readonly certificate?: string
  readonly key?: string
  /** How long a connection may take to be made. */
  readonly connectTimeoutMs: number
}

export interface TargetRequest {
  readonly method: string
  /** As the client sent it: path and query. */
  readonly path: string
  readonly headers: readonly string[]
  /** A connection of its own instead of one that is kept alive; it may end in one direction and go on in the other. */
  readonly isAlone?: boolean
}

/** The one server that calls are passed on to. */
export interface Target {
  /** Returns a request whose head is not sent yet. Throws for a head that cannot be written. */
  request(asked: TargetRequest): http.ClientRequest
  /** What a client would write as `Host`; null for a socket in the file system. */
  readonly host: string | null
  close(): void
}

/** A kept connection is closed before servers with the shortest usual limit (5 s) close it under a request. */
const idleMs = 4_000
const mostHeaderBytes = 65_536

/** Returns the target at an address. Connections are kept and used again, the latest first. */
export function createTarget(options: TargetOptions): Target {
  const { url } = options
  const agent = new http.Agent({
    keepAlive: true,
    maxFreeSockets: 256,
    scheduling: "lifo",
    timeout: idleMs,
  })
  // Node reads this member when it needs a connection; the type of Agent does not name it. A kept connection that the target
  // ends must close, or it would be used again.
  Object.assign(agent, { createConnection: () => connected(options, false) })
  const prefix = url.protocol === "unix:" ? "" : url.pathname.replace(/\/+$/, "")
  return {
    host: url.protocol === "unix:" ? null : url.host,
    request({ method, path, headers, isAlone = false }) {
      const request = http.request({
        ...(isAlone ? { createConnection: () => connected(options, true) } : { agent }),
        method,
        path: path.startsWith("/") ? prefix + path : path,
        // The types know only objects; a list is written in its order, with its spelling.
        headers: [...headers] as unknown as http.OutgoingHttpHeaders,
        setHost: false,
        maxHeaderSize: mostHeaderBytes,
        insecureHTTPParser: false,
      })
      request.maxHeadersCount = 0
      return request
    },
    close: () => agent.destroy(),
  }
}

const reached = new WeakSet<object>()

/** Tells whether this connection to a target was made, TLS included. */
export function wasReached(socket: object | null | undefined): boolean {
  return socket != null && reached.has(socket)
}

function connected(options: TargetOptions, allowHalfOpen: boolean): net.Socket {
  const { url, connectTimeoutMs } = options
  const isTls = url.protocol === "https:"
  const place =
    url.protocol === "unix:"
      ? { path: decodeURIComponent(url.pathname) }
      : { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (isTls ? 443 : 80) }
  const how = { ...place, allowHalfOpen, ...(isTls && secure(options)) }
  const socket = isTls ? tls.connect(how) : net.connect(how)
  socket.setNoDelay(true)
  const timer = setTimeout(
    () => socket.destroy(new TargetTimeout("The target did not accept the connection in time.")),
    connectTimeoutMs,
  )
  socket.once(isTls ? "secureConnect" : "connect", () => {
    clearTimeout(timer)
    reached.add(socket)
  })
  socket.once("close", () => clearTimeout(timer))
  return socket
}

function secure({ url, ca, certificate, key }: TargetOptions): tls.ConnectionOptions {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  return {
    ...(ca !== undefined && { ca: [...tls.rootCertificates, ca] }),
    ...(certificate !== undefined && { cert: certificate, key }),
    ...(net.isIP(host) === 0 && { servername: host }),
    ALPNProtocols: ["http/1.1"],
  }
}
