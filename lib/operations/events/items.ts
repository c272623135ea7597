import { faultBudget, type JsonItem, type Reading, readJsonItem, readJsonItems } from "@/lib/audit/json/items"
import type { Pace } from "@/lib/audit/json/pace"
import { itemLimits } from "@/lib/audit/json/scan-limits"
import { decodeUtf8, Utf8Pieces } from "@/lib/audit/json/utf8"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"

/** The body of a request: one JSON text (an object or an array), or one event per line. */
export interface SentEvents {
  readonly form: "json" | "lines"
  /** Its bytes, while they come. They are asked for until it is certain what becomes of the request. */
  readonly pieces: AsyncIterable<Uint8Array>
}

export interface SentItems {
  readonly kind: "single" | "batch"
  readonly items: readonly JsonItem[]
}

/** The limits of one request. The size of a batch is limited where the body is read. */
export const sendLimits = {
  singleBytes: 1024 * 1024,
  batchBytes: 5 * 1024 * 1024,
  batchItems: itemLimits.elements,
  blankLines: 1_000,
} as const

const lineFeed = 10
const whitespace: ReadonlySet<number> = new Set([9, 10, 13, 32])

/**
 * Yields the items of a body, in steps. Throws AppError for faults of the whole: `malformed` (not UTF-8, not JSON),
 * `too-large`, `invalid` (empty). In lines, a fault concerns only its own line.
 */
export async function readItems({ form, pieces }: SentEvents, pace: Pace): Promise<SentItems> {
  const reading = { pace, limits: itemLimits, budget: faultBudget() }
  return form === "lines"
    ? { kind: "batch", items: await readLines(pieces, reading) }
    : readJson(pieces, reading)
}

async function readJson(pieces: AsyncIterable<Uint8Array>, reading: Reading): Promise<SentItems> {
  const { isArray, items } = await readJsonItems(decoded(pieces), reading)
  if (isArray && items.length === 0) throw nothingSent()
  return { kind: isArray ? "batch" : "single", items }
}

/** Yields the text of a JSON body. Throws AppError `too-large` where a body that is no array exceeds the limit of one event. */
async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const utf8 = new Utf8Pieces()
  let size = 0
  let start: string | undefined
  for await (const piece of pieces) {
    const text = utf8.add(piece)
    size += piece.byteLength
    start ??= startOfJson.exec(text)?.[0]
    if (size > sendLimits.singleBytes && start !== undefined && start !== "[") {
      throw new AppError("too-large", `A single event's body may have ${sendLimits.singleBytes} bytes.`)
    }
    yield text
  }
  utf8.end()
}

/** The first character of a JSON text. A byte order mark has its own fault. */
const startOfJson = /[^\t\n\r \uFEFF]/

async function readLines(pieces: AsyncIterable<Uint8Array>, reading: Reading): Promise<JsonItem[]> {
  const items: JsonItem[] = []
  let blankLines = 0
  for await (const line of linesOf(pieces)) {
    if (isBlank(line)) {
      if (++blankLines > sendLimits.blankLines) throw tooMany(sendLimits.blankLines, "blank lines")
      await reading.pace.spend(line.byteLength + 1)
      continue
    }
    if (items.length === sendLimits.batchItems) throw tooMany(sendLimits.batchItems, "events")
    items.push(await readLine(line, reading))
  }
  if (items.length === 0) throw nothingSent()
  return items
}

/** Yields the lines without their line feeds; the last one need not end with one. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = []
  for await (const piece of pieces) {
    let start = 0
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, start)) {
      yield joined([...begun, piece.subarray(start, end)])
      begun = []
      start = end + 1
    }
    if (start < piece.byteLength) begun.push(piece.subarray(start))
  }
  if (begun.length > 0) yield joined(begun)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts)
}

function isBlank(line: Uint8Array): boolean {
  for (let at = 0; at < line.byteLength; at++) if (!whitespace.has(line[at] ?? 0)) return false
  return true
}

async function readLine(line: Uint8Array, reading: Reading): Promise<JsonItem> {
  try {
    return await readJsonItem(decodeUtf8(line), reading)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "malformed") throw error
    const faults = [{ pointer: "", message: error.message }]
    return { value: null, faults, isTooLarge: false, size: line.byteLength }
  }
}

function tooMany(limit: number, what: string): AppError {
  return new AppError("too-large", `A batch may have ${limit} ${what}.`)
}

function nothingSent(): AppError {
  return invalidInput([{ pointer: "", message: "has no event in it" }])
}
