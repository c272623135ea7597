import type { IncomingMessage, ServerResponse } from "node:http"
import type { Call, CallStart, Headers } from "@/lib/audit/capture/call"
import type { ActorInput } from "@/lib/audit/event/input"
import { clientAddress, peerAddress, type Trust } from "./client-address"
import { KeptBody } from "./kept-body"
import { endOf, millisecondsSince, type OpenCall, stayOpen, watchOver } from "./open-calls"
import { instantOf, type Recorder, type Watched } from "./recorder"
import { requestIdOf } from "./request-id"
import { headersSentBy, wrapRequest, wrapResponse } from "./wrap"

/** What a framework knows of a call besides its request and response. Both are asked when it has been answered, and never throw. */
export interface Framework {
  readonly route: () => string | null
  /** Null when the application has not said how callers are recognised. */
  readonly caller: (() => Promise<ActorInput> | ActorInput) | null
  /** The address as it was received, where the framework has changed it. */
  readonly url?: string | undefined
}

/** Marks a request that is recorded. A set that holds requests weakly costs more, because each has to be looked at when memory is freed. */
const recorded = Symbol("auditorium.recorded")

/**
 * Records one call of a Node server. The request and the response stay as they are: three of their methods pass on what they get, and
 * a copy of the first bytes is kept. A call that passes here twice is recorded once.
 */
export function captureExchange(
  recorder: Recorder,
  request: IncomingMessage,
  response: ServerResponse,
  isTrusted: Trust,
  framework: Framework,
): void {
  // The cast: the mark is ours.
  const marked: { [recorded]?: boolean } = request as { [recorded]?: boolean }
  if (marked[recorded]) return
  marked[recorded] = true
  watchOver(new Exchange(recorder, request, response, isTrusted, framework))
}

class Exchange implements OpenCall {
  readonly watched: Watched
  readonly startedAt = performance.now()
  isOpened = false
  readonly #start: CallStart
  readonly #request: KeptBody
  readonly #response: KeptBody
  readonly #message: ServerResponse
  readonly #framework: Framework
  #caller: ActorInput | null = null

  constructor(
    recorder: Recorder,
    request: IncomingMessage,
    response: ServerResponse,
    isTrusted: Trust,
    framework: Framework,
  ) {
    this.#start = startOf(request, framework.url, recorder.app, isTrusted)
    this.#message = response
    this.#framework = framework
    this.watched = recorder.watch(this.#start)
    this.#request = new KeptBody(this.watched.keep.requestBytes)
    this.#response = new KeptBody(this.watched.keep.responseBytes)
    wrapRequest(request, this.#request)
    wrapResponse(response, this.#response, () => {
      if (isEventStream(response)) stayOpen(this)
    })
    response.on("finish", () => {
      this.#response.isEnded = true
    })
    response.once("close", () => {
      // An answer can be ready before the parser has said that the body has ended, of which it has given every byte.
      if (this.#request.isEnded) this.#end()
      else setImmediate(() => this.#end())
    })
  }

  stayOpen(): void {
    stayOpen(this)
  }

  facts(state: Call["state"], failure: Call["failure"]): Call {
    const isAnswered = this.#message.headersSent
    const responseHeaders = isAnswered ? headersSentBy(this.#message) : []
    const start = this.#start
    return {
      // Member by member: an object that is made by spreading is slow to read, and this one is read often.
      method: start.method,
      path: start.path,
      query: start.query,
      headers: start.headers,
      occurredAt: start.occurredAt,
      requestId: start.requestId,
      app: start.app,
      ip: start.ip,
      peerIp: start.peerIp,
      route: this.#framework.route(),
      state,
      status: isAnswered ? this.#message.statusCode : null,
      responseHeaders,
      durationMs: millisecondsSince(this.startedAt),
      requestBytes: this.#request.totalBytes,
      responseBytes: this.#response.totalBytes,
      requestBody: this.#request.captured(this.#start.headers),
      responseBody: this.#response.captured(responseHeaders),
      failure,
      caller: this.#caller,
    }
  }

  #end(): void {
    const failure = this.#response.isEnded ? null : "client-gone"
    const caller = this.#framework.caller?.() ?? null
    if (!(caller instanceof Promise)) {
      this.#caller = caller
      endOf(this, failure)
      return
    }
    void caller.then(found => {
      this.#caller = found
      endOf(this, failure)
    })
  }
}

function startOf(
  request: IncomingMessage,
  url: string = request.url ?? "/",
  app: string | null,
  isTrusted: Trust,
): CallStart {
  const mark = url.indexOf("?")
  const headers = pairsOf(request.rawHeaders)
  const peerIp = peerAddress(request.socket?.remoteAddress)
  const now = new Date()
  return {
    method: request.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? null : url.slice(mark + 1),
    headers,
    occurredAt: instantOf(now),
    requestId: requestIdOf(request.headers["x-request-id"], now),
    route: null,
    app,
    ip: clientAddress(peerIp, headers, isTrusted),
    peerIp,
  }
}

function pairsOf(raw: readonly string[]): Headers {
  const pairs: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""])
  return pairs
}

function isEventStream(response: ServerResponse): boolean {
  const type = headersSentBy(response).find(([name]) => name.toLowerCase() === "content-type")?.[1]
  return type !== undefined && /^text\/event-stream\b/i.test(type)
}
