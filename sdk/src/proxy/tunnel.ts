import type { ClientRequest, IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import type { Call } from "@/lib/audit/capture/call"
import { type Passage, requestHeaders } from "./exchange"
import { PassingCall } from "./passing-call"
import { brokenOff, endWithProblem, notReached, type Problem, tookTooLong } from "./problem"
import { passedOn, type RawHeaders, responseHead, valuesOf } from "./raw-headers"
import type { RequestFraming } from "./request-line"
import { TargetTimeout, wasReached } from "./target"

/** A client that ends its side before the target has answered is waited for so long: the response may be on its way. */
const departureMs = 600

/**
 * A request that asks for another protocol. Until the target has agreed, exactly the request goes to it: what a client sends
 * behind it would be read as further requests by a target that does not agree, and nobody would have recorded them.
 */
export class Tunnel {
  private readonly passage: Passage
  private readonly message: IncomingMessage
  private readonly socket: Duplex
  private readonly call: PassingCall
  private readonly isUpgrade: boolean
  private outgoing: ClientRequest | null = null
  private timer: NodeJS.Timeout | null = null
  private bodyLeft: number
  private isAnswered = false
  private isOver = false

  constructor(passage: Passage, { message, socket, head, framing }: TunnelInput) {
    this.passage = passage
    this.message = message
    this.socket = socket
    this.bodyLeft = framing.contentLength ?? 0
    // HTTP/2 inside would be requests that nobody sees. (Docker's sessions ask for `h2c` without settings and mean gRPC.)
    this.isUpgrade = valuesOf(message.rawHeaders, "http2-settings").length === 0
    this.call = new PassingCall(message, socket, passage)
    if (head.length > 0) socket.unshift(head)
    socket.once("close", () => this.abandon())
    socket.once("end", () => {
      if (!this.isAnswered) setTimeout(() => this.isAnswered || this.abandon(), departureMs).unref()
    })
    this.send(framing)
  }

  private send(framing: RequestFraming): void {
    const { message, passage } = this
    try {
      this.outgoing = passage.target.request({
        method: message.method ?? "GET",
        path: message.url ?? "/",
        headers: requestHeaders(message, framing, passage, this.call.peer.ip, this.isUpgrade),
        isAlone: true,
      })
    } catch {
      this.refuse({ status: 400, detail: "The head of the request cannot be passed on." }, null)
      return
    }
    this.outgoing.on("information", ({ statusCode, statusMessage, rawHeaders }) => {
      if (this.message.httpVersion === "1.1") this.writeHead(statusCode, statusMessage, rawHeaders)
    })
    this.outgoing.once("upgrade", (answer, target, head) => this.open(answer, target, head))
    this.outgoing.once("response", answer => this.relay(answer))
    this.outgoing.on("error", error => this.failed(error))
    const { responseTimeoutMs } = passage
    if (responseTimeoutMs > 0) {
      this.timer = setTimeout(() => this.outgoing?.destroy(new TargetTimeout()), responseTimeoutMs)
    }
    this.outgoing.flushHeaders()
    this.socket.on("readable", this.takeBody)
    this.takeBody()
  }

  /** Sends what belongs to the request's own body, and leaves the rest where it is. */
  private readonly takeBody = (): void => {
    const { socket, outgoing } = this
    while (this.bodyLeft > 0 && socket.readableLength > 0) {
      const chunk: Buffer = socket.read(Math.min(this.bodyLeft, socket.readableLength))
      this.bodyLeft -= chunk.length
      this.call.request.take(chunk)
      outgoing?.write(chunk)
    }
    if (this.bodyLeft === 0 && outgoing?.writableEnded === false) {
      this.call.request.isEnded = true
      outgoing.end()
    }
    // Asks for more, and for the end: without this nobody would hear of a client that went away.
    if (socket.readableLength === 0) socket.read(0)
  }

  /** The target agreed: from here on bytes pass in both directions, each of which may end by itself. */
  private open(answer: IncomingMessage, target: Duplex, head: Buffer): void {
    const { socket, call } = this
    this.answered()
    if (!this.isUpgrade) {
      target.destroy()
      this.refuse({ ...brokenOff, detail: "The target changed the protocol unasked." }, "broken-off")
      return
    }
    this.writeHead(answer.statusCode ?? 101, answer.statusMessage ?? "", answer.rawHeaders, true)
    call.answered(answer.statusCode ?? 101, answer.rawHeaders)
    call.stayOpen()
    if (head.length > 0) target.unshift(head)
    target.on("error", () => target.destroy())
    target.once("close", () => {
      socket.destroy()
      this.over(null)
    })
    this.socket.once("close", () => target.destroy())
    socket.on("data", chunk => call.request.take(chunk))
    target.on("data", chunk => call.response.take(chunk))
    socket.pipe(target)
    target.pipe(socket)
  }

  /** The target did not agree: its response is passed on, and the connection ends with it. */
  private relay(answer: IncomingMessage): void {
    const { socket, call } = this
    this.answered()
    const status = answer.statusCode ?? 502
    call.answered(status, answer.rawHeaders)
    const headers = passedOn(answer.rawHeaders, { isChunked: false })
    socket.write(responseHead(status, answer.statusMessage ?? "", [...headers, "Connection", "close"]))
    answer.on("data", chunk => call.response.take(chunk))
    answer.pipe(socket)
    answer.once("end", () => {
      call.response.isEnded = true
      this.over(null)
      this.outgoing?.destroy()
    })
    answer.once("error", () => {
      this.over("broken-off")
      socket.destroy()
    })
    socket.resume()
  }

  private answered(): void {
    this.isAnswered = true
    this.socket.removeListener("readable", this.takeBody)
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private writeHead(status: number, message: string, raw: RawHeaders, isUpgrade = false): void {
    this.socket.write(responseHead(status, message, passedOn(raw, { isChunked: false, isUpgrade })))
  }

  private failed(error: Error): void {
    if (this.isOver || this.isAnswered) return
    if (error instanceof TargetTimeout) this.refuse(tookTooLong, "timeout")
    else if (wasReached(this.outgoing?.socket)) this.refuse(brokenOff, "broken-off")
    else this.refuse(notReached, "unreachable")
  }

  private refuse(problem: Problem, failure: Call["failure"]): void {
    this.answered()
    this.call.answered(problem.status, [])
    this.over(failure)
    this.outgoing?.destroy()
    endWithProblem(this.socket, problem)
  }

  private abandon(): void {
    this.over(this.isAnswered ? null : "client-gone")
    this.answered()
    this.outgoing?.destroy()
    this.socket.destroy()
  }

  private over(failure: Call["failure"]): void {
    if (this.isOver) return
    this.isOver = true
    this.call.end(failure)
  }
}

export interface TunnelInput {
  readonly message: IncomingMessage
  readonly socket: Duplex
  /** What came together with the head of the request. */
  readonly head: Buffer
  readonly framing: RequestFraming
}
