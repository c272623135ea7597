import { AppError } from "@/lib/errors"
import { Path } from "./path"
import { type ScanLimits, unlimited } from "./scan-limits"
import { textFault } from "./text"
import { endOfText, moreToCome, quote, Tokens } from "./tokens"

/** A value nested in more arrays and objects than this is a fault. */
export const maximumDepth = 64
/** A text nested deeper than this is not read. */
const unreadableDepth = 1000

const comma = 44
const minus = 45
const zero = 48
const nine = 57
const colon = 58
const openArray = 91
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
  /** Arrays under these keys of the outermost object are heard of like an outermost array. */
  readonly lists?: ReadonlySet<string>
}

/** What comes next in the text: numbers, because it is asked at every step. */
const begin = 0
const value = 1
const firstElement = 2
const firstKey = 3
const key = 4
const colonOfKey = 5
const behindValue = 6
const end = 7
const nothing = 8
type Place = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/**
 * One pass without recursion, so that no input can exhaust the stack; it can be made in steps, and over a text that comes in pieces:
 * then no more of it is kept than the element, or the token, that is being read.
 */
export class Scanner extends Tokens {
  /** The current element, or the whole text, exceeds the limits. What is reported about it then may be wrong. */
  isTooMuch = false
  /** True when the outermost value is an array. */
  isArray = false
  /** True when it has too many elements; nothing behind the last permitted one was read. */
  hasMoreElements = false
  /** Reading goes on when more of the text was added. */
  needsMore = false
  private place: Place = begin
  private readonly path: Path
  private readonly limits: ScanLimits
  private readonly listener: Listener
  /** Nothing is read behind the place that is being read. */
  private isGivenUp = false
  /** A value has been counted, but not been passed. */
  private isCounted = false
  /** The depth of the array whose elements are heard of; 0 = outside of one. */
  private listDepth = 0
  /** Beyond every place when no element is being read. */
  private elementStart = Number.POSITIVE_INFINITY
  private elements = 0
  private values = 0

  /** `null` for a text that comes in pieces. */
  constructor(text: string | null, listener: Listener, limits: ScanLimits = unlimited) {
    super(text)
    this.path = new Path(this.text, limits.members)
    this.limits = limits
    this.listener = listener
  }

  /** Adds the next piece of the text. */
  add(piece: string): void {
    // Of what exceeds the limits nothing is asked for.
    this.append(piece, this.isTooMuch ? Number.POSITIVE_INFINITY : this.elementStart)
    this.path.changeText(this.text)
    this.needsMore = false
  }

  /** Says that nothing more comes. */
  complete(): void {
    this.isComplete = true
    this.needsMore = false
  }

  /** Returns what stands between two places of the element that is being heard of. */
  slice(start: number, end: number): string {
    return this.text.slice(start - this.before, end - this.before)
  }

  /** Reads to the first place at `until` or beyond it, or to the end of what has come. True when everything is read that is wanted. */
  advance(until: number): boolean {
    const untilAt = until - this.before
    while (this.place !== nothing && this.at < untilAt) {
      if (!this.step()) {
        this.needsMore = true
        return false
      }
    }
    return this.place === nothing
  }

  /** Passes what comes next. False when it has not come yet. */
  private step(): boolean {
    switch (this.place) {
      case begin:
        return this.begin()
      case value:
        return this.value()
      case firstElement:
      case firstKey:
        return this.first()
      case key:
        return this.key()
      case colonOfKey:
        return this.colon()
      case behindValue:
        return this.behindValue()
      case end:
        return this.end()
      case nothing:
        return true
    }
  }

  private begin(): boolean {
    if (this.length === 0 && !this.isComplete) return false
    if (this.text.charCodeAt(0) === byteOrderMark) {
      this.report("", byteOrderMarkFault)
      this.at = 1
    }
    this.place = value
    return true
  }

  /** A group of tokens is passed: what was given up in it is not read any further. */
  private goOn(place: Place): boolean {
    this.place = this.isGivenUp ? nothing : place
    return true
  }

  /**
   * Counts one more value; a value beyond the limit is read only to find its end, and not at all when it is the whole text.
   */
  private count(): void {
    if (++this.values > this.limits.values) this.giveUp()
  }

  private giveUp(): void {
    this.isTooMuch = true
    if (this.listDepth === 0) this.isGivenUp = true
  }

