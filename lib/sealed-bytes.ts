import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/** What sealed bytes are for: the key depends on `purpose`, and they open only with the same `bound`. */
export interface SealedFor {
  /** SECRET. */
  readonly secret: string
  /** A separate key for each, so that a value sealed for one can never be opened as another. */
  readonly purpose: string
  /** The row that they belong to: moved to another one, they do not open. */
  readonly bound: readonly (string | null)[]
}

const version = 1
const nonceBytes = 12
const tagBytes = 16
const algorithm = "aes-256-gcm"

/** Returns the text, encrypted with the secret of the installation. */
export function sealText(sealedFor: SealedFor, text: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, keyOf(sealedFor), nonce).setAAD(boundTo(sealedFor))
  const body = [cipher.update(text, "utf8"), cipher.final()]
  return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), ...body]))
}

/** Returns the text that was sealed. Throws when it was sealed with another secret or for another row, or was changed. */
export function openSealedText(sealedFor: SealedFor, sealed: Uint8Array): string {
  const nonceEnd = 1 + nonceBytes
  const tagEnd = nonceEnd + tagBytes
  if (sealed[0] !== version || sealed.length < tagEnd) throw new Error("unknown version")
  const decipher = createDecipheriv(algorithm, keyOf(sealedFor), sealed.subarray(1, nonceEnd), {
    authTagLength: tagBytes,
  })
    .setAAD(boundTo(sealedFor))
    .setAuthTag(sealed.subarray(nonceEnd, tagEnd))
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]).toString("utf8")
}

function keyOf({ secret, purpose }: SealedFor): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", purpose, 32))
}

function boundTo({ bound }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(bound), "utf8")
}
