import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"

/**
 * A client that has ended its side of the connection may still be reading (it has said all it had to say), or may be gone: TCP
 * tells these apart only when something is written. So a client without a response is sent an interim one (102) in two parts: a
 * client that is gone refuses the second. One that was being answered counts as gone when the answer stands still.
 */
const stillMs = 300

/** Calls `gone` once when the client does not read any more. A connection that is closed needs no watching: it says so itself. */
export class Departure {
  private readonly socket: Socket
  private readonly response: ServerResponse
  private readonly gone: () => void
  private readonly mayProbe: boolean
  private timer: NodeJS.Timeout | null = null
  private isHalfWritten = false
  private isReader = false

  constructor(socket: Socket, response: ServerResponse, httpVersion: string, gone: () => void) {
    this.socket = socket
    this.response = response
    this.mayProbe = httpVersion === "1.1"
    this.gone = gone
    if (socket.readableEnded) this.onEnd()
    else socket.once("end", this.onEnd)
  }

  /** Is called before a response is begun: what was begun as an interim one is completed. */
  beforeHead(): void {
    if (this.isHalfWritten) this.completeProbe()
  }

  stop(): void {
    this.socket.removeListener("end", this.onEnd)
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private readonly onEnd = (): void => {
    this.later(() => {
      if (this.response.headersSent) this.watchProgress(this.socket.bytesWritten)
      else this.probe()
    })
  }

  private later(step: () => void): void {
    this.timer = setTimeout(step, stillMs).unref()
  }

  private probe(): void {
    // A response that waits behind another one has no connection yet; the other one finds out.
    if (this.response.socket === null) this.later(() => this.probe())
    else if (!this.mayProbe) this.gone()
    else {
      this.socket.write("HTTP/1.1 102 Processing\r\n")
      this.isHalfWritten = true
      this.later(() => this.completeProbe())
    }
  }

  private completeProbe(): void {
    if (!this.isHalfWritten) return
    this.isHalfWritten = false
    this.isReader = true
    this.socket.write("\r\n")
  }

  private watchProgress(bytesBefore: number): void {
    if (this.isReader) return
    const { bytesWritten, writableLength } = this.socket
    // What waits to be taken over: a client that is gone would have refused it.
    if (bytesWritten === bytesBefore && writableLength === 0) this.gone()
    else this.later(() => this.watchProgress(bytesWritten))
  }
}
