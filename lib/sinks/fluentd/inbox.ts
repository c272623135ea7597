import type { Socket } from "node:net"
import { decodeMulti } from "@msgpack/msgpack"
import { SinkError } from "@/lib/sinks/sink"

/** The messages that arrive on a connection. */
export interface Inbox {
  /** False after the other side has ended the connection, or has sent something that nobody waits for. */
  isQuiet(): boolean
  /** True after the other side has ended the connection by itself. */
  isLeft(): boolean
  /** Returns the next message. Throws SinkError when the connection ends before there is one; with `late` when the time is over. */
  next(late: string, timeoutMs: number, signal: AbortSignal): Promise<unknown>
}

/** An honest server sends some hundred bytes for each chunk. */
const mostBytes = 16 * 1024
const mostMessages = 100
const tooMuch = "The receiver sends more than an answer of the forward protocol has."
const limits = {
  rawStrings: true,
  maxStrLength: 8192,
  maxBinLength: 8192,
  maxExtLength: 8192,
  maxArrayLength: 16,
  maxMapLength: 32,
} as const

/** Reads the messages of a connection from now on. A connection that sends something else, or too much, is destroyed. */
export function inboxOf(socket: Socket): Inbox {
  const messages: unknown[] = []
  let buffered = Buffer.alloc(0)
  /** Messages at the start of the buffer that have been delivered. */
  let delivered = 0
  let end: string | null = null
  let isLeft = false
  let wake: (() => void) | null = null

  const finish = (reason: string) => {
    end ??= reason
    socket.destroy()
    wake?.()
  }
  socket.on("data", (data: Buffer) => {
    if (end !== null) return
    buffered = Buffer.concat([buffered, data])
    if (buffered.byteLength > mostBytes) return finish(tooMuch)
    const { found, isWhole, isGarbage } = read(buffered)
    messages.push(...found.slice(delivered))
    delivered = isWhole ? 0 : found.length
    if (isWhole) buffered = Buffer.alloc(0)
    if (isGarbage) finish("The receiver answered with something that is not of the forward protocol.")
    else if (messages.length > mostMessages) finish(tooMuch)
    wake?.()
  })
  const leave = (reason: string) => {
    isLeft ||= end === null
    finish(reason)
  }
  socket.on("end", () => leave("The receiver closed the connection."))
  socket.on("close", () => leave("The connection was closed."))
  socket.on("error", error => leave(`The connection broke (${"code" in error ? error.code : error.name}).`))

  return {
    isQuiet: () => end === null && messages.length === 0 && buffered.byteLength === 0,
    isLeft: () => isLeft,
    async next(late, timeoutMs, signal) {
      const timer = setTimeout(() => finish(late), timeoutMs)
      const abort = () => finish("The attempt was ended.")
      signal.addEventListener("abort", abort)
      if (signal.aborted) abort()
      try {
        while (messages.length === 0) {
          if (end !== null) throw new SinkError("later", end)
          await new Promise<void>(resolve => {
            wake = resolve
          })
          wake = null
        }
        return messages.shift()
      } finally {
        clearTimeout(timer)
        signal.removeEventListener("abort", abort)
      }
    },
  }
}

/** Returns the whole messages at the start of the bytes, and whether the bytes end with the last of them. */
function read(bytes: Uint8Array) {
  const found: unknown[] = []
  try {
    for (const message of decodeMulti(bytes, limits)) found.push(message)
    return { found, isWhole: true, isGarbage: false }
  } catch (error) {
    // A RangeError: there are fewer bytes than the message has.
    return { found, isWhole: false, isGarbage: !(error instanceof RangeError) }
  }
}
