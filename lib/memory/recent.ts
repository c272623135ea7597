/** What was read a short while ago, by name. */
export interface Recent<Value> {
  /**
   * Returns the value that was read last when that is recent, or reads it. Concurrent callers with one name share one read.
   * A null and an error are not kept.
   */
  recall(name: string, nowMs: number, read: () => Promise<Value>): Promise<Value>
  /** Reads the value and keeps it, whatever was kept before. */
  refresh(name: string, nowMs: number, read: () => Promise<Value>): Promise<Value>
}

interface Kept<Value> {
  readonly readAtMs: number
  readonly value: Promise<Value>
}

interface RecentSettings {
  /** How long a value counts as recent. */
  readonly forMs: number
  /** Number of names that are kept; one more empties the memory. */
  readonly most: number
}

/** Returns an empty memory of this process. */
export function recent<Value>({ forMs, most }: RecentSettings): Recent<Value> {
  const kept = new Map<string, Kept<Value>>()

  function refresh(name: string, nowMs: number, read: () => Promise<Value>): Promise<Value> {
    const value = read()
    if (kept.size >= most) kept.clear()
    kept.set(name, { readAtMs: nowMs, value })
    const forget = () => {
      if (kept.get(name)?.value === value) kept.delete(name)
    }
    value.then(found => found ?? forget(), forget)
    return value
  }

  return {
    recall(name, nowMs, read) {
      const known = kept.get(name)
      if (known && Math.abs(nowMs - known.readAtMs) < forMs) return known.value
      return refresh(name, nowMs, read)
    },
    refresh,
  }
}
