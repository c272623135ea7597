import type { Call, CallStart, Headers } from "@/lib/audit/capture/call"
import type { ActorInput } from "@/lib/audit/event/input"
import { clientAddress, forwardedAddress, peerAddress, type Trust } from "./client-address"
import { copying } from "./fetch-body"
import { watchRequest } from "./fetch-request"
import { KeptBody } from "./kept-body"
import { endOf, millisecondsSince, type OpenCall, stayOpen, watchOver } from "./open-calls"
import type { MaybePromise } from "./options"
import { instantOf, type Recorder, type Watched } from "./recorder"
import { requestIdOf } from "./request-id"

/** What the platform knows of a call besides its request and response. Nothing here throws. */
export interface FetchFacts {
  /** The address of the connection, when the platform says it. */
  readonly peer: string | null
  readonly route: () => MaybePromise<string | null>
  readonly caller: (() => MaybePromise<ActorInput>) | null
}

const seen = new WeakSet<Request>()

/** Begins to record a call, or returns null for one that is recorded already. */
export function beginCall(
  recorder: Recorder,
  request: Request,
  isTrusted: Trust,
  facts: FetchFacts,
): FetchCall | null {
  if (seen.has(request)) return null
  seen.add(request)
  const call = new FetchCall(recorder, request, isTrusted, facts)
  watchOver(call)
  return call
}

export class FetchCall implements OpenCall {
  readonly watched: Watched
  readonly startedAt = performance.now()
  isOpened = false
  readonly #start: CallStart
  readonly #facts: FetchFacts
  readonly #request: KeptBody
  readonly #response: KeptBody
  #status: number | null = null
  #responseHeaders: Headers = []
  #caller: ActorInput | null = null
  #route: string | null = null
  #isOver = false

  constructor(recorder: Recorder, request: Request, isTrusted: Trust, facts: FetchFacts) {
    this.#facts = facts
    this.#start = startOf(request, facts.peer, recorder.app, isTrusted)
    this.watched = recorder.watch(this.#start)
    this.#request = new KeptBody(this.watched.keep.requestBytes)
    this.#response = new KeptBody(this.watched.keep.responseBytes)
    watchRequest(request, this.#request)
  }

  /** Returns the response to send instead, which is the same but for the copy of its body. */
  answered(response: Response): Response {
    this.#status = response.status
    this.#responseHeaders = [...response.headers]
    const { body } = response
    // A response of an upgrade or of an error cannot be made again; one that was read already has nothing to copy.
    const isPlain = response.status >= 200 && response.status < 600 && !response.bodyUsed
    if (body === null || !isPlain || this.#start.method === "HEAD") {
      if (body === null) this.#response.isEnded = true
      this.#end(null)
      return response
    }
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) stayOpen(this)
    const copy = copying(
      () => body,
      this.#response,
      how => this.#end(how === "read" ? null : how === "cancelled" ? "client-gone" : "broken-off"),
    )
    const { status, statusText, headers } = response
    return new Response(copy, { status, statusText, headers })
  }

  /** The application threw: what it did not catch its platform answers with this status. */
  threw(status: number): void {
    this.#status = status
    this.#end(null)
  }

  stayOpen(): void {
    stayOpen(this)
  }

  facts(state: Call["state"], failure: Call["failure"]): Call {
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
      route: this.#route,
      state,
      status: this.#status,
      responseHeaders: this.#responseHeaders,
      durationMs: millisecondsSince(this.startedAt),
      requestBytes: this.#request.totalBytes,
      responseBytes: this.#response.totalBytes,
      requestBody: this.#request.captured(this.#start.headers),
      responseBody: this.#response.captured(this.#responseHeaders),
      failure,
      caller: this.#caller,
    }
  }

  #end(failure: Call["failure"]): void {
    if (this.#isOver) return
    this.#isOver = true
    void Promise.all([this.#facts.route(), this.#facts.caller?.() ?? null]).then(([route, caller]) => {
      this.#route = route
      this.#caller = caller
      endOf(this, failure)
    })
  }
}

function startOf(request: Request, peer: string | null, app: string | null, isTrusted: Trust): CallStart {
  const { path, query } = addressOf(request.url)
  const headers: Headers = [...request.headers]
  const peerIp = peerAddress(peer ?? undefined)
  const now = new Date()
  return {
    method: request.method,
    path,
    query,
    headers,
    occurredAt: instantOf(now),
    requestId: requestIdOf(request.headers.get("x-request-id"), now),
    route: null,
    app,
    ip: peerIp === null ? forwardedAddress(headers, isTrusted) : clientAddress(peerIp, headers, isTrusted),
    peerIp,
  }
}

function addressOf(url: string): { readonly path: string; readonly query: string | null } {
  const host = url.indexOf("://")
  const from = url.indexOf("/", host === -1 ? 0 : host + 3)
  const [address = "/"] = (from === -1 ? "/" : url.slice(from)).split("#")
  const mark = address.indexOf("?")
  return mark === -1
    ? { path: address, query: null }
    : { path: address.slice(0, mark) || "/", query: address.slice(mark + 1) }
}
