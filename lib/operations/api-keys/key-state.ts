/** Whether a key is valid, or why not. */
export type KeyState = "active" | "expired" | "revoked"

interface Ends {
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

/** A key in a chain of rotations. */
export interface KeyInLine extends Ends {
  readonly id: string
  /** The key that it replaced. */
  readonly replacesId: string | null
}

/** Returns the state of the key at that time; a revoked key stays `revoked` after its expiry. */
export function stateOf({ expiresAt, revokedAt }: Ends, at: Date): KeyState {
  if (revokedAt) return "revoked"
  return expiresAt !== null && expiresAt <= at ? "expired" : "active"
}

/** Returns the Prisma condition for keys that are active at that time. */
export function activeAt(at: Date) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] }
}

/** Returns the active replacement of each replaced key, by its id, also where keys between the two have ended. */
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
      // An active key covers the keys before it in its own turn.
      id = old && stateOf(old, at) !== "active" ? old.replacesId : null
    }
  }
  return successors
}
