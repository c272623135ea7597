const deepest = 20
const mostValues = 100_000

/**
 * Returns whether a value is plain data: strings, numbers and the like in arrays and objects. What reaches a server action
 * may also contain functions and proxies that throw when accessed, because the framework's format permits them.
 */
export function isPlain(value: unknown): boolean {
  const left = { values: mostValues }
  try {
    return isPlainWithin(value, deepest, left)
  } catch {
    return false
  }
}

function isPlainWithin(value: unknown, depth: number, left: { values: number }): boolean {
  if (typeof value === "function" || typeof value === "symbol") return false
  if (typeof value !== "object" || value === null) return true
  if (depth === 0) return false
  if (!Array.isArray(value) && !isRecord(value)) return false
  const members = Object.values(value)
  left.values -= members.length
  return left.values >= 0 && members.every(member => isPlainWithin(member, depth - 1, left))
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
