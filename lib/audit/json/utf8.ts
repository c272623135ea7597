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

/** The length of the longest valid beginning, found by halving: a sequence cut at its end still counts as valid there. */
function firstWrongByte(bytes: Uint8Array): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    if (beginsValid(bytes, middle)) valid = middle
    else invalid = middle
  }
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid))) valid--
  return valid
}

function beginsValid(bytes: Uint8Array, length: number): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true })
    return true
  } catch {
    return false
  }
}
