import { crc32 } from "node:zlib"
import { hashToken, type Random } from "@/lib/access/tokens"
import { AppError } from "@/lib/errors"

/** Made and shown once: the key itself, and what may be stored of it. */
export interface NewApiKey {
  readonly key: string
  readonly secretHash: Uint8Array<ArrayBuffer>
  /** The readable beginning, enough to recognise the key. */
  readonly prefix: string
  readonly lastFour: string
}

const head = "aud_live_"
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const secretCharacters = 32
const checksumCharacters = 6
const shownCharacters = 4
const shape = new RegExp(`^${head}[0-9A-Za-z]{${secretCharacters + checksumCharacters}}$`)

/** Promise: a new key of 190 random bits, ending in a checksum by which scanners and we can tell it from chance. */
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

/** Tells, by shape and checksum alone, whether a text can be a key of ours. */
export function isApiKey(text: string): boolean {
  return shape.test(text) && text.slice(-checksumCharacters) === checksum(text.slice(0, -checksumCharacters))
}

/** Promise: the SHA-256 under which a key is stored. The key is random, so a slow hash would protect nothing more. */
export function hashApiKey(key: string): Uint8Array<ArrayBuffer> {
  return hashToken(key)
}

/**
 * Promise: the key that a request carries in `Authorization: Bearer`, unchecked; null when it carries none. Throws
 * AppError `unauthenticated` for a key in the address, where proxies and histories keep it, and for another scheme.
 */
export function apiKeyOfRequest(authorization: string | null, url: URL): string | null {
  for (const [name, value] of url.searchParams) {
    if (/^(api[-_]?key|key|access[-_]?token|token)$/i.test(name) || isApiKey(value)) {
      throw new AppError(
        "unauthenticated",
        "Send the API key in the header `Authorization: Bearer <key>`, never in the address. Revoke this key: addresses are kept in logs.",
      )
    }
  }
  if (authorization === null) return null
  const [, key] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
  if (key === undefined) {
    throw new AppError("unauthenticated", "Send the API key in the header `Authorization: Bearer <key>`.")
  }
  return key
}

// Bytes that would favour the first letters of the alphabet are thrown away.
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
