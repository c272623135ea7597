/** A repeatable random source: the same seed gives the same demo organization on every machine. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(values: readonly [T, ...T[]]): T
  /** Picks by weight: `[value, weight]`. */
  weighted<T>(values: readonly [readonly [T, number], ...(readonly [T, number])[]]): T
  hex(length: number): string
  bytes(length: number): Uint8Array
}

/** Returns a generator (mulberry32) that depends on `seed` alone. */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    pick: values => values[between(0, values.length - 1)] ?? values[0],
    weighted: values => {
      let rest = next() * values.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of values) {
        rest -= weight
        if (rest < 0) return value
      }
      return values[0][0]
    },
    hex: length => Array.from({ length }, () => between(0, 15).toString(16)).join(""),
    bytes: length => Uint8Array.from({ length }, () => between(0, 255)),
  }
}
