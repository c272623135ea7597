import type { FloorTable } from "./secrets"

/** Names that a policy adds, in lower-case letters and digits. */
export type MoreNames = ReadonlySet<string>

const none: MoreNames = new Set()
const longestName = 128
const mostRemembered = 4_096

const remembered = new WeakMap<FloorTable, Map<string, string | null>>()
const added = new WeakMap<readonly string[], MoreNames>()

/** Returns the names that a policy adds, as they are compared. */
export function moreNamesOf(names: readonly string[] | undefined): MoreNames {
  if (names === undefined || names.length === 0) return none
  const known = added.get(names)
  if (known !== undefined) return known
  const made = new Set(names.map(plainName).filter(name => name !== ""))
  added.set(names, made)
  return made
}

/**
 * Returns why what is called so is secret, or null: the name or ending of the table, "policy" for a name that a policy adds.
 * Case and everything but letters and digits make no difference.
 */
export function secretName(name: string, table: FloorTable, more: MoreNames = none): string | null {
  let known = remembered.get(table)
  if (known === undefined || known.size >= mostRemembered) {
    known = new Map()
    remembered.set(table, known)
  }
  let kind = known.get(name)
  if (kind === undefined) {
    kind = judge(name, table)
    if (name.length <= longestName) known.set(name, kind)
  }
  if (kind === null && more.size > 0 && more.has(plainName(name))) return "policy"
  return kind
}

function judge(name: string, table: FloorTable): string | null {
  const plain = plainName(name)
  const bare = plain.replace(/\d{1,4}$/, "")
  if (table.exceptions.has(bare)) return null
  if (table.names.has(plain) || table.names.has(bare)) return bare
  return table.endings.find(ending => bare.endsWith(ending)) ?? null
}

/** Returns the letters and digits of a name, in lower case. Of a very long one, its end. */
export function plainName(name: string): string {
  return name
    .slice(-longestName)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
}

/** Returns the last name of a path such as `/user/password`, `user.password`, `user[password]` or `passwords/0`. */
export function lastName(path: string): string {
  const names = path.slice(-2 * longestName).split(/[/.[\]]+/)
  return names.findLast(name => name !== "" && !/^\d+$/.test(name)) ?? ""
}

const mark = /^\[secret(?::[a-z-]+)?\]$/
const masked =
  /^(?:[*•●x]{3,}|\.{3,}|-+|[<[({]{1,2}\s*(?:secret|redacted|hidden|masked|removed|filtered|sanitized|sanitised|withheld|protected|omitted|null|none)[^<>[\](){}]{0,40}[>\])}]{1,2}|redacted|hidden_due_to_security_reasons|value_redacted|\(known after apply\)|\(sensitive(?: value)?\))$/i

/** Returns whether a text already stands for something hidden, or for nothing. */
export function isMasked(text: string): boolean {
  return text === "" || mark.test(text) || (text.length <= 60 && masked.test(text))
}