  /** Passes one scalar, or enters a container. */
  private value(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    if (!this.isCounted) {
      this.isCounted = true
      if (this.listDepth > 0 && this.path.depth === this.listDepth) this.elementStart = this.position
      this.count()
    }
    if (code === openObject || code === openArray) {
      this.isCounted = false
      this.enter(code === openObject ? "object" : "array")
      return this.first()
    }
    if (!this.scalar(code)) return false
    this.isCounted = false
    this.endValue()
    return this.place === behindValue ? this.behindValue() : true
  }

  private scalar(code: number): boolean {
    if (code === quote) {
      const start = this.at
      if (!this.passString()) return false
      const fault = this.isEscaped ? stringFault(this.text, start, this.at) : null
      if (fault !== null) this.report(this.path.ofValue(), fault)
      return true
    }
    if (code !== minus && !(code >= zero && code <= nine)) return this.passWord()
    const fault = this.passNumber()
    if (fault) this.report(this.path.ofValue(), fault)
    return fault !== false
  }

  private enter(kind: "object" | "array"): void {
    this.at++
    if (this.path.depth === 0) this.isArray = kind === "array"
    const { element, lists } = this.listener
    const isList = kind === "array" && element !== undefined
    if (isList && (this.path.depth === 0 || (lists !== undefined && this.path.isUnder(lists)))) {
      this.listDepth = this.path.depth + 1
    }
    this.path.enter(kind)
    const depth = this.path.depth
    if (depth > unreadableDepth) {
      throw new AppError("malformed", `Nested in more than ${unreadableDepth} arrays and objects.`)
    }
    // Reported once, where the limit is exceeded.
    if (depth === maximumDepth + 1) {
      this.report(this.path.ofContainer(), `is nested in more than ${maximumDepth} arrays and objects`)
    }
    this.place = kind === "object" ? firstKey : firstElement
  }

  /** Passes the end of an empty container, or nothing. */
  private first(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    const isObject = this.place === firstKey
    if (code === (isObject ? closeObject : closeArray)) this.leave()
    else if (isObject) {
      this.place = key
      return this.key()
    } else this.goOn(value)
    return true
  }

  private leave(): void {
    this.at++
    if (this.path.depth === this.listDepth && !this.isArray) this.listDepth = 0
    this.path.leave()
    this.endValue()
  }

  // Whether another element follows is reported before that element is read.
  private endValue(): void {
    if (!this.isGivenUp && this.listDepth > 0 && this.path.depth === this.listDepth) this.endElement()
    this.goOn(this.path.depth === 0 ? end : behindValue)
  }

  private endElement(): void {
    this.listener.element?.(this.elementStart, this.position)
    this.elementStart = Number.POSITIVE_INFINITY
    this.elements++
    this.values = 0
    this.isTooMuch = false
  }

  /** Passes the comma or the bracket that must follow a value inside of a container. */
  private behindValue(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    const isObject = this.path.inObject()
    if (code !== comma) {
      if (code !== (isObject ? closeObject : closeArray))
        this.fail(`expected "," or "${isObject ? "}" : "]"}"`)
      this.leave()
      return true
    }
    if (this.path.depth === 1 && !isObject && this.elements === this.limits.elements) {
      this.hasMoreElements = true
      this.place = nothing
      return true
    }
    this.at++
    if (isObject) {
      this.place = key
      return this.key()
    }
    this.path.nextElement()
    this.place = value
    return true
  }

  private key(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    if (code !== quote) this.fail("expected a key in double quotes")
    const start = this.at
    if (!this.passString()) return false
    const fault = this.isEscaped ? stringFault(this.text, start, this.at) : null
    if (fault !== null) this.report(this.path.ofContainer(), `has a key that ${fault}`)
    const known = this.path.key(start, this.at, this.isEscaped)
    if (known === "beyond") this.giveUp()
    else if (known) this.report(this.path.ofValue(), "stands more than once in its object")
    this.place = colonOfKey
    return this.colon()
  }

  private colon(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    if (code !== colon) this.fail('expected ":"')
    this.at++
    return this.goOn(value)
  }

  private end(): boolean {
    const code = this.next()
    if (code === moreToCome) return false
    if (code !== endOfText) this.fail("expected the end of the text")
    this.place = nothing
    return true
  }

  private report(pointer: string, message: string): void {
    if (!this.isTooMuch) this.listener.fault(pointer, message)
  }
}

/** Returns why a string literal cannot be stored exactly, or null. */
function stringFault(text: string, start: number, end: number): string | null {
  const value: unknown = JSON.parse(text.slice(start, end))
  return typeof value === "string" ? textFault(value) : null
}
