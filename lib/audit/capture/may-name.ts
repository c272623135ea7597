import { judgeName, type MoreNames, plainName } from "./secret-names"
import type { FloorTable } from "./secrets"

/**
 * Returns false for JSON in which no name is secret and nothing is written as a pair of name and value: then only its texts are left
 * to judge. This is nearly all JSON, so it is asked first; it copies nothing and remembers no place.
 */
export function mayNameSecret(value: unknown, table: FloorTable, more: MoreNames, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false
  if (depth > 64) return true
  if (Array.isArray(value)) return mayListSecret(value, table, more, depth)
  // The cast: an object that came from JSON.
  const members = value as Readonly<Record<string, unknown>>
  for (const name in members) {
    const member = members[name]
    if (member === null || typeof member === "boolean") continue
    const { kind, isAuth, isLabel } = judgeName(name, table)
    if (kind !== null || isAuth || (isLabel && mayLabelSecret(name, member))) return true
    if (more.size > 0 && more.has(plainName(name))) return true
    if (typeof member === "object" && mayNameSecret(member, table, more, depth + 1)) return true
  }
  return false
}

function mayListSecret(
  values: readonly unknown[],
  table: FloorTable,
  more: MoreNames,
  depth: number,
): boolean {
  for (const value of values) {
    if (typeof value !== "object" || value === null) continue
    if (Array.isArray(value) && value.length === 2) return true
    if (mayNameSecret(value, table, more, depth + 1)) return true
  }
  return false
}

/** `{name, value}`, `{op, path, value}`, and Kubernetes' Secret. */
function mayLabelSecret(name: string, member: unknown): boolean {
  return name !== "kind" || member === "Secret" || member === "SecretList"
}
