/** Returns a copy without the members that are undefined, so that an absent member has no key. */
export function present<T extends object>(members: T): T {
  const result: Partial<T> = {}
  for (const name in members) {
    if (members[name] !== undefined) result[name] = members[name]
  }
  // The cast: only members whose type allows absence have been left out.
  return result as T
}
