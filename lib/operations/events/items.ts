import { faultBudget, type JsonItem, type Reading, readJsonItem, readJsonItems } from "@/lib/audit/json/items"
import type { Pace } from "@/lib/audit/json/pace"
import { itemLimits } from "@/lib/audit/json/scan-limits"
import { decodeUtf8 } from "@/lib/audit/json/utf8"
import { AppError } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"

/** The body of a request: one JSON text (an object or an array), or one event per line. */
export interface SentEvents {
  readonly form: "json" | "lines"
  readonly bytes: Uint8Array
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
const openArray = 91
const whitespace: ReadonlySet<number> = new Set([9, 10, 13, 32])

/**
 * Yields the items of a body, in steps. Throws AppError for faults of the whole: `malformed` (not UTF-8, not JSON),
 * `too-large`, `invalid` (empty). In lines, a fault concerns only its own line.
 */
export async function readItems({ form, bytes }: SentEvents, pace: Pace): Promise<SentItems> {
  const reading = { pace, limits: itemLimits, budget: faultBudget() }
  return form === "lines"
    ? { kind: "batch", items: await readLines(bytes, reading) }
    : readJson(bytes, reading)
}

async function readJson(bytes: Uint8Array, reading: Reading): Promise<SentItems> {
  if (bytes.byteLength > sendLimits.singleBytes && !beginsArray(bytes)) {
    throw new AppError("too-large", `A single event's body may have ${sendLimits.singleBytes} bytes.`)
  }
  const { isArray, items } = await readJsonItems(decodeUtf8(bytes), reading)
  if (isArray && items.length === 0) throw nothingSent()
  return { kind: isArray ? "batch" : "single", items }
}

/** Checked before reading: an array may be larger than one event. A byte order mark has its own fault. */
function beginsArray(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (at < bytes.byteLength && whitespace.has(bytes[at] ?? 0)) at++
  return bytes[at] === openArray
}

async function readLines(bytes: Uint8Array, reading: Reading): Promise<JsonItem[]> {
  const items: JsonItem[] = []
  let blankLines = 0
  for (let start = 0; start < bytes.byteLength; ) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found === -1 ? bytes.byteLength : found
    const line = bytes.subarray(start, end)
    start = end + 1
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
