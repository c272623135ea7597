import { AppError } from "@/lib/errors"

/** One field of a message as it lies on the wire. */
export interface WireField {
  readonly number: number
  /** How its bytes are written: 0 varint, 1 eight bytes, 2 a length and bytes, 5 four bytes; groups (3, 4) are not read. */
  readonly wireType: number
  /** The bytes of a field of wire type 2, else empty. */
  readonly bytes: Uint8Array
}

/** Returns the fields of a message without decoding them. Throws AppError `malformed` when they are cut off or none. */
export function* wireFields(bytes: Uint8Array): Iterable<WireField> {
  const reader = new Reader(bytes)
  while (!reader.isAtEnd) {
    const tag = reader.varint()
    const [number, wireType] = [Number(tag >> 3n), Number(tag & 7n)]
    if (number === 0 || tag > 0xffff_ffffn) throw notReadable()
    yield { number, wireType, bytes: reader.value(wireType) }
  }
}

const nothing = new Uint8Array(0)

class Reader {
  #at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw notReadable()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw notReadable()
  }

  /** Goes past a value, and returns its bytes if it has a length. */
  value(wireType: number): Uint8Array {
    if (wireType === 0) this.varint()
    else if (wireType === 1) this.#take(8n)
    else if (wireType === 2) return this.#take(this.varint())
    else if (wireType === 5) this.#take(4n)
    else throw notReadable()
    return nothing
  }

  #take(length: bigint): Uint8Array {
    if (length > BigInt(this.#bytes.length - this.#at)) throw notReadable()
    const start = this.#at
    this.#at += Number(length)
    return this.#bytes.subarray(start, this.#at)
  }
}

function notReadable(): AppError {
  return new AppError("malformed", "The request is not a message of this protocol.")
}
