import type { Socket } from "node:net"
import { SinkError } from "@/lib/sinks/sink"

interface Limits {
  /**
   * How long our side stays open after the bytes have left: at least as long as a packet takes to the receiver and back. Within this time
   * it is noticed that the receiver had already ended the connection.
   */
  readonly settleMs: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Sends the bytes, ends our side of the connection, and returns when the receiver has ended its side. A receiver does that after it has
 * read everything; one that died, that reads nothing or that has left earlier does not. Throws SinkError then, and when the time is
 * over. The socket is destroyed in any case.
 */
export async function sendAndClose(socket: Socket, bytes: Uint8Array, limits: Limits): Promise<void> {
  const { settleMs, timeoutMs, signal } = limits
  const timers: NodeJS.Timeout[] = []
  let abort = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (message: string, cause?: unknown) => reject(new SinkError("later", message, { cause }))
      abort = () => fail("The attempt was ended.")
      timers.push(setTimeout(() => fail(`${notRead} within ${timeoutMs / 1000} s.`), timeoutMs))
      signal.addEventListener("abort", abort)
      if (signal.aborted) abort()
      let isEnded = false
      socket.on("error", error => fail(`The connection broke (${codeOf(error)}).`, error))
      socket.once("end", () => (isEnded ? resolve() : fail("The receiver closed the connection too early.")))
      socket.once("close", () => fail("The connection was closed."))
      // Syslog has no answers: what comes is thrown away.
      socket.resume()
      socket.write(bytes, error => {
        // An error has its own event.
        if (error) return
        const end = () => {
          isEnded = true
          socket.end()
        }
        timers.push(setTimeout(end, settleMs))
      })
    })
  } finally {
    for (const timer of timers) clearTimeout(timer)
    signal.removeEventListener("abort", abort)
    socket.destroy()
  }
}

const notRead = "The receiver did not read the messages and close the connection"

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.name
}
