import { createHash, timingSafeEqual } from "node:crypto"
import { encode } from "@msgpack/msgpack"

// The handshake of forward v1: HELO of the server, PING of the client, PONG of the server. Texts may come as `str` or as `bin`, and
// need not be UTF-8, so they are bytes here.

export interface Helo {
  readonly nonce: Uint8Array
  /** Not empty when the server also asks for a user name and a password. */
  readonly auth: Uint8Array
  /** False: the server wants one message for each connection. */
  readonly keepalive: boolean
}

export interface Login {
  readonly sharedKey: string
  readonly username: string
  readonly password: string
}

/** A client's name in the handshake. The server of it must have another one. */
export const clientName = "auditorium"

/** Returns what the server said, or null when the message is no HELO. */
export function heloOf(message: unknown): Helo | null {
  if (!Array.isArray(message) || textOf(message[0]) !== "HELO") return null
  const options: unknown = message[1]
  const member = (name: string): unknown =>
    typeof options === "object" && options !== null ? Reflect.get(options, name) : undefined
  return {
    nonce: bytesOf(member("nonce")),
    auth: bytesOf(member("auth")),
    keepalive: member("keepalive") !== false,
  }
}

/** Returns the PING that proves the shared key to the server, and the user where it asks for one. */
export function pingOf(helo: Helo, { sharedKey, username, password }: Login, salt: string): Uint8Array {
  const user = helo.auth.byteLength === 0 ? ["", ""] : [username, digest(helo.auth, username, password)]
  return encode(["PING", clientName, salt, digest(salt, clientName, helo.nonce, sharedKey), ...user])
}

/** The outcome of a handshake: `forged` = the other side does not know the shared key. */
export type Pong =
  | { readonly outcome: "accepted" | "forged" | "no-pong" }
  | { readonly outcome: "refused"; readonly reason: string }

/** Returns what the server's answer to the PING means. An answer that accepts us counts only when it proves the shared key too. */
export function pongOf(message: unknown, helo: Helo, sharedKey: string, salt: string): Pong {
  if (!Array.isArray(message) || textOf(message[0]) !== "PONG") return { outcome: "no-pong" }
  const [, isAccepted, reason, serverName, proof] = message
  if (isAccepted !== true) return { outcome: "refused", reason: textOf(reason) ?? "" }
  const expected = Buffer.from(digest(salt, bytesOf(serverName), helo.nonce, sharedKey))
  const given = Buffer.from(bytesOf(proof))
  const isProved = given.byteLength === expected.byteLength && timingSafeEqual(given, expected)
  return { outcome: isProved ? "accepted" : "forged" }
}

/** Returns the chunk that a message acknowledges, or null when it is another message. */
export function ackOf(message: unknown): string | null {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return null
  return textOf(Reflect.get(message, "ack"))
}

function digest(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha512")
  for (const part of parts) hash.update(part)
  return hash.digest("hex")
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  return typeof value === "string" ? Buffer.from(value) : new Uint8Array()
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value
  return value instanceof Uint8Array ? Buffer.from(value).toString() : null
}
