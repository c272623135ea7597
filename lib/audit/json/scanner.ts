import { AppError } from "@/lib/errors"
import { numberFault } from "./number"
import { Path } from "./path"
import { type ScanLimits, unlimited } from "./scan-limits"
import { textFault } from "./text"

/** A value nested in more arrays and objects than this is a fault. */
export const maximumDepth = 64
/** A text nested deeper than this is not read. */
const unreadableDepth = 1000

const quote = 34
const comma = 44
const minus = 45
const dot = 46
const zero = 48
const nine = 57
const colon = 58
const openArray = 91
const backslash = 92
const closeArray = 93
const openObject = 123
const closeObject = 125

const byteOrderMark = 0xfeff
export const byteOrderMarkFault = "starts with a byte order mark; send the text without it"

/** Receives what a scanner finds. */
export interface Listener {
  /** A value that cannot be stored as the text says it. */
  readonly fault: (pointer: string, message: string) => void
  /**
   * An element of the outermost array was read: it spans from `start` to `end`. Without this method, an array is one value.
   */
  readonly element?: (start: number, end: number) => void
}

/** Reads in one pass without recursion, so that no input can exhaust the stack; the pass can be done in steps. */
export class Scanner {
  /** The position up to which the text was read. */
  position = 0
  /** The current element, or the whole text, exceeds the limits. What is reported about it then may be wrong. */
  isTooMuch = false
  /** True when the outermost value is an array. */
  isArray = false
  /** True when it has too many elements; nothing behind the last permitted one was read. */
  hasMoreElements = false
  private readonly text: string
  private readonly length: number
  private readonly path: Path
  private readonly limits: ScanLimits
  private readonly listener: Listener
  private readonly hearsElements: boolean
  private isDone = false
  private elementStart = 0
  private elements = 0
  private values = 0
  /** Set by `skipString` for the string just passed. */
  private escaped = false

  constructor(text: string, listener: Listener, limits: ScanLimits = unlimited) {
    this.text = text
    this.length = text.length
    this.path = new Path(text, limits.members)
    this.limits = limits
    this.listener = listener
    this.hearsElements = listener.element !== undefined
  }

  /** Reads until the first value that ends at `until` or later. Returns true when nothing is left to read. */
  advance(until: number): boolean {
    if (this.position === 0 && this.text.charCodeAt(0) === byteOrderMark) {
      this.report("", byteOrderMarkFault)
      this.position = 1
    }
    while (!this.isDone) {
      if (this.position >= until) return false
      if (this.beginValue()) continue
      if (this.endValues()) this.end()
    }
    return true
  }

  private end(): void {
    if (this.isDone) return
    this.isDone = true
    this.skipSpace()
    if (this.position < this.length) this.fail("expected the end of the text")
  }

  /**
   * Counts one more value; a value beyond the limit is read only to find its end, and not at all when it is the whole text.
   */
  private count(): void {
    if (++this.values > this.limits.values) this.giveUp()
  }

  private giveUp(): void {
    this.isTooMuch = true
    if (!(this.isArray && this.hearsElements)) this.isDone = true
  }

  private endElement(): void {
    if (!this.hearsElements) return
    this.listener.element?.(this.elementStart, this.position)
    this.elements++
    this.values = 0
    this.isTooMuch = false
  }

  /**
   * Reads one scalar or empty container and returns false, or enters a container and returns true: its first value comes
   * next.
   */
  private beginValue(): boolean {
    const code = this.next()
    if (this.path.depth === 1) this.elementStart = this.position
    this.count()
    if (code === quote) this.value()
    else if (code === openObject) return this.enter("object", closeObject)
    else if (code === openArray) return this.enter("array", closeArray)
    else if (code === minus || (code >= zero && code <= nine)) this.number()
    else this.word()
    return false
  }

  private enter(kind: "object" | "array", close: number): boolean {
    this.position++
    if (this.path.depth === 0) this.isArray = kind === "array"
    this.path.enter(kind)
    const depth = this.path.depth
    if (depth > unreadableDepth) {
      throw new AppError("malformed", `Nested in more than ${unreadableDepth} arrays and objects.`)
    }
    // Reported once, where the limit is exceeded.
    if (depth === maximumDepth + 1) {
      this.report(this.path.ofContainer(), `is nested in more than ${maximumDepth} arrays and objects`)
    }
    if (this.next() === close) {
      this.position++
      this.path.leave()
      return false
    }
    if (kind === "object") this.key()
    return true
  }

  /** Reads what may follow a value. Returns true at the end of the outermost value, false when another value comes. */
  private endValues(): boolean {
    while (this.path.depth > 0 && !this.isDone) {
      const inObject = this.path.inObject()
      // Whether another element follows is reported before that element is read.
      if (this.path.depth === 1 && !inObject) this.endElement()
      const code = this.next()
      if (code === comma) {
        if (this.path.depth === 1 && !inObject && this.elements === this.limits.elements) {
          this.hasMoreElements = true
          this.isDone = true
          return true
        }
        this.position++
        if (inObject) {
          this.next()
          this.key()
        } else this.path.nextElement()
        return false
      }
      if (code !== (inObject ? closeObject : closeArray))
        this.fail(`expected "," or "${inObject ? "}" : "]"}"`)
      this.position++
      this.path.leave()
    }
    return true
  }

