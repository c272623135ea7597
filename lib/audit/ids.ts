import { Buffer } from "node:buffer"
import { createHash, randomFillSync } from "node:crypto"
import { hasUuidShape } from "./uuid"

/** Returns the version 7 UUID (RFC 9562) of a time in milliseconds and at least ten random bytes. Later times sort later. */
export function uuidv7(epochMilliseconds: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError("A version 7 UUID needs ten random bytes.")
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(epochMilliseconds, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  return format(bytes, 7)
}

const randomBytesPerId = 10
const pool = Buffer.alloc(400 * randomBytesPerId)
let used = pool.byteLength

/**
 * Returns a new version 7 UUID of a time in milliseconds. Randomness is fetched for many ids at once: one by one it costs more than
 * all else.
 */
export function newId(epochMilliseconds: number): string {
  if (used === pool.byteLength) {
    randomFillSync(pool)
    used = 0
  }
  const at = used
  used += randomBytesPerId
  if (epochMilliseconds !== written.milliseconds)
    written = { milliseconds: epochMilliseconds, hex: uuidv7(epochMilliseconds, zeros).slice(0, 13) }
  markVersion(pool, at, 7)
  const hex = pool.toString("hex", at, used)
  return `${written.hex}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`
}

/** The beginning that all ids of a millisecond have. */
let written = { milliseconds: Number.NaN, hex: "" }
const zeros = new Uint8Array(randomBytesPerId)

/** Returns the version 5 UUID (RFC 9562) of a name in a namespace, itself a UUID: the same for ever. */
export function uuidv5(namespace: string, name: string): string {
  if (!hasUuidShape(namespace)) throw new RangeError("The namespace must be a UUID.")
  const digest = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
  return format(digest.subarray(0, 16), 5)
}

/** Writes the version and the variant into the last ten bytes of an id, which begin there. */
function markVersion(bytes: Buffer, at: number, version: number): void {
  bytes.writeUInt8((bytes.readUInt8(at) & 0x0f) | (version << 4), at)
  bytes.writeUInt8((bytes.readUInt8(at + 2) & 0x3f) | 0x80, at + 2)
}

function format(bytes: Buffer, version: number): string {
  markVersion(bytes, 6, version)
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
