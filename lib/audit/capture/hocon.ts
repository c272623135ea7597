import type { JsonValue } from "@/lib/audit/json/value"

/** A value of a configuration and the line that it begins in, counted from 1. */
export interface HoconEntry {
  readonly path: readonly string[]
  /** A scalar or an array; objects become entries of their own. */
  readonly value: JsonValue
  readonly line: number
}

/** Thrown for text that is not HOCON, or uses a part of HOCON that is refused. */
export class HoconError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.name = "HoconError"
    this.line = line
  }
}

interface Node {
  line: number
  value: JsonValue
  /** Null: `value` counts. */
  members: Map<string, Node> | null
}

const deepest = 64
const spaces = /[ \t\r\u00a0\ufeff]*/y
const keyText = /[^"{}[\]:=,#\n$+]+/y
const scalarText = /(?:[^"{}[\],#\n$/]|\$(?!\{)|(?<![ \t=,[])\/|\/(?!\/))+/y
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * Returns the entries of a configuration in the order of its text: objects, dotted keys, `=` and `:`, comments, arrays, quoted
 * and bare text. A later value replaces an earlier one, objects are merged. Throws HoconError for anything else; `include`
 * and `${...}` are refused, because they read more than the text itself.
 */
export function parseHocon(text: string): HoconEntry[] {
  const root = new HoconReader(text).document()
  return flatten(root, [])
}

/** Returns the entries of a text that is one value: that value with an empty path, or the members of an object. */
export function parseHoconValue(text: string): HoconEntry[] {
  const node = new HoconReader(text).onlyValue()
  return flatten(node, [])
}

function flatten(node: Node, path: readonly string[]): HoconEntry[] {
  if (node.members === null) return [{ path, value: node.value, line: node.line }]
  return [...node.members].flatMap(([name, member]) => flatten(member, [...path, name]))
}

class HoconReader {
  readonly #text: string
  #at = 0
  #line = 1
  #depth = 0

  constructor(text: string) {
    this.#text = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n")
  }

  document(): Node {
    this.#skipLines()
    const hasBraces = this.#peek() === "{"
    if (hasBraces) this.#at++
    const root = this.#object(hasBraces)
    if (hasBraces) this.#at++
    this.#skipLines()
    if (this.#at < this.#text.length) throw this.#error("is not expected here", this.#peek())
    return root
  }

  onlyValue(): Node {
    this.#skipLines()
    const node = this.#value()
    this.#skipLines()
    if (this.#at < this.#text.length) throw this.#error("is not expected after the value", this.#peek())
    return node
  }

  #object(hasBraces: boolean): Node {
    const members = new Map<string, Node>()
    const line = this.#line
    this.#enter(hasBraces ? 1 : 0)
    for (;;) {
      this.#skipLines()
      const next = this.#peek()
      if (next === "" && !hasBraces) break
      if (next === "") throw this.#error("is missing at the end", "}")
      if (next === "}" && hasBraces) break
      if (next === "}") throw this.#error("is not expected here", next)
      this.#member(members)
      this.#endOfItem("}")
    }
    this.#leave(hasBraces ? 1 : 0)
    return { line, value: null, members }
  }

  #member(members: Map<string, Node>): void {
    const line = this.#line
    const path = this.#key()
    this.#skipSpaces()
    if (this.#text.startsWith("+=", this.#at)) throw this.#error("is not supported", "+=")
    if (this.#peek() === ":" || this.#peek() === "=") this.#at++
    else if (this.#peek() !== "{") throw new HoconError(line, `${path.join(".")} has no value`)
    this.#skipSpaces()
    put(members, path, this.#value(path.join(".")), line)
  }

  #key(): string[] {
    let part = ""
    let isQuoted = false
    const path: string[] = []
    const close = () => {
      const name = isQuoted ? part : part.trim()
      if (name === "" && !isQuoted) throw this.#error("is expected", "a name")
      if (path.push(name) > deepest) throw this.#error("is the deepest nesting", String(deepest))
      part = ""
      isQuoted = false
    }
    for (;;) {
      if (this.#peek() === '"') {
        part = part.trim() + this.#quoted()
        isQuoted = true
        continue
      }
      const run = this.#match(keyText)
      if (run === "") break
      if (path.length === 0 && part === "" && /^include(?:\s|$)/.test(run))
        throw this.#error("is not supported", "include")
      const [first = "", ...rest] = run.split(".")
      if (!isQuoted) part += first
      else if (first.trim() !== "") throw this.#error("is not expected after a quoted name", first.trim())
      for (const name of rest) {
        close()
        part = name
      }
    }
    if (this.#peek() === "$") throw this.#error("is not supported", "a substitution")
    close()
    return path
  }

  #value(name = "the key"): Node {
    const line = this.#line
    const ahead = this.#at
    this.#skipLines()
    const opener = this.#peek()
    if (opener === "{") {
      this.#at++
      const node = this.#object(true)
      this.#at++
      return node
    }
    if (opener === "[") return { line: this.#line, value: this.#array(), members: null }
    // Only a bracket may stand on a line of its own; other values follow their key.
    if (this.#line !== line) {
      this.#at = ahead
      throw new HoconError(line, `${name} has no value`)
    }
    return { line, value: this.#scalar(name), members: null }
  }

  #array(): JsonValue {
    const values: JsonValue[] = []
    this.#at++
    this.#enter(1)
    for (;;) {
      this.#skipLines()
      if (this.#peek() === "]") break
      if (this.#peek() === "") throw this.#error("is missing at the end", "]")
      values.push(plain(this.#value("a value of the list")))
      this.#endOfItem("]")
    }
    this.#at++
    this.#leave(1)
    return values
  }

  /** Text, quoted or bare, in any number of pieces on one line; a bare piece alone may be a number, a boolean or null. */
  #scalar(name: string): JsonValue {
    let text = ""
    let isBare = true
    // Spaces around bare pieces count only between two pieces.
    let spacesBefore = ""
    for (;;) {
      if (this.#peek() === '"') {
        text += spacesBefore + this.#quoted()
        spacesBefore = ""
        isBare = false
        continue
      }
      const run = this.#match(scalarText)
      if (run === "") break
      const [, before = "", middle = "", after = ""] = /^([ \t]*)(.*?)([ \t]*)$/s.exec(run) ?? []
      const isFirst = text === "" && isBare
      text += middle === "" ? "" : (isFirst ? "" : before) + middle
      spacesBefore = middle === "" ? (isFirst ? "" : before) : after
    }
    if (this.#text.startsWith("${", this.#at)) throw this.#error("is not supported", "a substitution")
    if (/[[{]/.test(this.#peek())) throw this.#error("is not expected inside a text", this.#peek())
    if (!isBare) return text
    const bare = text.trim()
    if (bare === "") throw new HoconError(this.#line, `${name} has no value`)
    if (bare === "true" || bare === "false") return bare === "true"
    if (bare === "null") return null
    return number.test(bare) && Number.isFinite(Number(bare)) ? Number(bare) : bare
  }

  #quoted(): string {
    if (this.#text.startsWith('"""', this.#at)) return this.#tripleQuoted()
    const found = /"(?:[^"\\\n]|\\.)*"/y
    found.lastIndex = this.#at
    const raw = found.exec(this.#text)?.[0]
    if (raw === undefined) throw this.#error("is not closed", "a quoted text")
    this.#at += raw.length
    try {
      // A tab is no fault of HOCON, but one of JSON.
      return String(JSON.parse(raw.replaceAll("\t", "\\t")))
    } catch {
      throw this.#error("is no valid quoted text", raw)
    }
  }

  #tripleQuoted(): string {
    const found = /"""([\s\S]*?"*)"""(?!")/y
    found.lastIndex = this.#at
    const whole = found.exec(this.#text)
    if (whole === null) throw this.#error("is not closed", '"""')
    this.#at += whole[0].length
    this.#line += whole[0].split("\n").length - 1
    return whole[1] ?? ""
  }

  /** After an item: a comma, a line break, the closing bracket, or the end. */
  #endOfItem(closing: string): void {
    const line = this.#line
    this.#skipLines()
    if (this.#peek() === ",") {
      this.#at++
      return
    }
    if (this.#line !== line || this.#peek() === closing || this.#peek() === "") return
    throw this.#error("is not expected here", this.#peek())
  }

  #peek(): string {
    return this.#text.charAt(this.#at)
  }

  #match(expression: RegExp): string {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)?.[0] ?? ""
    this.#at += found.length
    return found
  }

  #skipSpaces(): void {
    this.#match(spaces)
  }

  /** Goes over spaces, line breaks and comments. */
  #skipLines(): void {
    for (;;) {
      this.#skipSpaces()
      if (this.#peek() === "\n") {
        this.#at++
        this.#line++
      } else if (this.#peek() === "#" || this.#text.startsWith("//", this.#at)) {
        const end = this.#text.indexOf("\n", this.#at)
        this.#at = end === -1 ? this.#text.length : end
      } else return
    }
  }

  #enter(levels: number): void {
    this.#depth += levels
    if (this.#depth > deepest) throw this.#error("is the deepest nesting", String(deepest))
  }

  #leave(levels: number): void {
    this.#depth -= levels
  }

  #error(message: string, what: string): HoconError {
    return new HoconError(this.#line, `${what === "" ? "the end" : what.slice(0, 80)} ${message}`)
  }
}

function put(members: Map<string, Node>, path: readonly string[], node: Node, line: number): void {
  const [name = "", ...rest] = path
  const found = members.get(name)
  if (rest.length > 0) {
    const inner = found?.members ?? new Map<string, Node>()
    put(inner, rest, node, line)
    members.set(name, { line, value: null, members: inner })
  } else if (node.members !== null && found?.members) {
    for (const [inner, member] of node.members) put(found.members, [inner], member, member.line)
  } else members.set(name, { ...node, line })
}

function plain(node: Node): JsonValue {
  if (node.members === null) return node.value
  return Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)]))
}