  private key(): void {
    if (this.text.charCodeAt(this.position) !== quote) this.fail("expected a key in double quotes")
    const start = this.position
    this.skipString()
    const fault = this.escaped ? stringFault(this.text, start, this.position) : null
    if (fault !== null) this.report(this.path.ofContainer(), `has a key that ${fault}`)
    const known = this.path.key(start, this.position, this.escaped)
    if (known === "beyond") this.giveUp()
    else if (known) this.report(this.path.ofValue(), "stands more than once in its object")
    if (this.next() !== colon) this.fail('expected ":"')
    this.position++
  }

  private value(): void {
    const start = this.position
    this.skipString()
    if (!this.escaped) return
    const fault = stringFault(this.text, start, this.position)
    if (fault !== null) this.report(this.path.ofValue(), fault)
  }

  /** Reads a string. Afterwards `escaped` says whether it has an escape or a surrogate, and needs a closer look. */
  private skipString(): void {
    const text = this.text
    const length = this.length
    let position = this.position + 1
    this.escaped = false
    for (; position < length; position++) {
      const code = text.charCodeAt(position)
      if (code > backslash && code < 0xd800) continue
      if (code === quote) {
        this.position = position + 1
        return
      }
      if (code === backslash) {
        this.escaped = true
        position = this.skipEscape(position)
      } else if (code < 32) {
        this.position = position
        this.fail(
          `a control character in a string must be written as \\u${code.toString(16).padStart(4, "0")}`,
        )
      } else if (code >= 0xd800 && code <= 0xdfff) this.escaped = true
    }
    this.position = length
    this.fail("the string has no end")
  }

  /** Returns the position of the last character of the escape. */
  private skipEscape(position: number): number {
    const letter = this.text.charAt(position + 1)
    if (letter !== "" && '"\\/bfnrt'.includes(letter)) return position + 1
    if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(this.text.slice(position + 2, position + 6)))
      return position + 5
    this.position = position
    return this.fail("not an escape that JSON knows")
  }

  private number(): void {
    const start = this.position
    if (this.text.charCodeAt(this.position) === minus) this.position++
    const first = this.position
    this.digits()
    const whole = this.position - first
    if (whole > 1 && this.text.charCodeAt(first) === zero) {
      this.position = first
      this.fail("a number does not begin with 0")
    }
    let plain = whole <= 15
    if (this.text.charCodeAt(this.position) === dot) {
      this.position++
      this.digits()
      plain = this.position - first <= 15
    }
    if (this.isExponent()) {
      this.position++
      const sign = this.text.charAt(this.position)
      if (sign === "+" || sign === "-") this.position++
      this.digits()
      plain = false
    }
    if (plain) return
    const fault = numberFault(this.text.slice(start, this.position))
    if (fault !== null) this.report(this.path.ofValue(), fault)
  }

  private isExponent(): boolean {
    const code = this.text.charCodeAt(this.position)
    return code === 101 || code === 69
  }

  private digits(): void {
    const start = this.position
    for (; this.position < this.length; this.position++) {
      const code = this.text.charCodeAt(this.position)
      if (code < zero || code > nine) break
    }
    if (this.position === start) this.fail("expected a digit")
  }

  private word(): void {
    for (const word of ["true", "false", "null"]) {
      if (this.text.startsWith(word, this.position)) {
        this.position += word.length
        return
      }
    }
    this.fail("expected a value")
  }

  /** Skips white space and returns the code of the next character; -1 at the end. */
  private next(): number {
    this.skipSpace()
    return this.position < this.length ? this.text.charCodeAt(this.position) : -1
  }

  private skipSpace(): void {
    for (; this.position < this.length; this.position++) {
      const code = this.text.charCodeAt(this.position)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
    }
  }

  private report(pointer: string, message: string): void {
    if (!this.isTooMuch) this.listener.fault(pointer, message)
  }

  private fail(expected: string): never {
    let line = 1
    for (let at = 0; at < this.position; at++) if (this.text.charCodeAt(at) === 10) line++
    const column = this.position - this.text.slice(0, this.position).lastIndexOf("\n")
    throw new AppError(
      "malformed",
      `Not valid JSON at line ${line}, column ${column}: ${expected}, ${this.found()}.`,
    )
  }

  private found(): string {
    const point = this.text.codePointAt(this.position)
    if (point === undefined) return "found the end of the text"
    if (point > 32 && point < 127) return `found ${String.fromCodePoint(point)}`
    return `found U+${point.toString(16).toUpperCase().padStart(4, "0")}`
  }
}

/** Returns why a string literal cannot be stored exactly, or null. */
function stringFault(text: string, start: number, end: number): string | null {
  const value: unknown = JSON.parse(text.slice(start, end))
  return typeof value === "string" ? textFault(value) : null
}
