/** Whether a key works, or why it does not. */
export type KeyState = "active" | "expired" | "revoked"

interface Ends {
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

/** A key in the line of rotations that it belongs to. */
export interface KeyInLine extends Ends {
  readonly id: string
  /** The key whose place it took. */
  readonly replacesId: string | null
}

/** Promise: the state of the key then; one that was revoked is so, also after its expiry. */
export function stateOf({ expiresAt, revokedAt }: Ends, at: Date): KeyState {
  if (revokedAt) return "revoked"
  return expiresAt !== null && expiresAt <= at ? "expired" : "active"
}

/** Promise: the condition for the keys that are active then. */
export function activeAt(at: Date) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] }
}

/**
 * Promise: by the id of each key whose place is taken, the active key that took it, be it after others that have ended since.
 */
export function successorsOf<Key extends KeyInLine>(
  keys: readonly Key[],
  at: Date,
): ReadonlyMap<string, Key> {
  const known = new Map(keys.map(key => [key.id, key]))
  const successors = new Map<string, Key>()
  for (const key of keys.filter(each => stateOf(each, at) === "active")) {
    let id = key.replacesId
    while (id !== null && !successors.has(id)) {
      successors.set(id, key)
      const old = known.get(id)
      // An active one takes the places before its own by itself.
      id = old && stateOf(old, at) !== "active" ? old.replacesId : null
    }
  }
  return successors
}
