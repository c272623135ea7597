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
  const found = { start: 0, end: text.length, faults: faults.take(), isTooLarge: scanner.isTooMuch }
  return itemOf(text, found, reading.pace)
}

/**
 * Reads a JSON text as the items of a batch when it is an array, else as one item, in steps. Throws AppError: `malformed`
 * when the text is not JSON, `invalid` for a fault of the array itself, `too-large` for too many elements.
 */
export async function readJsonItems(
  text: string,
  reading: Reading,
): Promise<{ readonly isArray: boolean; readonly items: readonly JsonItem[] }> {
  const faults = new ListedFaults(reading.budget)
  const found: FoundItem[] = []
  const fault = (pointer: string, message: string) =>
    // The scanner's pointers start at the array, those of a result at its item: "/3/actor/id" becomes "/actor/id" of item
    // 3.
    faults.add(scanner.isArray ? pointer.replace(/^\/\d+/, "") : pointer, message)
  const element = (start: number, end: number) => {
    found.push({ start, end, faults: faults.take(), isTooLarge: scanner.isTooMuch })
  }
  const scanner = new Scanner(text, { fault, element }, reading.limits)
  await scanInSteps(scanner, reading.pace)
  const { isArray } = scanner
  if (!isArray) {
    found.push({ start: 0, end: text.length, faults: faults.take(), isTooLarge: scanner.isTooMuch })
  } else refuseArray(scanner, found, reading.limits)
  const items: JsonItem[] = []
  for (const one of found) items.push(await itemOf(text, one, reading.pace))
  return { isArray, items }
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

async function scanInSteps(scanner: Scanner, pace: Pace): Promise<void> {
  let isRead = false
  while (!isRead) {
    const from = scanner.position
    isRead = scanner.advance(from + stepUnits)
    await pace.spend(scanner.position - from)
  }
}

/** An item that was scanned and not yet parsed. */
interface FoundItem {
  readonly start: number
  readonly end: number
  readonly faults: readonly Fault[]
  readonly isTooLarge: boolean
}

async function itemOf(
  text: string,
  { start, end, faults, isTooLarge }: FoundItem,
  pace: Pace,
): Promise<JsonItem> {
  const isRefused = faults.length > 0 || isTooLarge
  const value = isRefused ? null : parseScanned(text.slice(start, end))
  if (!isRefused) await pace.spend(end - start)
  return { value, faults, isTooLarge, size: end - start }
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
