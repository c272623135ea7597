import type { ServerResponse } from "node:http"

/** What was sent so far as the body of a response: its size, and its first bytes. */
export interface SentBody {
  bytes: number
  readonly first: Buffer[]
  firstBytes: number
}

/** A policy keeps at most 12 KiB of a body, after its secrets were hidden. */
const keptBytes = 64 * 1024

/** Returns what will be sent as the body. It counts what is written, before the server compresses it, and changes nothing. */
export function watchResponse(response: ServerResponse): SentBody {
  const sent: SentBody = { bytes: 0, first: [], firstBytes: 0 }
  response.write = counting(response.write, sent)
  response.end = counting(response.end, sent)
  return sent
}

/** Both take a chunk first and return what the caller needs to know. */
function counting<Method extends ServerResponse["write"] | ServerResponse["end"]>(
  method: Method,
  sent: SentBody,
): Method {
  const counted = function (this: ServerResponse, ...given: readonly unknown[]) {
    take(sent, given[0], given[1])
    return Reflect.apply(method, this, given)
  }
  // The cast: the overloads of both methods cannot be expressed for a function that passes on what it gets.
  return counted as Method
}

function take(sent: SentBody, chunk: unknown, encoding: unknown): void {
  const bytes = bytesOf(chunk, encoding)
  if (bytes === null) return
  sent.bytes += bytes.byteLength
  const room = keptBytes - sent.firstBytes
  if (room <= 0) return
  // A copy: the writer may use its memory again.
  const kept = Buffer.from(bytes.subarray(0, room))
  sent.first.push(kept)
  sent.firstBytes += kept.byteLength
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array | null {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk !== "string") return null
  return Buffer.from(chunk, typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8")
}
