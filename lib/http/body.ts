import { createGunzip } from "node:zlib"
import { AppError } from "@/lib/errors"
import type { BodyRate } from "@/lib/operations/events/sending-rate"
import { isBodyNoted, noteBody } from "./own-calls/note"

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

/** A body that is read while it comes, with a known media type. */
export interface ComingBody {
  readonly mediaType: string
  /** Its bytes after decompression. Nothing is read before the first is asked for, nor after the last that is. */
  readonly pieces: AsyncGenerator<Uint8Array>
}

/**
 * Reads a body within its limits, and charges the bytes read, decompressed, whatever becomes of the request. Throws
 * AppError: `rate-limited` (before anything is read), `unsupported-media-type` (type, charset or encoding), `too-large`
 * (before more than the limit is in memory), `malformed` (an encoding or a body that ends early).
 */
export async function readBody(request: Request, limits: BodyLimits, rate: BodyRate = unpaid): Promise<Body> {
  const { mediaType, pieces } = bodyPieces(request, limits, rate)
  const chunks: Uint8Array[] = []
  for await (const piece of pieces) chunks.push(piece)
  return { mediaType, bytes: joined(chunks) }
}

/**
 * Returns a body that is read piece by piece, so that the reader can stop where the rest changes nothing. What was read is charged, and
 * in that case all that was announced: who sends much pays for it, whether it is looked at or not. Throws, and the pieces throw, as
 * `readBody` does.
 */
export function bodyPieces(request: Request, limits: BodyLimits, rate: BodyRate = unpaid): ComingBody {
  rate.refuseHaste()
  const mediaType = readMediaType(request.headers.get("content-type"), limits.mediaTypes)
  const encoding = readEncoding(request.headers.get("content-encoding"))
  const announced = Number(request.headers.get("content-length") ?? 0)
  if (announced > limits.maximumBytes) throw tooLarge(limits)
  const counted = new Counted(limits)
  if (encoding === "identity") counted.announce(announced)
  const pieces =
    encoding === "gzip"
      ? unpack(readStream(request.body, new Counted(limits)), counted)
      : readStream(request.body, counted)
  return { mediaType, pieces: charged(pieces, { counted, mediaType, rate }) }
}

interface Charging {
  readonly counted: Counted
  readonly mediaType: string
  readonly rate: BodyRate
}

/** Passes the pieces on, notes a body that was read to its end, and charges it. */
async function* charged(
  pieces: AsyncIterable<Uint8Array>,
  { counted, mediaType, rate }: Charging,
): AsyncGenerator<Uint8Array> {
  const noted: Uint8Array[] | null = isBodyNoted() ? [] : null
  let isStopped = true
  try {
    for await (const piece of pieces) {
      noted?.push(piece)
      yield piece
    }
    isStopped = false
    if (noted) noteBody(() => ({ mediaType, bytes: joined(noted) }))
  } catch (error) {
    isStopped = false
    throw error
  } finally {
    rate.charge(isStopped ? Math.max(counted.size, counted.announced) : counted.size)
  }
}

/** Returns the pieces as one. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
}

/** Counts the bytes of a body, up to its limit. */
class Counted {
  size = 0
  /** What its sender says of its size, within the limit. */
  announced = 0
  readonly #limits: BodyLimits

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /** Throws AppError `too-large` when the piece exceeds the limit. */
  add(piece: Uint8Array): void {
    this.size += piece.byteLength
    if (this.size > this.#limits.maximumBytes) throw tooLarge(this.#limits)
  }

  /** Returns whether what is announced is more than the limit. */
  announce(bytes: number): boolean {
    const { maximumBytes } = this.#limits
    if (bytes > 0) this.announced = Math.min(bytes, maximumBytes)
    return bytes > maximumBytes
  }

  /** Returns the error for a body that exceeds the limit, and counts it as one that reaches it. */
  exceed(): AppError {
    this.size = this.#limits.maximumBytes
    return tooLarge(this.#limits)
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

async function* readStream(
  stream: ReadableStream<Uint8Array> | null,
  counted: Counted,
): AsyncGenerator<Uint8Array> {
  if (stream === null) return
  const reader = stream.getReader()
  let isRead = false
  try {
    for (;;) {
      const { done, value } = await readChunk(reader)
      isRead = done
      if (done) return
      counted.add(value)
      yield value
    }
  } finally {
    // Without this the sender of a body that is refused would go on sending it.
    if (!isRead) await reader.cancel().catch(() => undefined)
  }
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw new AppError("malformed", "The body broke off before its end.", { cause })
  }
}

/** Large pieces: each one takes a turn of the event loop. */
const pieceBytes = 64 * 1024
/** So much of a body that says it is too large is unpacked before it is believed. */
const provingBytes = 512 * 1024
/** At the end of gzip data stands the number of bytes that it has unpacked. */
const sizeBytes = 4

// Stops decompressing at the limit, or with its reader, so that a small body that unpacks to gigabytes costs no more than an honest one.
async function* unpack(packed: AsyncIterable<Uint8Array>, counted: Counted): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of packed) chunks.push(chunk)
  const bytes = joined(chunks)
  const size = bytes.byteLength > sizeBytes ? Buffer.from(bytes.subarray(-sizeBytes)).readUInt32LE() : 0
  // At the end of what is cut off stands any number: the beginning has to prove that it is gzip.
  const isBeyond = counted.announce(size)
  const held: Uint8Array[] = []
  const gunzip = createGunzip({ chunkSize: pieceBytes })
  gunzip.end(bytes)
  try {
    for await (const piece of gunzip) {
      counted.add(piece)
      if (isBeyond && counted.size > provingBytes) throw counted.exceed()
      if (isBeyond) held.push(piece)
      else yield piece
    }
    yield* held
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError("malformed", "The body is not whole gzip data.", { cause: error })
  }
}

function tooLarge(limits: BodyLimits): AppError {
  return new AppError("too-large", `The body may have ${limits.maximumBytes} bytes, counted unfolded.`)
}
