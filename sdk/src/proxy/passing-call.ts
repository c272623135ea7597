import { randomUUID } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import type { Call, CallStart, Headers } from "@/lib/audit/capture/call"
import { clientAddress, type Trust } from "@/sdk/src/client-address"
import { KeptBody } from "@/sdk/src/kept-body"
import { millisecondsSince, type OpenCalls } from "@/sdk/src/open-calls"
import { instantOf, type Watched } from "@/sdk/src/recorder"
import { type Peer, peerOf } from "./client"
import { endToEnd, type RawHeaders } from "./raw-headers"
import type { CallRecorder } from "./recorder"

/** What is the same for all calls of a proxy. */
export interface Recording {
  readonly recorder: CallRecorder
  /** The slug of the app that the calls are recorded for, when it is known. */
  readonly app: () => string | null
  readonly isTrusted: Trust
  /** Calls that are still open after a time are recorded as opened. */
  readonly open: OpenCalls
}

/** One call while it passes: its bodies are counted and copied here, and it is recorded when it ends. */
export class PassingCall {
  readonly peer: Peer
  readonly request: KeptBody
  readonly response: KeptBody
  private readonly start: CallStart
  private readonly watched: Watched
  readonly startedAt = performance.now()
  private readonly open: OpenCalls
  private status: number | null = null
  private responseHeaders: Headers = []
  /** Set when the call has been recorded as opened: both events carry it. */
  private openId: string | null = null
  private isOver = false

  constructor(message: IncomingMessage, socket: Duplex, recording: Recording) {
    this.peer = peerOf(socket)
    this.start = startOf(message, this.peer, recording)
    this.watched = recording.recorder.watch(this.start)
    this.request = new KeptBody(this.watched.keep.requestBytes)
    this.response = new KeptBody(this.watched.keep.responseBytes)
    this.open = recording.open
    this.open.add(this)
  }

  /** Takes the head of the response, which is the target's, or the proxy's own when there is none. */
  answered(status: number, headers: RawHeaders): void {
    this.status = status
    this.responseHeaders = endToEnd(headers)
  }

  /** Records that the call has begun and stays open; once. */
  stayOpen(): void {
    if (this.isOver || this.openId !== null) return
    this.openId = this.start.requestId ?? randomUUID()
    this.watched.take(this.facts("opened", null))
  }

  /** Records the call; once, whatever happens to its connections afterwards. */
  end(failure: Call["failure"]): void {
    if (this.isOver) return
    this.isOver = true
    this.open.delete(this)
    this.watched.take(this.facts(this.openId === null ? null : "closed", failure))
  }

  private facts(state: Call["state"], failure: Call["failure"]): Call {
    const start = this.start
    return {
      // Member by member: an object that is made by spreading is slow to read, and this one is read often.
      method: start.method,
      path: start.path,
      query: start.query,
      headers: start.headers,
      occurredAt: start.occurredAt,
      requestId: this.openId ?? start.requestId,
      app: start.app,
      ip: start.ip,
      peerIp: start.peerIp,
      route: start.route,
      state,
      status: this.status,
      responseHeaders: this.responseHeaders,
      durationMs: millisecondsSince(this.startedAt),
      requestBytes: this.request.totalBytes,
      responseBytes: this.response.totalBytes,
      requestBody: this.request.captured(start.headers),
      responseBody: this.response.captured(this.responseHeaders),
      failure,
      caller: this.peer.caller,
    }
  }
}

function startOf(message: IncomingMessage, peer: Peer, { app, isTrusted }: Recording): CallStart {
  const url = message.url ?? "/"
  const mark = url.indexOf("?")
  // What the target does not get says nothing about what it did.
  const headers = endToEnd(message.rawHeaders)
  return {
    method: message.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? null : url.slice(mark + 1),
    headers,
    occurredAt: instantOf(new Date()),
    requestId:
      headers.find(([name]) => name.length === 12 && name.toLowerCase() === "x-request-id")?.[1].trim() ||
      null,
    route: null,
    app: app(),
    ip: clientAddress(peer.ip, headers, isTrusted),
    peerIp: peer.ip,
  }
}
