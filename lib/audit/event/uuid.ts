import { Buffer } from "node:buffer"
import { createHash } from "node:crypto"

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const nil = "00000000-0000-0000-0000-000000000000"
const max = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/**
 * Returns whether a text is a UUID of any version, in either case. False for the nil and the max UUID, which name nothing.
 */
export function isUuid(text: string): boolean {
  return pattern.test(text) && text !== nil && text.toLowerCase() !== max
}

/**
 * Returns the version 7 UUID (RFC 9562) of a time in milliseconds and at least ten random bytes. Later times sort later.
 * Throws RangeError for fewer bytes.
 */
export function uuidv7(epochMilliseconds: number, random: Uint8Array): string {
  if (random.length < 10) throw new RangeError("A version 7 UUID needs ten random bytes.")
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(epochMilliseconds, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  return format(bytes, 7)
}

/**
 * Returns the version 5 UUID (RFC 9562) of a name in a namespace, which must be a UUID: the same for the same input. Throws
 * RangeError for another namespace.
 */
export function uuidv5(namespace: string, name: string): string {
  if (!pattern.test(namespace)) throw new RangeError("The namespace must be a UUID.")
  const digest = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
  return format(digest.subarray(0, 16), 5)
}

function format(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
