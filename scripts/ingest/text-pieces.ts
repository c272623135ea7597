import { Buffer, isUtf8 } from "node:buffer"
import { decodeUtf8, firstWrongByte } from "@/lib/audit/json/utf8"
import { AppError } from "@/lib/errors"

/**
 * Returns the text of a stream of UTF-8 in pieces, without a byte order mark at its beginning. Throws AppError("malformed") for a wrong
 * byte, after the text before it.
 */
export async function* textPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let open: Buffer = Buffer.alloc(0)
  let offset = 0
  for await (const chunk of stream) {
    const bytes: Buffer = open.length === 0 ? chunk : Buffer.concat([open, chunk])
    const end = bytes.length - openBytes(bytes)
    yield* decoded(bytes.subarray(0, end), offset)
    open = Buffer.from(bytes.subarray(end))
    offset += end
  }
  // Half a character at the end.
  yield* decoded(open, offset)
}

function* decoded(bytes: Buffer, offset: number): Iterable<string> {
  if (bytes.length === 0) return
  const end = isUtf8(bytes) ? bytes.length : firstWrongByte(bytes)
  const text = decodeUtf8(bytes.subarray(0, end))
  yield offset === 0 ? text.replace(/^\ufeff/, "") : text
  if (end < bytes.length)
    throw new AppError("malformed", `Not valid UTF-8: the first wrong byte is at offset ${offset + end}.`)
}

/** How many bytes at the end begin a character that is not whole. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}
