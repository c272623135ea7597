import { scanJson } from "@/lib/audit/json/scan"
import { decodeUtf8 } from "@/lib/audit/json/utf8"
import type { JsonValue } from "@/lib/audit/json/value"
import { AppError, type Fault } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/input"

/** What a producer sent: one JSON text (an object or an array), or one event a line. */
export interface SentEvents {
  readonly form: "json" | "lines"
  readonly bytes: Uint8Array
}

/** One item of what was sent. With faults, `value` is not what was sent and must not be used. */
export interface SentItem {
  readonly value: JsonValue
  readonly faults: readonly Fault[]
}

export interface SentItems {
  readonly kind: "single" | "batch"
  readonly items: readonly SentItem[]
}

/** How much one request may send. The size of a batch is limited where the body is read. */
export const sendLimits = {
  singleBytes: 1024 * 1024,
  batchBytes: 5 * 1024 * 1024,
  batchItems: 1_000,
} as const

const lineFeed = 10
const whitespace: ReadonlySet<number> = new Set([9, 13, 32])

/**
 * Promise: the items of what was sent. Throws AppError for what is wrong as a whole: `malformed` (not UTF-8, not JSON),
 * `too-large`, `invalid` (nothing in it). In lines, a bad line is that item's fault alone.
 */
export function readItems({ form, bytes }: SentEvents): SentItems {
  return form === "lines" ? { kind: "batch", items: readLines(bytes) } : readJson(bytes)
}

function readJson(bytes: Uint8Array): SentItems {
  const { value, faults } = scanJson(decodeUtf8(bytes))
  if (Array.isArray(value)) return { kind: "batch", items: splitArray(value, faults) }
  if (bytes.byteLength <= sendLimits.singleBytes) return { kind: "single", items: [{ value, faults }] }
  throw new AppError("too-large", `A single event's body may have ${sendLimits.singleBytes} bytes.`)
}

// The scanner points into the array, a result into its item: "/3/actor/id" becomes "/actor/id" of item 3.
function splitArray(values: readonly JsonValue[], faults: readonly Fault[]): SentItem[] {
  refuseCount(values.length)
  const faultsOf = new Map<number, Fault[]>()
  for (const { pointer, message } of faults) {
    const [, index, rest = ""] = /^\/(\d+)(\/.*)?$/s.exec(pointer) ?? []
    if (index === undefined) throw invalidInput([{ pointer, message }])
    const known = faultsOf.get(Number(index)) ?? []
    known.push({ pointer: rest, message })
    faultsOf.set(Number(index), known)
  }
  return values.map((value, index) => ({ value, faults: faultsOf.get(index) ?? [] }))
}

function readLines(bytes: Uint8Array): SentItem[] {
  const items: SentItem[] = []
  for (let start = 0; start < bytes.byteLength; ) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found === -1 ? bytes.byteLength : found
    const line = bytes.subarray(start, end)
    start = end + 1
    if (line.every(byte => whitespace.has(byte))) continue
    if (items.length === sendLimits.batchItems) refuseCount(items.length + 1)
    items.push(readLine(line))
  }
  refuseCount(items.length)
  return items
}

function readLine(line: Uint8Array): SentItem {
  try {
    return scanJson(decodeUtf8(line))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "malformed") throw error
    return { value: null, faults: [{ pointer: "", message: error.message }] }
  }
}

function refuseCount(count: number): void {
  if (count > sendLimits.batchItems) {
    throw new AppError("too-large", `A batch may have ${sendLimits.batchItems} events.`)
  }
  if (count === 0) throw invalidInput([{ pointer: "", message: "has no event in it" }])
}
