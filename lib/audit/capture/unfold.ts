import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib"

/** The bytes of a body without its encodings, or why they cannot be had. */
export type Unfolded =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly isWhole: boolean }
  | { readonly ok: false; readonly why: "unknown encoding" | "damaged" | "unfolds to too much" }

const mostEncodings = 3

/**
 * Undoes the content encodings of a body, the last one first, to at most `most` bytes: nothing larger is ever in memory. Of a body
 * that was kept only in part, the part is unfolded.
 */
export function unfold(
  bytes: Uint8Array,
  encodings: string | null,
  isWhole: boolean,
  most: number,
): Unfolded {
  const names = (encodings ?? "")
    .toLowerCase()
    .split(",")
    .map(name => name.trim())
    .filter(name => name !== "" && name !== "identity")
    .reverse()
  if (names.length > mostEncodings) return { ok: false, why: "unknown encoding" }
  let unfolded: Uint8Array = bytes
  for (const name of names) {
    const open = openers[name]
    if (open === undefined) return { ok: false, why: "unknown encoding" }
    const opened = attempt(() => open(unfolded, most, isWhole))
    if (!(opened instanceof Uint8Array)) return { ok: false, why: opened }
    unfolded = opened
  }
  return { ok: true, bytes: unfolded, isWhole }
}

type Opener = (bytes: Uint8Array, most: number, isWhole: boolean) => Uint8Array

const flush = (isWhole: boolean) => (isWhole ? constants.Z_FINISH : constants.Z_SYNC_FLUSH)
const gunzip: Opener = (bytes, maxOutputLength, isWhole) =>
  gunzipSync(bytes, { maxOutputLength, finishFlush: flush(isWhole) })

const openers: Readonly<Record<string, Opener | undefined>> = Object.assign(Object.create(null), {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: ((bytes, maxOutputLength, isWhole) => {
    const options = { maxOutputLength, finishFlush: flush(isWhole) }
    // The name means zlib's format; some send the bare stream, which cannot begin as zlib's does.
    const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
    return isZlib ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
  }) satisfies Opener,
  br: ((bytes, maxOutputLength, isWhole) =>
    brotliDecompressSync(bytes, {
      maxOutputLength,
      finishFlush: isWhole ? constants.BROTLI_OPERATION_FINISH : constants.BROTLI_OPERATION_FLUSH,
    })) satisfies Opener,
})

function attempt(open: () => Uint8Array): Uint8Array | "damaged" | "unfolds to too much" {
  try {
    return open()
  } catch (error) {
    const isTooMuch = error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
    return isTooMuch ? "unfolds to too much" : "damaged"
  }
}
