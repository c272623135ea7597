import { Buffer } from "node:buffer"
import * as http from "node:http"
import * as https from "node:https"
import { gzip } from "node:zlib"
import {
  type ApiAnswer,
  type ApiRequest,
  addressOf,
  answerTimeoutMs,
  headersOf,
  longestAnswer,
  type Server,
  type Transport,
} from "./transport"

/** While a connection is being made the process cannot end, so that has a shorter limit than the answer. */
const connectTimeoutMs = 5_000

/** Returns a transport over Node's own client, one connection at a time. An open request does not keep the process running. */
export function nodeTransport(server: Server): Transport {
  const client = server.url.protocol === "https:" ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: 2 })
  return async request => {
    const body = request.body === undefined ? null : await compressed(request.body)
    const exchange = () => exchangeOnce(client, agent, server, request, body)
    return exchange().catch((error: unknown) =>
      error instanceof StaleConnection ? exchange() : Promise.reject(error),
    )
  }
}

/**
 * The server closed a kept connection at the moment at which it was used again. Everything that is sent may be sent twice (events and
 * reports have their ids), so it is sent again at once: the server is not away, and nothing has to be put on the disk.
 */
class StaleConnection extends Error {}

function compressed(body: string | Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gzip(body, { level: 1 }, (error, bytes) => (error ? reject(error) : resolve(bytes)))
  })
}

function exchangeOnce(
  client: typeof http | typeof https,
  agent: http.Agent,
  server: Server,
  asked: ApiRequest,
  body: Buffer | null,
): Promise<ApiAnswer> {
  const headers = headersOf(server, asked)
  if (body !== null) {
    headers["content-encoding"] = "gzip"
    headers["content-length"] = String(body.byteLength)
  }
  return new Promise((resolve, reject) => {
    const request = client.request(addressOf(server, asked.path), { method: asked.method, headers, agent })
    const limit = setTimeout(() => request.destroy(new Error("no answer in time")), answerTimeoutMs)
    limit.unref()
    request.on("socket", socket => {
      socket.unref()
      if (!socket.connecting) return
      const connecting = setTimeout(
        () => request.destroy(new Error("no connection in time")),
        connectTimeoutMs,
      )
      connecting.unref()
      socket.once("connect", () => clearTimeout(connecting))
      socket.once("close", () => clearTimeout(connecting))
    })
    let hasBegun = false
    request.on("error", (error: NodeJS.ErrnoException) => {
      const isStale =
        request.reusedSocket && !hasBegun && (error.code === "ECONNRESET" || error.code === "EPIPE")
      reject(isStale ? new StaleConnection(error.message, { cause: error }) : error)
    })
    request.on("close", () => clearTimeout(limit))
    request.on("response", response => {
      hasBegun = true
      const chunks: Buffer[] = []
      let bytes = 0
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.byteLength
        if (bytes <= longestAnswer) chunks.push(chunk)
      })
      response.on("error", reject)
      response.on("close", () => {
        if (!response.complete) return reject(new Error("the answer broke off"))
        resolve({
          status: response.statusCode ?? 0,
          headers: flat(response.headers),
          body: Buffer.concat(chunks).toString(),
        })
      })
    })
    request.end(body ?? undefined)
  })
}

function flat(headers: http.IncomingHttpHeaders): ApiAnswer["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
