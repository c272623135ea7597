import { Buffer, isUtf8 } from "node:buffer"
import { AppError } from "@/lib/errors"

/** Returns the exact text of the bytes, with a leading byte order mark. Throws AppError `malformed` for invalid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw notUtf8(firstWrongByte(bytes))
  return textOf(bytes)
}

/** Decodes a text whose bytes come in pieces, which may be cut inside of a character. */
export class Utf8Pieces {
  /** The bytes of a character that has not come whole. */
  #cut: Uint8Array = new Uint8Array()
  /** How many bytes came before them. */
  #offset = 0

  /** Returns the text of the characters that are whole now. Throws AppError `malformed` for invalid UTF-8. */
  add(piece: Uint8Array): string {
    const bytes = this.#cut.byteLength === 0 ? piece : Buffer.concat([this.#cut, piece])
    const end = bytes.byteLength - cutBytes(bytes)
    const whole = bytes.subarray(0, end)
    if (!isUtf8(whole)) throw notUtf8(this.#offset + firstWrongByte(whole))
    this.#cut = bytes.slice(end)
    this.#offset += end
    return textOf(whole)
  }

  /** Throws AppError `malformed` when the last character has not come whole. */
  end(): void {
    if (this.#cut.byteLength > 0) throw notUtf8(this.#offset + firstWrongByte(this.#cut))
  }
}

/** Yields the text of the pieces. Throws AppError `malformed` where they are not UTF-8. */
export async function* decodedPieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const utf8 = new Utf8Pieces()
  for await (const piece of pieces) yield utf8.add(piece)
  utf8.end()
}

const longestCharacter = 4

/** Returns the number of bytes at the end that are the beginning of a character. */
function cutBytes(bytes: Uint8Array): number {
  for (let count = 1; count < longestCharacter && count <= bytes.byteLength; count++) {
    const byte = bytes[bytes.byteLength - count] ?? 0
    // A continuation: the first byte of the character stands before it.
    if ((byte & 0xc0) === 0x80) continue
    return characterBytes(byte) > count ? count : 0
  }
  return 0
}

function characterBytes(first: number): number {
  if (first < 0xc0) return 1
  if (first < 0xe0) return 2
  return first < 0xf0 ? 3 : 4
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8")
}

function notUtf8(offset: number): AppError {
  return new AppError("malformed", `Not valid UTF-8: the first wrong byte is at offset ${offset}.`)
}

/** Bytes that are decoded at once to find the piece with the fault; repeating it for the whole body would be slow. */
const pieceBytes = 4_096

/** Returns where the first wrong byte of invalid UTF-8 is: the length of the longest valid prefix, without a sequence that is cut off. */
export function firstWrongByte(bytes: Uint8Array): number {
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
