import { hashToken, type Random } from "@/lib/access/tokens"
import {
  ownKeyAlphabet as alphabet,
  ownKeyHead as head,
  isOwnKey,
  ownKeyChecksum,
  ownKeySecretCharacters as secretCharacters,
} from "@/lib/audit/capture/own-keys"

/** A new key, shown once, with what is stored of it. */
export interface NewApiKey {
  readonly key: string
  readonly secretHash: Uint8Array<ArrayBuffer>
  /** The readable prefix, enough to recognise the key. */
  readonly prefix: string
  readonly lastFour: string
}

const shownCharacters = 4

/** Returns a new key of 190 random bits with a checksum at its end, by which scanners and we recognise keys. */
export function makeApiKey(random: Random): NewApiKey {
  const body = `${head}${randomText(random, secretCharacters)}`
  const key = `${body}${ownKeyChecksum(body)}`
  return {
    key,
    secretHash: hashApiKey(key),
    prefix: key.slice(0, head.length + shownCharacters),
    lastFour: key.slice(-shownCharacters),
  }
}

/** Returns whether a text has the form and the checksum of a key. */
export function isApiKey(text: string): boolean {
  return isOwnKey(text)
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
