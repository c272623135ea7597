import { createHash, timingSafeEqual } from "node:crypto"

/** Returns that many random bytes. */
export type Random = (sizeBytes: number) => Uint8Array

/** The bits of a token that is handed out: 256. */
const tokenBytes = 32

/** Returns a new token, base64url. It is handed out once; what is stored is its hash. */
export function makeToken(random: Random, sizeBytes = tokenBytes): string {
  return Buffer.from(random(sizeBytes)).toString("base64url")
}

/** Tells, by shape alone, whether a text can be a token of that size. */
export function isToken(text: string, sizeBytes = tokenBytes): boolean {
  return /^[\w-]+$/.test(text) && text.length === Math.ceil((sizeBytes * 8) / 6)
}

/** Returns the SHA-256 under which a token is stored. Tokens are random, so a slow hash would protect nothing more. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(token).digest())
}

/** Returns the same hash as text. */
export function hashTokenText(token: string, encoding: "hex" | "base64url"): string {
  return createHash("sha256").update(token).digest(encoding)
}

/** Tells whether two hashes are the same, in a time that does not depend on where they differ. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
