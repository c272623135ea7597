import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http"
import type { Call } from "@/lib/audit/capture/call"
import { Departure } from "./departure"
import { PassingCall, type Recording } from "./passing-call"
import { answerProblem, brokenOff, notReached, type Problem, tookTooLong } from "./problem"
import {
  appendForwardedFor,
  passedOn,
  type RawHeaders,
  replaceHeader,
  responseHead,
  trailerPairs,
  valuesOf,
} from "./raw-headers"
import type { RequestFraming } from "./request-line"
import { type Target, TargetTimeout, wasReached } from "./target"

/** What is the same for all exchanges of a proxy. */
export interface Passage extends Recording {
  readonly target: Target
  /** False when the next call must be refused, because it could not be recorded. */
  readonly mayPass: () => boolean
  /** Whether the target sees its own name as `Host` instead of what the client wrote. */
  readonly rewriteHost: boolean
  /** How long the target may take to begin its response; 0 is for ever. */
  readonly responseTimeoutMs: number
}

/** Methods that may be sent again when the connection broke (RFC 9110 section 9.2.2). */
const idempotent = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
/** Methods whose requests have a body unless they say that it is empty. */
const withBody = new Set(["POST", "PUT", "PATCH"])
/** How long the rest of a body is read that nobody wants any more, so that the client gets to read the response. */
const drainMs = 5_000

/** One request and its response on their way through the proxy. */
export class Exchange {
  private readonly passage: Passage
  private readonly message: IncomingMessage
  private readonly response: ServerResponse
  private readonly framing: RequestFraming
  private readonly isExpecting: boolean
  private readonly call: PassingCall
  private readonly departure: Departure
  private outgoing: ClientRequest | null = null
  private answer: IncomingMessage | null = null
  private timer: NodeJS.Timeout | null = null
  private isOver = false

  constructor(
    passage: Passage,
    { message, response, framing, isExpecting }: ExchangeInput,
    call = new PassingCall(message, message.socket, passage),
  ) {
    this.passage = passage
    this.message = message
    this.response = response
    this.framing = framing
    this.isExpecting = isExpecting
    this.call = call
    response.sendDate = false
    this.departure = new Departure(message.socket, response, message.httpVersion, () => this.abandon())
    response.once("close", () => this.abandon())
    response.once("finish", () => this.over(null))
    response.on("error", () => this.abandon())
    message.on("error", () => this.abandon())
    this.send(false)
  }

  private get hasBody(): boolean {
    return this.framing.isChunked || (this.framing.contentLength ?? 0) > 0
  }

  private send(isAlone: boolean): void {
    const { message, passage } = this
    let outgoing: ClientRequest
    try {
      outgoing = passage.target.request({
        method: message.method ?? "GET",
        path: message.url ?? "/",
        headers: requestHeaders(message, this.framing, passage, this.call.peer.ip),
        isAlone,
      })
    } catch {
      this.refuse({ status: 400, detail: "The head of the request cannot be passed on." }, null)
      return
    }
    this.outgoing = outgoing
    outgoing.on("information", ({ statusCode, statusMessage, rawHeaders }) =>
      this.interim(statusCode, statusMessage, rawHeaders),
    )
    outgoing.once("response", answer => this.relay(answer))
    // The client asked for no upgrade, so there is nothing to change to.
    outgoing.once("upgrade", (_, socket) => {
      socket.destroy()
      this.refuse({ ...brokenOff, detail: "The target changed the protocol unasked." }, "broken-off")
    })
    outgoing.on("error", error => this.failed(error, isAlone))
    const { responseTimeoutMs } = passage
    if (responseTimeoutMs > 0) {
      this.timer = setTimeout(() => outgoing.destroy(new TargetTimeout()), responseTimeoutMs)
    }
    this.sendBody(outgoing)
  }

  private sendBody(outgoing: ClientRequest): void {
    const { message, call } = this
    if (!this.hasBody) {
      call.request.isEnded = true
      message.resume()
      outgoing.end()
      return
    }
    let hasBegun = false
    message.on("data", chunk => {
      hasBegun = true
      call.request.take(chunk)
    })
    // The head is sent with the beginning of the body where that has come with it; one that comes long before is not held back.
    setImmediate(() => {
      if (!hasBegun && !outgoing.destroyed) outgoing.flushHeaders()
    })
    message.pipe(outgoing, { end: false })
    message.once("end", () => {
      call.request.isEnded = true
      addTrailers(outgoing, message)
      outgoing.end()
    })
  }

  /** Passes on a response before the response: 100 only where it is waited for, others to clients that know them. */
  private interim(status: number, message: string, headers: RawHeaders): void {
    if (this.response.headersSent || this.message.httpVersion !== "1.1") return
    if (status === 100 && !this.isExpecting) return
    this.departure.beforeHead()
    this.response.socket?.write(responseHead(status, message, passedOn(headers, { isChunked: false })))
  }

