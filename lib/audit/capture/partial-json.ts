import type { JsonValue } from "@/lib/audit/json/value"

const mostDepth = 64
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const text = /"(?:[^"\\]|\\.)*"/sy
const gap = /[ \t\r\n]*/y

/**
 * Returns what the beginning of a JSON text says: the members that are whole, also of objects and arrays that do not end.
 * Undefined when there is none. Only facts are looked up in it; a recorded body is never read this way.
 */
export function partialJson(source: string): JsonValue | undefined {
  return new Reader(source).value(0)
}

class Reader {
  private at = 0
  private isBroken = false
  private readonly source: string

  constructor(source: string) {
    this.source = source
  }

  value(depth: number): JsonValue | undefined {
    this.match(gap)
    const character = this.source[this.at]
    if (depth > mostDepth) return this.broken()
    if (character === "{") return this.object(depth + 1)
    if (character === "[") return this.array(depth + 1)
    if (character === '"') return this.text()
    const word = ["null", "true", "false"].find(each => this.source.startsWith(each, this.at))
    if (word !== undefined) {
      this.at += word.length
      return word === "null" ? null : word === "true"
    }
    const digits = this.match(number)
    // A number at the end may go on.
    return digits === undefined || this.at >= this.source.length ? this.broken() : Number(digits)
  }

  private object(depth: number): JsonValue {
    const members: [string, JsonValue][] = []
    this.at += 1
    while (!this.isBroken && !this.ends("}")) {
      const name = this.text()
      if (name === undefined || !this.takes(":")) break
      const value = this.value(depth)
      if (value !== undefined) members.push([name, value])
      if (!this.takes(",") && !this.isBroken && this.peek() !== "}") this.broken()
    }
    return Object.fromEntries(members)
  }

  private array(depth: number): JsonValue {
    const items: JsonValue[] = []
    this.at += 1
    while (!this.isBroken && !this.ends("]")) {
      const value = this.value(depth)
      if (value !== undefined) items.push(value)
      if (!this.takes(",") && !this.isBroken && this.peek() !== "]") this.broken()
    }
    return items
  }

  private text(): string | undefined {
    this.match(gap)
    const quoted = this.match(text)
    try {
      return quoted === undefined ? this.broken() : JSON.parse(quoted)
    } catch {
      return this.broken()
    }
  }

  private ends(bracket: string): boolean {
    return this.takes(bracket) || (this.at >= this.source.length && this.broken() === undefined)
  }

  private takes(character: string): boolean {
    if (this.peek() !== character) return false
    this.at += 1
    return true
  }

  private peek(): string | undefined {
    this.match(gap)
    return this.source[this.at]
  }

  private match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at
    const found = expression.exec(this.source)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private broken(): undefined {
    this.isBroken = true
    return undefined
  }
}
