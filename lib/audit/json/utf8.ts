import { Buffer, isUtf8 } from "node:buffer"
import { AppError } from "@/lib/errors"

/** Returns the exact text of the bytes, with a leading byte order mark. Throws AppError `malformed` for invalid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new AppError(
      "malformed",
      `Not valid UTF-8: the first wrong byte is at offset ${firstWrongByte(bytes)}.`,
    )
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
}

/** Bytes that are decoded at once to find the piece with the fault; repeating it for the whole body would be slow. */
const pieceBytes = 4_096

/** Returns the length of the longest valid prefix; a sequence that is cut off at its end does not count. */
function firstWrongByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  let piece = 0
  try {
    for (; piece < bytes.length; piece += pieceBytes) {
      decoder.decode(bytes.subarray(piece, piece + pieceBytes), { stream: true })
    }
  } catch {
    // The fault is in this piece, or in a sequence that began before it.
  }
  let valid = Math.max(0, Math.min(piece, bytes.length) - 3)
  // Back to the beginning of a sequence: its continuation bytes are 10xxxxxx.
  while (valid > 0 && ((bytes[valid] ?? 0) & 0xc0) === 0x80) valid--
  const start = valid
  for (let end = start + 1; end <= Math.min(bytes.length, start + pieceBytes + 8); end++) {
    if (isUtf8(bytes.subarray(start, end))) valid = end
  }
  return valid
}
