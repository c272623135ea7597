import { AppError, type Fault } from "@/lib/errors"
import { Scanner } from "./scanner"
import type { JsonValue } from "./value"

/** At most this many faults of one item (an element of the outermost array, or the whole) are listed. */
const faultsPerItem = 20
const faultsPerText = 20_000
const byteOrderMark = 0xfeff

export interface Scan {
  readonly value: JsonValue
  /** What the text says but the value loses; each points at the value at fault. Empty = the value is exact. */
  readonly faults: readonly Fault[]
}

/**
 * Reads JSON and reports what `JSON.parse` hides: duplicate keys, numbers that lose digits, lone surrogates, U+0000,
 * nesting over 64 and a byte order mark. Throws AppError `malformed` when the text is not JSON. For our own texts and for
 * commands: it never yields, so `readJsonItems` reads what requests send.
 */
export function scanJson(text: string): Scan {
  const faults = scanFaults(text)
  return { value: parseScanned(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text), faults }
}

/** Returns the value of a text that a scanner has read. */
export function parseScanned(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError("malformed", "Not valid JSON.", { cause })
  }
}

function scanFaults(text: string): readonly Fault[] {
  const faults: Fault[] = []
  let item = ""
  let faultsOfItem = 0
  const fault = (pointer: string, message: string) => {
    const itemAtFault = scanner.isArray ? (/^\/\d+/.exec(pointer)?.[0] ?? "") : ""
    faultsOfItem = itemAtFault === item ? faultsOfItem + 1 : 1
    item = itemAtFault
    if (faultsOfItem > faultsPerItem) return
    faults.push({ pointer, message })
    // Dropping faults of later items would make them look valid, so the whole text is rejected.
    if (faults.length > faultsPerText) {
      throw new AppError("malformed", `More than ${faultsPerText} values cannot be kept exactly.`, {
        faults: faults.slice(0, faultsPerItem),
      })
    }
  }
  const scanner = new Scanner(text, { fault })
  scanner.advance(Number.POSITIVE_INFINITY)
  return faults
}
