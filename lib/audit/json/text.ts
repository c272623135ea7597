/**
 * Returns why a string cannot be stored exactly, or null: PostgreSQL cannot hold U+0000, UTF-8 cannot hold half a surrogate
 * pair.
 */
export function textFault(value: string): string | null {
  if (value.includes("\0")) return "holds the character U+0000"
  if (!value.isWellFormed()) return "holds half of a surrogate pair"
  return null
}
