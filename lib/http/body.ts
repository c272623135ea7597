import { gunzip } from "node:zlib"
import { AppError } from "@/lib/errors"

/** What a body may be at most; it counts for the bytes as sent and for the bytes they unfold to. */
export interface BodyLimits {
  readonly maximumBytes: number
  /** Media types that are understood, without parameters. */
  readonly mediaTypes: readonly string[]
}

/** A body as it was meant: unfolded, within its limit, its media type known. */
export interface Body {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/**
 * Reads a body within its limits. Throws AppError: `unsupported-media-type` (type, charset or encoding), `too-large`
 * (found out before more than the limit is held), `malformed` (an encoding that ends early, a body that breaks off).
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Body> {
  const mediaType = readMediaType(request.headers.get("content-type"), limits.mediaTypes)
  const encoding = readEncoding(request.headers.get("content-encoding"))
  const announced = Number(request.headers.get("content-length") ?? 0)
  if (announced > limits.maximumBytes) throw tooLarge(limits)
  const sent = await readStream(request.body, limits)
  const bytes = encoding === "gzip" ? await unfold(sent, limits) : sent
  return { mediaType, bytes }
}

function readMediaType(header: string | null, understood: readonly string[]): string {
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
  limits: BodyLimits,
): Promise<Uint8Array> {
  if (stream === null) return new Uint8Array(0)
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await readChunk(reader)
    if (done) break
    size += value.byteLength
    if (size > limits.maximumBytes) {
      await reader.cancel().catch(() => undefined)
      throw tooLarge(limits)
    }
    chunks.push(value)
  }
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size)
}

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch (cause) {
    throw new AppError("malformed", "The body broke off before its end.", { cause })
  }
}

// Stops unfolding at the limit, so that a small body that unfolds to gigabytes costs no more than an honest one.
function unfold(bytes: Uint8Array, limits: BodyLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: limits.maximumBytes }, (error, result) => {
      if (error === null) resolve(result)
      else if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") reject(tooLarge(limits))
      else reject(new AppError("malformed", "The body is not whole gzip data.", { cause: error }))
    })
  })
}

function tooLarge(limits: BodyLimits): AppError {
  return new AppError("too-large", `The body may have ${limits.maximumBytes} bytes, counted unfolded.`)
}
