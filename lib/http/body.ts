import { createGunzip } from "node:zlib"
import { AppError } from "@/lib/errors"
import type { BodyRate } from "@/lib/operations/events/sending-rate"
import { noteBody } from "./own-calls/note"

/** The limit of a body; it applies to the bytes as sent and after decompression. */
export interface BodyLimits {
  readonly maximumBytes: number
  /** Accepted media types, without parameters; a string: whatever the sender says, or does not say, the body is of this one. */
  readonly mediaTypes: readonly string[] | string
}

/** A body after decompression, within its limit, with a known media type. */
export interface Body {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

const unpaid: BodyRate = { refuseHaste: () => {}, charge: () => {} }

/**
 * Reads a body within its limits, and charges the bytes read, decompressed, whatever becomes of the request. Throws
 * AppError: `rate-limited` (before anything is read), `unsupported-media-type` (type, charset or encoding), `too-large`
 * (before more than the limit is in memory), `malformed` (an encoding or a body that ends early).
 */
export async function readBody(request: Request, limits: BodyLimits, rate: BodyRate = unpaid): Promise<Body> {
  rate.refuseHaste()
  const mediaType = readMediaType(request.headers.get("content-type"), limits.mediaTypes)
  const encoding = readEncoding(request.headers.get("content-encoding"))
  const announced = Number(request.headers.get("content-length") ?? 0)
  if (announced > limits.maximumBytes) throw tooLarge(limits)
  const collected = new Collected(limits)
  try {
    await (encoding === "gzip"
      ? unpack(await readStream(request.body, new Collected(limits)), collected)
      : readStream(request.body, collected))
    const body = { mediaType, bytes: collected.whole() }
    noteBody(() => body)
    return body
  } finally {
    rate.charge(collected.size)
  }
}

/** Chunks of a body, up to its limit. */
class Collected {
  size = 0
  readonly #chunks: Uint8Array[] = []
  readonly #limits: BodyLimits

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /** Throws AppError `too-large` when the chunk exceeds the limit. */
  add(chunk: Uint8Array): void {
    this.size += chunk.byteLength
    if (this.size > this.#limits.maximumBytes) throw tooLarge(this.#limits)
    this.#chunks.push(chunk)
  }

  whole(): Uint8Array {
    const [only] = this.#chunks
    return only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks, this.size)
  }
}

function readMediaType(header: string | null, understood: BodyLimits["mediaTypes"]): string {
  if (typeof understood === "string") return understood
  const [type = "", ...parameters] = (header ?? "").toLowerCase().split(";")
  const mediaType = type.trim()
  const charset = parameters.map(part => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(part)?.[1]).find(Boolean)
  if (
    understood.includes(mediaType) &&
    (charset === undefined || charset === "utf-8" || charset === "utf8")
  ) {
    return mediaType
  }
  throw new AppError(
    "unsupported-media-type",
    `Send ${understood.join(" or ")} in UTF-8, named in the header Content-Type.`,
  )
}

function readEncoding(header: string | null): "identity" | "gzip" {
  const encoding = (header ?? "identity").trim().toLowerCase()
  if (encoding === "identity" || encoding === "") return "identity"
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip"
  throw new AppError("unsupported-media-type", "The only Content-Encoding understood is gzip.")
}

async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  collected: Collected,
): Promise<Uint8Array> {
  if (stream === null) return collected.whole()
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await readChunk(reader)
    if (done) return collected.whole()
    try {
      collected.add(value)
    } catch (error) {
      await reader.cancel().catch(() => undefined)
      throw error
    }
  }
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw new AppError("malformed", "The body broke off before its end.", { cause })
  }
}

/** Large chunks: each one takes a turn of the event loop. */
const pieceBytes = 64 * 1024

// Stops decompressing at the limit, so that a small body that unpacks to gigabytes costs no more than an honest one.
async function unpack(bytes: Uint8Array, collected: Collected): Promise<void> {
  const gunzip = createGunzip({ chunkSize: pieceBytes })
  gunzip.end(bytes)
  try {
    for await (const piece of gunzip) collected.add(piece)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError("malformed", "The body is not whole gzip data.", { cause: error })
  }
}

function tooLarge(limits: BodyLimits): AppError {
  return new AppError("too-large", `The body may have ${limits.maximumBytes} bytes, counted unfolded.`)
}
