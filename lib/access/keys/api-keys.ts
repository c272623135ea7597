import { crc32 } from "node:zlib"
import { hashToken, type Random } from "@/lib/access/tokens"

/** A new key, shown once, with what is stored of it. */
export interface NewApiKey {
  readonly key: string
  readonly secretHash: Uint8Array<ArrayBuffer>
  /** The readable prefix, enough to recognise the key. */
  readonly prefix: string
  readonly lastFour: string
}

const head = "aud_live_"
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const secretCharacters = 32
const checksumCharacters = 6
const shownCharacters = 4
const shape = new RegExp(`^${head}[0-9A-Za-z]{${secretCharacters + checksumCharacters}}$`)

/** Returns a new key of 190 random bits with a checksum at its end, by which scanners and we recognise keys. */
export function makeApiKey(random: Random): NewApiKey {
  const body = `${head}${randomText(random, secretCharacters)}`
  const key = `${body}${checksum(body)}`
  return {
    key,
    secretHash: hashApiKey(key),
    prefix: key.slice(0, head.length + shownCharacters),
    lastFour: key.slice(-shownCharacters),
  }
}

/** Returns whether a text has the form and the checksum of a key. */
export function isApiKey(text: string): boolean {
  return shape.test(text) && text.slice(-checksumCharacters) === checksum(text.slice(0, -checksumCharacters))
}

/** Returns the SHA-256 that is stored for a key. The key is random, so a slow hash would add no protection. */
export function hashApiKey(key: string): Uint8Array<ArrayBuffer> {
  return hashToken(key)
}

// Bytes that would favour the first letters of the alphabet are skipped.
function randomText(random: Random, length: number): string {
  const fair = 256 - (256 % alphabet.length)
  let text = ""
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < fair && text.length < length) text += alphabet.charAt(byte % alphabet.length)
    }
  }
  return text
}

function checksum(text: string): string {
  let rest = crc32(text)
  let written = ""
  for (let position = 0; position < checksumCharacters; position += 1) {
    written = alphabet.charAt(rest % alphabet.length) + written
    rest = Math.floor(rest / alphabet.length)
  }
  return written
}
