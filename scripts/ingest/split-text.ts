import { containerEnd, skipSpace, stringEnd, valueEnd } from "@/lib/audit/json/skip"
import { AppError } from "@/lib/errors"

/** A part of a JSON text that is too long to be held. */
export type TextPart =
  /** What stands around records: `before` ends with the bracket that opens their list. */
  | { readonly kind: "list"; readonly before: string }
  | { readonly kind: "element"; readonly text: string }
  /** What follows the records of the list, with the bracket that closes it. */
  | { readonly kind: "rest"; readonly after: string }
  /** One of several objects without a list around them. */
  | { readonly kind: "object"; readonly text: string }

export interface Splitting {
  /** Members of an object that hold records. */
  readonly lists: ReadonlySet<string>
  /** No object, record or surrounding text may have more characters. */
  readonly longest: number
}

/**
 * Returns the parts of a text in their order, each as soon as it is whole: the elements of the outermost list, or of a list of records in the
 * outermost object, or the objects that follow each other. The memory holds one part and one piece. What is inside of a part is for its
 * reader to check. Nothing follows a part that the text breaks off in. Throws AppError: `malformed` for what cannot stand between parts,
 * `too-large` for a part that is too long.
 */
export async function* splitText(
  pieces: AsyncIterable<string>,
  { lists, longest }: Splitting,
): AsyncGenerator<TextPart> {
  const text = new GrowingText(pieces, longest)
  try {
    const first = await text.next()
    if (first === "[") yield* outerList(text)
    else if (first === "{") yield* objects(text, lists)
    else throw malformed("it begins with neither a list nor an object")
  } finally {
    await text.close()
  }
}

async function* outerList(text: GrowingText): AsyncGenerator<TextPart> {
  text.at++
  yield { kind: "list", before: "[" }
  if (!(yield* elements(text))) return
  yield { kind: "rest", after: "]" }
  if ((await text.next()) !== "") throw malformed("something follows the end of the list")
}

async function* objects(text: GrowingText, lists: ReadonlySet<string>): AsyncGenerator<TextPart> {
  for (let count = 0; ; count++) {
    const next = await text.next()
    if (next === "") return
    if (next !== "{") throw malformed("something that is no object follows an object")
    const end = await text.endOf(containerEnd)
    if (typeof end === "number") yield { kind: "object", text: text.take(end) }
    else if (count === 0) return yield* objectWithList(text, lists)
    else if (end === "too long") throw text.tooLong()
    else throw new AppError("malformed", "The text ends within the object.")
  }
}

/** The outermost object is longer than what is held: its records come one by one. */
async function* objectWithList(text: GrowingText, lists: ReadonlySet<string>): AsyncGenerator<TextPart> {
  const begin = text.at
  text.at++
  const list = await memberList(text, lists)
  if (list === "none") throw text.tooLong()
  if (list === "torn") return
  yield { kind: "list", before: text.takeFrom(begin) }
  if (!(yield* elements(text))) return
  // The bracket that closes the list has been read.
  text.keep()
  const end = await memberList(text, new Set())
  if (end === "torn") return
  yield { kind: "rest", after: `]${text.takeFrom(0)}` }
  if ((await text.next()) !== "") throw malformed("something follows the end of the object")
}

/** Goes on to the first element of the first of these lists, or behind the end of the object. */
async function memberList(text: GrowingText, lists: ReadonlySet<string>): Promise<"found" | "none" | "torn"> {
  for (;;) {
    const next = await text.next()
    if (next === "") return "torn"
    if (next === "}" || next === ",") text.at++
    if (next === "}") return "none"
    if (next === ",") continue
    if (next !== '"') throw malformed("a member of the object has no name")
    const name = await text.value(stringEnd)
    if (name === null) return "torn"
    if ((await text.next()) === "") return "torn"
    if (text.read() !== ":") throw malformed("a member of the object has no value")
    text.at++
    const first = await text.next()
    if (first === "[" && lists.has(name.slice(1, -1))) {
      text.at++
      return "found"
    }
    if (first === "" || (await text.value(valueEnd)) === null) return "torn"
  }
}

