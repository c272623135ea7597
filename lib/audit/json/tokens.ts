import { AppError } from "@/lib/errors"
import { numberFault } from "./number"

export const quote = 34
const minus = 45
const dot = 46
const zero = 48
const nine = 57
const backslash = 92

/** The end of the text where a character was looked for. */
export const endOfText = -1
/** The end of what has come of the text: more has to come before anything can be said. */
export const moreToCome = -2

/** A high surrogate may be the last that has come, and an error names the whole character. */
const longestCharacter = 2
const longestWord = 5
const longestEscape = 6

/**
 * The text that is read, of which only a window is kept, and its tokens. A token is passed whole or not at all: a method that says
 * false has to be called again when more of the text has come.
 */
export class Tokens {
  protected text: string
  protected length: number
  /** How far the window was read. */
  protected at = 0
  /** Characters that stood before the window. */
  protected before = 0
  /** Nothing comes behind the window. */
  protected isComplete: boolean
  /** Set by `passString` for the string just passed: it has an escape or a surrogate, and needs a closer look. */
  protected isEscaped = false
  /** Where the string that is being passed goes on; 0 = none is. */
  private inString = 0
  private linesBefore = 0
  private lastLineFeedBefore = -1

  /** `null` for a text that comes in pieces. */
  constructor(text: string | null) {
    this.text = text ?? ""
    this.length = this.text.length
    this.isComplete = text !== null
  }

  /** The position up to which the text was read. */
  get position(): number {
    return this.before + this.at
  }

  /** Characters of the text that are kept. */
  get kept(): number {
    return this.length
  }

  /** Adds a piece, and forgets what stands before `keepFrom`, or before what is read next. */
  protected append(piece: string, keepFrom: number): void {
    const dropped = Math.min(keepFrom, this.position) - this.before
    if (dropped > 0) {
      const gone = this.text.slice(0, dropped)
      this.linesBefore += lineFeedsIn(gone)
      const lineFeed = gone.lastIndexOf("\n")
      if (lineFeed !== -1) this.lastLineFeedBefore = this.before + lineFeed
      this.before += dropped
      this.at -= dropped
      if (this.inString > 0) this.inString -= dropped
    }
    this.text = this.text.slice(Math.max(0, dropped)) + piece
    this.length = this.text.length
  }

  /** Passes white space and gives the code of what follows, `endOfText` or `moreToCome`. */
  protected next(): number {
    const at = this.at
    if (at + longestCharacter <= this.length) {
      const code = this.text.charCodeAt(at)
      if (code > 32) return code
    }
    return this.nextBehindSpace()
  }

  private nextBehindSpace(): number {
    for (; this.at < this.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code === 32 || code === 10 || code === 13 || code === 9) continue
      if (!this.isComplete && this.length - this.at < longestCharacter) return moreToCome
      return code
    }
    return this.isComplete ? endOfText : moreToCome
  }

  /** Passes a string. */
  protected passString(): boolean {
    const text = this.text
    const length = this.length
    let at = this.inString
    if (at === 0) {
      at = this.at + 1
      this.isEscaped = false
    }
    for (; at < length; at++) {
      const code = text.charCodeAt(at)
      if (code > backslash && code < 0xd800) continue
      if (code === quote) {
        this.at = at + 1
        this.inString = 0
        return true
      }
      if (code === backslash) {
        if (!this.isComplete && length - at < longestEscape) break
        this.isEscaped = true
        at = this.passEscape(at)
      } else if (code < 32) {
        this.at = at
        this.fail(
          `a control character in a string must be written as \\u${code.toString(16).padStart(4, "0")}`,
        )
      } else if (code >= 0xd800 && code <= 0xdfff) this.isEscaped = true
    }
    if (!this.isComplete) {
      this.inString = at
      return false
    }
    this.at = length
    return this.fail("the string has no end")
  }

  /** Returns the place of the escape's last character. */
  private passEscape(at: number): number {
    const letter = this.text.charAt(at + 1)
    if (letter !== "" && '"\\/bfnrt'.includes(letter)) return at + 1
    if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(this.text.slice(at + 2, at + 6))) return at + 5
    this.at = at
    return this.fail("not an escape that JSON knows")
  }

  /** Passes a number. Returns why it cannot be kept exactly, null when it can, false when it has not come whole. */
  protected passNumber(): string | null | false {
    if (!this.isComplete && !this.hasEndOfNumber()) return false
    const start = this.at
    if (this.text.charCodeAt(this.at) === minus) this.at++
    const first = this.at
    this.digits()
    const whole = this.at - first
    if (whole > 1 && this.text.charCodeAt(first) === zero) {
      this.at = first
      this.fail("a number does not begin with 0")
    }
    let isPlain = whole <= 15
    if (this.text.charCodeAt(this.at) === dot) {
      this.at++
      this.digits()
      isPlain = this.at - first <= 15
    }
    const letter = this.text.charCodeAt(this.at)
    if (letter === 101 || letter === 69) {
      this.at++
      const sign = this.text.charAt(this.at)
      if (sign === "+" || sign === "-") this.at++
      this.digits()
      isPlain = false
    }
    return isPlain ? null : numberFault(this.text.slice(start, this.at))
  }

  private hasEndOfNumber(): boolean {
    let at = this.at
    while (at < this.length && "+-.0123456789Ee".includes(this.text.charAt(at))) at++
    return this.length - at >= longestCharacter
  }

  private digits(): void {
    const start = this.at
    for (; this.at < this.length; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code < zero || code > nine) break
    }
    if (this.at === start) this.fail("expected a digit")
  }

  /** Passes `true`, `false` or `null`. */
  protected passWord(): boolean {
    if (!this.isComplete && this.length - this.at < longestWord) return false
    for (const word of ["true", "false", "null"]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return true
      }
    }
    return this.fail("expected a value")
  }

  protected fail(expected: string): never {
    const read = this.text.slice(0, this.at)
    const line = this.linesBefore + lineFeedsIn(read) + 1
    const lineFeed = read.lastIndexOf("\n")
    const column = this.position - (lineFeed === -1 ? this.lastLineFeedBefore : this.before + lineFeed)
    throw new AppError(
      "malformed",
      `Not valid JSON at line ${line}, column ${column}: ${expected}, ${this.found()}.`,
    )
  }

  private found(): string {
    const point = this.text.codePointAt(this.at)
    if (point === undefined) return "found the end of the text"
    if (point > 32 && point < 127) return `found ${String.fromCodePoint(point)}`
    return `found U+${point.toString(16).toUpperCase().padStart(4, "0")}`
  }
}

function lineFeedsIn(text: string): number {
  let count = 0
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++
  return count
}
