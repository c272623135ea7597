import { randomBytes } from "node:crypto"
import { availableParallelism } from "node:os"
import { hash, verify } from "@node-rs/argon2"
import { createGate } from "@/lib/memory/gate"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { isCommonPassword } from "./common-passwords"

/** The rules for passwords: long, and not common (NIST SP 800-63B requires no mixture of characters). */
export const passwordLimits = { minimumCharacters: 12, maximumCharacters: 200 } as const

/** The cost of one hash: what OWASP recommends for argon2id, which is the default of the package. */
export const hashingCost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const

/** Each hash needs 19 MiB and a core, so the number that a flood of sign-ins can start is limited. */
export const hashesAtOnce = Math.max(2, Math.floor(availableParallelism() / 2))

const hashing = onePerProcess("gate.hashing", () => createGate({ running: hashesAtOnce, waiting: 64 }))

const base64 = (size: number): string => randomBytes(size).toString("base64").replace(/=+$/, "")

/** Random salt and digest with the cost of a real hash: nothing matches it, and comparing takes the same time. */
const unmatchable = `$argon2id$v=19$m=${hashingCost.memoryCost},t=${hashingCost.timeCost},p=${hashingCost.parallelism}$${base64(16)}$${base64(32)}`

/** Returns the faults of a new password, as sentences beside the field; empty when it is acceptable. */
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

/** Returns the argon2id hash of a password, as a PHC string. Throws AppError `unavailable` when too many are waiting. */
export async function hashPassword(password: string): Promise<string> {
  return hashing().run(() => hash(normalised(password), hashingCost))
}

/**
 * Returns whether the password matches the hash. Without a hash (an unknown person, or one without a password) the answer
 * is false, after the same work.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await hashing().run(() => verify(passwordHash ?? unmatchable, normalised(password)))
  return matches && passwordHash !== null
}

// The same key press can arrive composed or decomposed, depending on the keyboard.
function normalised(password: string): string {
  return password.normalize("NFC")
}
