import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"
import { AppError } from "@/lib/errors"
import type { MailMessage } from "./message"

/** The mail of a sealed content, which can be opened with exactly this envelope. */
export interface Envelope {
  readonly id: string
  readonly purpose: string
  readonly recipient: string
  readonly subject: string
}

type Content = Pick<MailMessage, "text" | "html">

const version = 1
const nonceBytes = 12
const tagBytes = 16
const algorithm = "aes-256-gcm"

/** Returns the content, encrypted with the secret of the installation and bound to its id and recipient. */
export function sealContent(
  secret: string,
  envelope: Envelope,
  { text, html }: Content,
): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, keyOf(secret), nonce).setAAD(bound(envelope))
  const body = [cipher.update(JSON.stringify({ text, html }), "utf8"), cipher.final()]
  return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), ...body]))
}

/**
 * Returns the content that was sealed. Throws AppError `internal` when it was sealed with another secret, for another
 * envelope, or was changed.
 */
export function openContent(secret: string, envelope: Envelope, sealed: Uint8Array): Content {
  const nonceEnd = 1 + nonceBytes
  const tagEnd = nonceEnd + tagBytes
  try {
    if (sealed[0] !== version) throw new Error("unknown version")
    const decipher = createDecipheriv(algorithm, keyOf(secret), sealed.subarray(1, nonceEnd))
      .setAAD(bound(envelope))
      .setAuthTag(sealed.subarray(nonceEnd, tagEnd))
    const json = Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString("utf8")
    return contentOf(JSON.parse(json))
  } catch (cause) {
    throw new AppError("internal", "The content of the mail cannot be opened with this SECRET.", { cause })
  }
}

// A separate key for each purpose, so that a value sealed for one can never be opened as another.
function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", "auditorium mail content v1", 32))
}

/** Somebody who can write to the database still cannot redirect a link to another email. */
function bound({ id, purpose, recipient, subject }: Envelope): Buffer {
  return Buffer.from(JSON.stringify([id, purpose, recipient, subject]), "utf8")
}

function contentOf(value: unknown): Content {
  const { text, html } = Object(value)
  if (typeof text !== "string" || typeof html !== "string") throw new Error("no content")
  return { text, html }
}
