import * as http from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"

/** What a server does with one request, instead of answering it well. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Accepts the request and never answers. */
  | "nothing"
  | "hang up"
  /** Announces a body and breaks off in the middle of it. */
  | "half a body"
  /** Ends half-way as if that were the end. */
  | "half a JSON text"

export interface Asked {
  readonly method: string
  /** With the query string. */
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export interface ApiServer {
  readonly url: string
  readonly asked: readonly Asked[]
  /** What happens to the next requests, one each; after them `answer` is called. */
  readonly replies: Reply[]
  answer: (asked: Asked) => Reply
  /** Resolves when so many requests have arrived. */
  until(count: number): Promise<void>
  stop(): Promise<void>
}

/** Starts a server that answers as a test says. */
export async function startApiServer(): Promise<ApiServer> {
  const asked: Asked[] = []
  const waiting = new Set<() => void>()
  const self: ApiServer = {
    url: "",
    asked,
    replies: [],
    answer: () => ({ status: 200, body: {} }),
    until: count =>
      new Promise(resolve => {
        const look = () => {
          if (asked.length >= count) resolve()
        }
        waiting.add(look)
        look()
      }),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const server = http.createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request
    const one = { method, path, headers, body: String(await buffer(request)) }
    asked.push(one)
    for (const look of waiting) look()
    send(response, self.replies.shift() ?? self.answer(one))
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(self, { url: `http://127.0.0.1:${port}` })
}

function send(response: http.ServerResponse, reply: Reply): void {
  if (reply === "nothing") return
  if (reply === "hang up") return void response.socket?.destroy()
  if (reply === "half a body") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" })
    return void response.write('{"events":[', () => response.socket?.destroy())
  }
  const json = "application/json; charset=utf-8"
  if (reply === "half a JSON text")
    return void response.writeHead(200, { "content-type": json }).end('{"events":[')
  const { status, headers = {}, body } = reply
  const type = status >= 400 ? "application/problem+json" : json
  response.writeHead(status, { "content-type": type, ...headers })
  response.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body))
}

/** Returns a refusal as the API writes it. */
export function problem(status: number, code: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  const { headers, ...members } = more
  return {
    status,
    headers: headers as Readonly<Record<string, string>>,
    body: {
      ...{ type: `urn:problem:auditorium:${code}`, title: "Refused", status, detail: "Because.", code },
      ...{ requestId: "r-1", ...members },
    },
  }
}

/** Returns a page of events as the API writes it. */
export function pageOf(events: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Reply {
  return {
    status: 200,
    body: {
      ...{ events, nextCursor: null, searchedBackTo: null, textSearched: null },
      window: { from: "2026-11-01T00:00:00.000000Z", before: "2026-12-01T00:00:00.000000Z" },
      ...{ asOf: 10, apps: [], fixedQuery: "", ...more },
    },
  }
}