/** Returns true when the list ends, false when the text does. */
async function* elements(text: GrowingText): AsyncGenerator<TextPart, boolean> {
  for (let count = 0; ; count++) {
    let next = await text.next()
    if (next === "]" && count === 0) return text.pass()
    if (count > 0) {
      if (next === "") return false
      if (next === "]") return text.pass()
      if (next !== ",") throw malformed("no comma stands between two records")
      text.at++
      next = await text.next()
    }
    if (next === "") return false
    if (/[\],:}]/.test(next)) throw malformed("a record is missing between two commas")
    const end = await text.endOf(valueEnd)
    if (end === "torn") return false
    if (end === "too long") throw text.tooLong()
    yield { kind: "element", text: text.take(end) }
  }
}

function malformed(why: string): AppError {
  return new AppError("malformed", `Not valid JSON: ${why}.`)
}

type FindEnd = (text: string, at: number) => number

/** The part of a text that is being read. It grows by pieces, and forgets what has been taken. */
class GrowingText {
  /** Where reading goes on. */
  at = 0
  #isEnded = false
  #text = ""
  readonly #longest: number
  readonly #pieces: AsyncIterator<string>

  constructor(pieces: AsyncIterable<string>, longest: number) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#longest = longest
  }

  /** The character where reading goes on; empty at the end of the text. */
  read(): string {
    return this.#text.charAt(this.at)
  }

  /** The next character that is no space; empty at the end. */
  async next(): Promise<string> {
    for (;;) {
      this.at = skipSpace(this.#text, this.at)
      if (this.at < this.#text.length || !(await this.#grow(1))) return this.read()
    }
  }

  pass(): true {
    this.at++
    return true
  }

  /** Returns the place behind the value that begins here, or why there is none. */
  async endOf(find: FindEnd): Promise<number | "torn" | "too long"> {
    for (;;) {
      const end = find(this.#text, this.at)
      const length = (end === -1 ? this.#text.length : end) - this.at
      if (length > this.#longest) return "too long"
      // A number at the end of what has come may go on.
      const isWhole = end < this.#text.length || /["}\]]/.test(this.#text.charAt(end - 1))
      if (end !== -1 && (isWhole || this.#isEnded)) return end
      if (this.#isEnded) return "torn"
      // Twice as much before it is looked at again: a long value is not read again for each piece.
      await this.#grow(Math.max(1, length))
    }
  }

  /** Returns the value that begins here and goes on behind it; null when the text ends before. */
  async value(find: FindEnd): Promise<string | null> {
    const from = this.at
    const end = await this.endOf(find)
    if (end === "too long") throw this.tooLong()
    if (end === "torn") return null
    this.at = end
    return this.#text.slice(from, end)
  }

  /** Returns the text from here to that place, and forgets it. */
  take(end: number): string {
    const taken = this.#text.slice(this.at, end)
    this.#forget(end)
    return taken
  }

  /** Returns the text from that place to here, and forgets it. */
  takeFrom(begin: number): string {
    const taken = this.#text.slice(begin, this.at)
    if (taken.length > this.#longest) throw this.tooLong()
    this.#forget(this.at)
    return taken
  }

  /** Forgets what is before this place. */
  keep(): void {
    this.#forget(this.at)
  }

  tooLong(): AppError {
    const mebibytes = this.#longest / (1024 * 1024)
    return new AppError(
      "too-large",
      `One record, or the text around all of them, is longer than ${mebibytes} MiB.`,
    )
  }

  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  #forget(end: number): void {
    this.#text = this.#text.slice(end)
    this.at = 0
  }

  /** Adds at least so many characters. Returns false when there are no more. */
  async #grow(least: number): Promise<boolean> {
    let grown = 0
    const parts = [this.#text]
    while (grown < least && !this.#isEnded) {
      const { done, value } = await this.#pieces.next()
      if (done) this.#isEnded = true
      else {
        parts.push(value)
        grown += value.length
      }
    }
    this.#text = parts.join("")
    return grown > 0
  }
}