  private relay(answer: IncomingMessage): void {
    const { response, call } = this
    this.answer = answer
    this.clearTimer()
    const status = answer.statusCode ?? 502
    const hasBody = this.message.method !== "HEAD" && status !== 204 && status !== 304
    const isChunked =
      hasBody &&
      this.message.httpVersion === "1.1" &&
      valuesOf(answer.rawHeaders, "transfer-encoding").length > 0
    const headers = passedOn(answer.rawHeaders, { isChunked })
    // A client that waited for 100 may send its body or not: nobody can tell what comes next on this connection.
    if (this.isExpecting && !this.message.complete) headers.push("Connection", "close")
    this.departure.beforeHead()
    try {
      response.writeHead(status, answer.statusMessage ?? "", headers)
    } catch {
      this.refuse({ ...brokenOff, detail: "The target's response cannot be passed on." }, "broken-off")
      return
    }
    call.answered(status, answer.rawHeaders)
    const [type = ""] = valuesOf(answer.rawHeaders, "content-type")
    if (/^text\/event-stream\b/i.test(type)) call.stayOpen()
    let hasBegun = false
    answer.on("data", chunk => {
      hasBegun = true
      call.response.take(chunk)
    })
    answer.pipe(response, { end: false })
    answer.once("end", () => {
      hasBegun = true
      call.response.isEnded = true
      if (isChunked) addTrailers(response, answer)
      response.end()
      this.stopBody()
    })
    answer.once("error", () => this.breakOff())
    // A head that comes long before its body is not held back for it.
    setImmediate(() => {
      if (!hasBegun && !response.destroyed) response.flushHeaders()
    })
  }

  /** The target has answered: what is left of the request's body is for nobody. */
  private stopBody(): void {
    const { message, outgoing } = this
    if (message.complete || !this.hasBody) return
    message.unpipe()
    outgoing?.destroy()
    drain(message)
  }

  private failed(error: Error, isAlone: boolean): void {
    if (this.isOver) return
    if (this.answer !== null) {
      this.breakOff()
      return
    }
    const { outgoing, message } = this
    const isTimeout = error instanceof TargetTimeout
    const mayRepeat = !this.hasBody && idempotent.has(message.method ?? "")
    if (outgoing?.reusedSocket && !isAlone && mayRepeat && !isTimeout) {
      this.clearTimer()
      this.send(true)
    } else if (isTimeout) this.refuse(tookTooLong, "timeout")
    else if (wasReached(outgoing?.socket)) this.refuse(brokenOff, "broken-off")
    else this.refuse(notReached, "unreachable")
  }

  /** Answers in place of the target. */
  private refuse(problem: Problem, failure: Call["failure"]): void {
    const { response, message, call } = this
    this.clearTimer()
    this.outgoing?.destroy()
    if (response.headersSent) {
      this.breakOff()
      return
    }
    message.unpipe()
    call.answered(problem.status, [])
    this.departure.beforeHead()
    // Recorded now: what this response says is not what the target said.
    this.over(failure)
    if (!response.destroyed) answerProblem(response, problem, this.isExpecting && !message.complete)
    if (!message.complete) drain(message)
  }

  /** The response cannot be completed: a connection that ends too early is the only sign that a client understands. */
  private breakOff(): void {
    this.over("broken-off")
    this.response.destroy()
    this.message.socket.destroy()
  }

  private abandon(): void {
    if (this.isOver) return
    this.over("client-gone")
    this.outgoing?.destroy()
    this.message.socket.destroy()
  }

  private over(failure: Call["failure"]): void {
    if (this.isOver) return
    this.isOver = true
    this.clearTimer()
    this.departure.stop()
    this.call.end(failure)
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }
}

export interface ExchangeInput {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly framing: RequestFraming
  /** Whether the client waits for 100 before it sends the body. */
  readonly isExpecting: boolean
}

/** Returns the head of the request as the target gets it. */
export function requestHeaders(
  { rawHeaders, method }: IncomingMessage,
  { isChunked, contentLength }: RequestFraming,
  { rewriteHost, target }: Pick<Passage, "rewriteHost" | "target">,
  peerIp: string | null,
  isUpgrade = false,
): string[] {
  const headers = passedOn(rawHeaders, { isChunked, isUpgrade })
  if (rewriteHost && target.host !== null) replaceHeader(headers, "host", target.host)
  appendForwardedFor(headers, peerIp)
  // Without it node would announce chunks.
  if (!isChunked && contentLength === null && withBody.has(method ?? "")) headers.push("Content-Length", "0")
  return headers
}

function addTrailers(outgoing: ClientRequest | ServerResponse, incoming: IncomingMessage): void {
  if (incoming.rawTrailers.length === 0) return
  try {
    outgoing.addTrailers(trailerPairs(incoming.rawTrailers))
  } catch {
    // Names and values that node's parser reads and its writer refuses: the body is whole without them.
  }
}

function drain(message: IncomingMessage): void {
  message.removeAllListeners("data")
  message.resume()
  const timer = setTimeout(() => message.socket.destroy(), drainMs).unref()
  message.once("close", () => clearTimeout(timer))
}
