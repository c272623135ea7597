import { randomBytes } from "node:crypto"
import { availableParallelism } from "node:os"
import { hash, verify } from "@node-rs/argon2"
import { isCommonPassword } from "./common-passwords"
import { createGate } from "./gate"

/** What a password must be like: long, and none that everybody thinks of (NIST SP 800-63B asks for no mixture of characters). */
export const passwordLimits = { minimumCharacters: 12, maximumCharacters: 200 } as const

/** The cost of one hash: what OWASP recommends for argon2id, which is what the package makes unless told otherwise. */
export const hashingCost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const

/** Each hash fills 19 MiB and a core, so a flood of sign-ins may not start more of them than the machine carries. */
export const hashesAtOnce = Math.max(2, Math.floor(availableParallelism() / 2))

const hashing = createGate({ running: hashesAtOnce, waiting: 64 })

const base64 = (size: number): string => randomBytes(size).toString("base64").replace(/=+$/, "")

/** Random salt and digest at the cost of a real hash: nothing matches it, and finding that out takes just as long. */
const unmatchable = `$argon2id$v=19$m=${hashingCost.memoryCost},t=${hashingCost.timeCost},p=${hashingCost.parallelism}$${base64(16)}$${base64(32)}`

/** Returns what is wrong with a new password, in sentences for beside the field; empty when it is acceptable. */
export async function passwordFaults(password: string, email: string): Promise<readonly string[]> {
  const characters = [...normalised(password)].length
  if (characters < passwordLimits.minimumCharacters) {
    return [`Use at least ${passwordLimits.minimumCharacters} characters; a few words in a row do well.`]
  }
  if (characters > passwordLimits.maximumCharacters) {
    return [`Use at most ${passwordLimits.maximumCharacters} characters.`]
  }
  if (password.trim().toLowerCase() === email.toLowerCase()) {
    return ["Use something else than your e-mail address."]
  }
  if (await isCommonPassword(normalised(password), passwordLimits.minimumCharacters)) {
    return ["Use another password: this one is among the most common ones, which are tried first."]
  }
  return []
}

/** Promise: the argon2id hash of a password, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  return hashing.run(() => hash(normalised(password), hashingCost))
}

/**
 * Tells whether the password belongs to the hash. Without a hash (an unknown person, or one without a password) the
 * answer is no, after the same work.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await hashing.run(() => verify(passwordHash ?? unmatchable, normalised(password)))
  return matches && passwordHash !== null
}

// The same key press can arrive composed or decomposed, depending on the keyboard.
function normalised(password: string): string {
  return password.normalize("NFC")
}
