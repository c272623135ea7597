import { Buffer } from "node:buffer"
import type { CapturedBody, Headers } from "@/lib/audit/capture/call"

/** The first bytes of a body that passes, and the number of all. It holds copies, so that no larger chunk stays in memory. */
export class KeptBody {
  totalBytes = 0
  isEnded = false
  readonly #limit: number
  readonly #parts: Buffer[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  take(chunk: Uint8Array): void {
    this.totalBytes += chunk.byteLength
    const room = this.#limit - this.#size
    if (room <= 0) return
    const part = Buffer.from(chunk.byteLength <= room ? chunk : chunk.subarray(0, room))
    this.#parts.push(part)
    this.#size += part.byteLength
  }

  /** The same for a chunk that is text or bytes, as the methods of a stream take it. */
  takeAny(chunk: unknown, encoding: unknown): void {
    if (typeof chunk === "string") this.take(Buffer.from(chunk, encodingOf(encoding)))
    else if (chunk instanceof Uint8Array) this.take(chunk)
  }

  /** Returns what was kept; null when nothing was to be kept, or there is no body. */
  captured(headers: Headers): CapturedBody | null {
    if (this.#limit === 0 || this.totalBytes === 0) return null
    const [first] = this.#parts
    return {
      mediaType: headerOf(headers, "content-type"),
      contentEncoding: headerOf(headers, "content-encoding"),
      bytes: first !== undefined && this.#parts.length === 1 ? first : Buffer.concat(this.#parts),
      totalBytes: this.totalBytes,
      isEnded: this.isEnded,
    }
  }
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8"
}

function headerOf(headers: Headers, name: string): string | null {
  return headers.find(([given]) => given.length === name.length && given.toLowerCase() === name)?.[1] ?? null
}
