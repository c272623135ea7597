import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"
import { AppError } from "@/lib/errors"
import type { MailMessage } from "./message"

/** The mail that a sealed content belongs to: it opens under this very envelope and under no other. */
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

/** Promise: the content, unreadable without the secret of the installation, and useless under another id or address. */
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

/** Promise: what was sealed; throws AppError when it was sealed with another secret, for another envelope, or was changed. */
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

// A key of its own for each purpose, so that what is sealed for one can never be opened as another.
function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", "auditorium mail content v1", 32))
}

/** Who can write to the database still cannot send a link to another address. */
function bound({ id, purpose, recipient, subject }: Envelope): Buffer {
  return Buffer.from(JSON.stringify([id, purpose, recipient, subject]), "utf8")
}

function contentOf(value: unknown): Content {
  const { text, html } = Object(value)
  if (typeof text !== "string" || typeof html !== "string") throw new Error("no content")
  return { text, html }
}
