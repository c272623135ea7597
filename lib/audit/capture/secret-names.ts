import type { FloorTable } from "./secrets"

/** Names that a policy adds, in lower-case letters and digits. */
export type MoreNames = ReadonlySet<string>

const none: MoreNames = new Set()
/** What is left of a name in which a secret was hidden says nothing. */
const hiddenInName = /\[secret:|(?<![\w\]])\[secret\]/
const longestName = 128
const mostRemembered = 4_096

/** What a name says of the value under it. */
export interface Named {
  /** Why the value is secret: the name or ending of the table. Null: it is not. */
  readonly kind: string | null
  /** The shape that is an identifier under this name. */
  readonly identifier: string | undefined
  readonly isAuth: boolean
  /** Whether it decides, by its own value or beside another one, about an object: `kind`, `value`. */
  readonly isLabel: boolean
}

const remembered = new WeakMap<FloorTable, Map<string, Named>>()
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
  const { kind } = judgeName(name, table)
  return kind === null && more.size > 0 && more.has(plainName(name)) ? "policy" : kind
}

/** Returns what a name says by the table alone. Names repeat from event to event, so they are judged once. */
export function judgeName(name: string, table: FloorTable): Named {
  let known = remembered.get(table)
  if (known === undefined || known.size >= mostRemembered) {
    known = new Map()
    remembered.set(table, known)
  }
  const judged = known.get(name)
  if (judged !== undefined) return judged
  const plain = plainName(name)
  const made = {
    kind: hiddenInName.test(name) ? null : kindOf(plain, table),
    identifier: table.identifiers.find(([ending]) => plain.endsWith(ending))?.[1],
    isAuth: plain === "auth",
    isLabel: name === "kind" || name === "value" || name === "Value",
  }
  if (name.length <= longestName) known.set(name, made)
  return made
}

const rememberedPaths = new WeakMap<FloorTable, Map<string, boolean>>()

/** Returns whether the last name of the path of a change is one of the table. */
export function isSecretPath(path: string, table: FloorTable): boolean {
  let known = rememberedPaths.get(table)
  if (known === undefined || known.size >= mostRemembered) {
    known = new Map()
    rememberedPaths.set(table, known)
  }
  const judged = known.get(path)
  if (judged !== undefined) return judged
  const { kind, isAuth } = judgeName(lastName(path), table)
  const made = kind !== null || isAuth
  if (path.length <= longestName) known.set(path, made)
  return made
}

function kindOf(plain: string, table: FloorTable): string | null {
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
  if (hiddenInName.test(path)) return ""
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
