import { FaultList, mostFaults } from "@/lib/audit/faults"
import { AppError, type Fault } from "@/lib/errors"
import { type Pace, stepUnits } from "./pace"
import { parseScanned } from "./scan"
import type { ScanLimits } from "./scan-limits"
import { byteOrderMarkFault, Scanner } from "./scanner"
import type { JsonValue } from "./value"

/** One received value. With faults, `value` differs from what was sent and must not be used. */
export interface JsonItem {
  readonly value: JsonValue
  /** The first hundred; the last entry gives the number of the others. Their pointers are relative to the item. */
  readonly faults: readonly Fault[]
  /** True when it has more values, or an object with more members, than is read. */
  readonly isTooLarge: boolean
  /** Number of characters of its text. */
  readonly size: number
}

/** How a received text is read. */
export interface Reading {
  readonly pace: Pace
  readonly limits: ScanLimits
  /** Faults that are listed for all items together, besides the first of each. */
  readonly budget: FaultBudget
}

/** Counts down the faults that are listed in one response. */
export interface FaultBudget {
  left: number
}

/** Returns the budget of one response. */
export function faultBudget(): FaultBudget {
  return { left: mostFaults }
}

/** Reads a JSON text as one item, in steps. Throws AppError `malformed` when the text is not JSON. */
export async function readJsonItem(text: string, reading: Reading): Promise<JsonItem> {
  const faults = new ListedFaults(reading.budget)
  const scanner = new Scanner(text, { fault: (...fault) => faults.add(...fault) }, reading.limits)
  await scanInSteps(scanner, reading.pace)
  return itemOf({ ...heard(faults, scanner.isTooMuch, () => text), size: text.length }, reading.pace)
}

/** Values that were read of a text that comes in pieces. */
export interface ReadItems {
  readonly isArray: boolean
  readonly items: readonly JsonItem[]
}

/**
 * Reads a JSON text as the items of a batch when it is an array, else as one item, in steps, while its pieces come. No further piece
 * is asked for when the rest changes nothing. Throws AppError: `malformed` when the text is not JSON, `invalid` for a fault of the
 * array itself, `too-large` for too many elements.
 */
export async function readJsonItems(pieces: AsyncIterable<string>, reading: Reading): Promise<ReadItems> {
  const faults = new ListedFaults(reading.budget)
  const found: FoundItem[] = []
  const fault = (pointer: string, message: string) =>
    // The scanner's pointers start at the array, those of a result at its item: "/3/actor/id" becomes "/actor/id" of item
    // 3.
    faults.add(scanner.isArray ? pointer.replace(/^\/\d+/, "") : pointer, message)
  const element = (start: number, end: number) => {
    const isTooLarge = scanner.isTooMuch
    found.push({ ...heard(faults, isTooLarge, () => scanner.slice(start, end)), size: end - start })
  }
  const scanner = new Scanner(null, { fault, element }, reading.limits)
  const whole = await scanPieces(scanner, pieces, { pace: reading.pace, keeps: () => !scanner.isArray })
  if (scanner.isArray) refuseArray(scanner, found, reading.limits)
  else found.push({ ...heard(faults, scanner.isTooMuch, () => whole), size: whole.length })
  return { isArray: scanner.isArray, items: await parsed(found, reading.pace) }
}

/** Reads a JSON text that comes in pieces as one item. Throws AppError `malformed` when the text is not JSON. */
export async function readJsonPieces(pieces: AsyncIterable<string>, reading: Reading): Promise<JsonItem> {
  const faults = new ListedFaults(reading.budget)
  const scanner = new Scanner(null, { fault: (...fault) => faults.add(...fault) }, reading.limits)
  const whole = await scanPieces(scanner, pieces, { pace: reading.pace, keeps: () => true })
  return itemOf({ ...heard(faults, scanner.isTooMuch, () => whole), size: whole.length }, reading.pace)
}

function refuseArray(scanner: Scanner, [first]: readonly FoundItem[], { elements }: ScanLimits): void {
  if (scanner.hasMoreElements) throw new AppError("too-large", `A batch may have ${elements} events.`)
  const ofArray = first?.faults.filter(({ message }) => message === byteOrderMarkFault) ?? []
  if (ofArray.length > 0) {
    throw new AppError("invalid", `Not acceptable as sent. The input: ${byteOrderMarkFault}`, {
      faults: ofArray,
    })
  }
}

interface Scanning {
  readonly pace: Pace
  /** Whether the text has to be kept whole; asked with each piece until it is no longer so. */
  readonly keeps: () => boolean
}

/** Adding to a text copies what is kept of it: what is added grows with that, so that all copying together stays small. */
const leastAdded = 4 * stepUnits
const shareAdded = 4

/** Returns what was kept of the text. */
async function scanPieces(
  scanner: Scanner,
  pieces: AsyncIterable<string>,
  { pace, keeps }: Scanning,
): Promise<string> {
  let whole = ""
  let waiting = ""
  for await (const piece of pieces) {
    waiting += piece
    if (waiting.length < Math.max(leastAdded, scanner.kept / shareAdded)) continue
    scanner.add(waiting)
    if (keeps()) whole += waiting
    waiting = ""
    if (await scanInSteps(scanner, pace)) return whole
    if (!keeps()) whole = ""
  }
  scanner.add(waiting)
  scanner.complete()
  await scanInSteps(scanner, pace)
  return keeps() ? whole + waiting : ""
}

/** Returns whether everything is read that is wanted; otherwise more has to come. */
async function scanInSteps(scanner: Scanner, pace: Pace): Promise<boolean> {
  for (;;) {
    const from = scanner.position
    const isRead = scanner.advance(from + stepUnits)
    await pace.spend(scanner.position - from)
    if (isRead || scanner.needsMore) return isRead
  }
}

/** An item that was scanned and not yet parsed. */
interface FoundItem {
  /** Empty for an item that is refused: its values are not made. */
  readonly text: string
  readonly faults: readonly Fault[]
  readonly isTooLarge: boolean
  readonly size: number
}

function heard(faults: ListedFaults, isTooLarge: boolean, text: () => string): Omit<FoundItem, "size"> {
  const taken = faults.take()
  return { text: taken.length > 0 || isTooLarge ? "" : text(), faults: taken, isTooLarge }
}

async function parsed(found: readonly FoundItem[], pace: Pace): Promise<readonly JsonItem[]> {
  const items: JsonItem[] = []
  for (const one of found) items.push(await itemOf(one, pace))
  return items
}

async function itemOf({ text, faults, isTooLarge, size }: FoundItem, pace: Pace): Promise<JsonItem> {
  const isRefused = faults.length > 0 || isTooLarge
  const value = isRefused ? null : parseScanned(text)
  if (!isRefused) await pace.spend(size)
  return { value, faults, isTooLarge, size }
}

/** Collects the faults of one item after the other. */
class ListedFaults {
  readonly #budget: FaultBudget
  #list = new FaultList()

  constructor(budget: FaultBudget) {
    this.#budget = budget
  }

  add(pointer: string, message: string): void {
    if (!this.#list.isEmpty && this.#budget.left <= 0) {
      this.#list.count()
      return
    }
    this.#budget.left--
    this.#list.push({ pointer, message })
  }

  take(): readonly Fault[] {
    const faults = this.#list.all()
    this.#list = new FaultList()
    return faults
  }
}
