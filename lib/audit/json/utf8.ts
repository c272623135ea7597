import { Buffer, isUtf8 } from "node:buffer"
import { AppError } from "@/lib/errors"

/** Promise: the text of the bytes, exactly; a leading byte order mark stays. Throws AppError("malformed") on invalid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new AppError(
      "malformed",
      `Not valid UTF-8: the first wrong byte is at offset ${firstWrongByte(bytes)}.`,
    )
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8")
}

/** Bytes that are decoded at once to find the piece with the fault; a whole body would be decoded many times. */
const pieceBytes = 4_096

/** Returns the length of the longest valid beginning: no sequence that is cut off at its end counts. */
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
  // To the beginning of a sequence: the bytes that go on with one are 10xxxxxx.
  while (valid > 0 && ((bytes[valid] ?? 0) & 0xc0) === 0x80) valid--
  const start = valid
  for (let end = start + 1; end <= Math.min(bytes.length, start + pieceBytes + 8); end++) {
    if (isUtf8(bytes.subarray(start, end))) valid = end
  }
  return valid
}
