import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto"

// The signatures of Standard Webhooks 1.0: over `{id}.{seconds}.{body}`.

/** What a message is signed with: at least one secret or key. */
export interface SigningKeys {
  /** Serialised as the specification has them: `whsec_` and base64. */
  readonly secrets: readonly string[]
  /** `whsk_` and base64. */
  readonly privateKey: string | null
}

export interface Message {
  readonly id: string
  /** When this attempt began. */
  readonly at: Date
  readonly body: string
}

/** Returns the headers of a message. Throws RangeError for a secret or a key that has a fault. */
export function signedHeaders(
  { id, at, body }: Message,
  { secrets, privateKey }: SigningKeys,
): Readonly<Record<string, string>> {
  const seconds = Math.floor(at.getTime() / 1_000)
  const content = `${id}.${seconds}.${body}`
  const signatures = secrets.map(secret => {
    const key = bytesOf(secret, "whsec_")
    if (key === null) throw new RangeError(secretFault(secret) ?? "The secret cannot be read.")
    return `v1,${createHmac("sha256", key).update(content).digest("base64")}`
  })
  if (privateKey !== null) {
    const key = ed25519Key(privateKey)
    if (key === null) throw new RangeError(privateKeyFault(privateKey) ?? "The private key cannot be read.")
    signatures.push(`v1a,${sign(null, Buffer.from(content), key).toString("base64")}`)
  }
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  }
}

/** Returns what is wrong with a secret; null when it fits. The specification wants 24 to 64 bytes. */
export function secretFault(secret: string): string | null {
  const bytes = bytesOf(secret, "whsec_")
  if (bytes === null)
    return 'A secret is "whsec_" followed by 24 to 64 random bytes in base64, for example from: echo "whsec_$(openssl rand -base64 32)"'
  if (bytes.length < 24) return `The secret has ${bytes.length} bytes; at least 24 are needed.`
  if (bytes.length > 64) return `The secret has ${bytes.length} bytes; at most 64 are allowed.`
  return null
}

/** Returns what is wrong with a private key; null when it fits. */
export function privateKeyFault(key: string): string | null {
  if (ed25519Key(key) !== null) return null
  return 'A private key is "whsk_" followed by the 32 bytes of an Ed25519 key in base64, or by those and its public key.'
}

// What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410).
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex")
const seedBytes = 32

function ed25519Key(text: string): KeyObject | null {
  const bytes = bytesOf(text, "whsk_")
  if (bytes === null || (bytes.length !== seedBytes && bytes.length !== 2 * seedBytes)) return null
  const der = Buffer.concat([pkcs8, bytes.subarray(0, seedBytes)])
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" })
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-seedBytes)
  // Both halves are of one key, or the receiver would check with another.
  return bytes.length === seedBytes || publicKey.equals(bytes.subarray(seedBytes)) ? key : null
}

/** Returns the bytes of base64 as RFC 4648 has it, after the prefix; null when the text is anything else. */
function bytesOf(text: string, prefix: string): Buffer | null {
  if (!text.startsWith(prefix)) return null
  const base64 = text.slice(prefix.length)
  const bytes = Buffer.from(base64, "base64")
  return base64 !== "" && bytes.toString("base64") === base64 ? bytes : null
}
