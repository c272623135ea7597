import { FaultList } from "@/lib/audit/faults"
import { textFault } from "@/lib/audit/json/text"
import { isArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { type Fault, jsonPointer } from "@/lib/errors"

/** Deeper values are not followed. */
const maximumDepth = 64

/** Printable ASCII that JSON writes unescaped: as many bytes as UTF-16 units. */
const oneByteText = /^[ !#-[\]-~]*$/

export interface Measure {
  /** Bytes of the canonical JSON text. */
  readonly bytes: number
  /** Nested arrays and objects: 0 for a scalar, 1 for an empty object. */
  readonly depth: number
  /** What cannot be stored exactly, each with its pointer. */
  readonly faults: readonly Fault[]
}

/** Returns size, depth and faults of any value, also one that no scanner has read. */
export function measure(value: JsonValue, path: readonly PropertyKey[]): Measure {
  const walk = new Walk([...path])
  const depth = walk.visit(value, 0)
  return { bytes: walk.bytes, depth, faults: walk.faults.all() }
}

class Walk {
  bytes = 0
  readonly faults = new FaultList()
  private readonly path: PropertyKey[]

  constructor(path: PropertyKey[]) {
    this.path = path
  }

  /** Returns the depth of nested arrays and objects, including the value's own. */
  visit(value: JsonValue, depth: number): number {
    if (typeof value === "string") this.text(value)
    else if (typeof value === "number") this.number(value)
    else if (value === null || typeof value === "boolean") this.bytes += value === false ? 5 : 4
    else if (depth >= maximumDepth) this.report(`is nested in more than ${maximumDepth} arrays and objects`)
    else return 1 + (isArray(value) ? this.array(value, depth + 1) : this.object(value, depth + 1))
    return 0
  }

  private array(values: readonly JsonValue[], depth: number): number {
    let deepest = 0
    for (let index = 0; index < values.length; index++) {
      deepest = Math.max(deepest, this.member(index, values[index] ?? null, depth))
    }
    this.bytes += punctuationBytes(values.length)
    return deepest
  }

  private object(object: JsonObject, depth: number): number {
    let deepest = 0
    const keys = Object.keys(object)
    for (const key of keys) {
      this.path.push(key)
      this.text(key)
      this.path.pop()
      deepest = Math.max(deepest, this.member(key, object[key] ?? null, depth))
    }
    this.bytes += punctuationBytes(keys.length) + keys.length
    return deepest
  }

  private member(key: PropertyKey, value: JsonValue, depth: number): number {
    this.path.push(key)
    const inside = this.visit(value, depth)
    this.path.pop()
    return inside
  }

  private number(value: number): void {
    this.bytes += String(value).length
    if (!Number.isFinite(value)) this.report("is not a number that JSON can write")
    else if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      this.report("is beyond 2^53 - 1 and cannot be kept exactly; send it as a string")
    }
  }

  private text(value: string): void {
    this.bytes += value.length + 2
    if (oneByteText.test(value)) return
    const fault = textFault(value)
    if (fault !== null) this.report(fault)
    this.bytes += extraBytes(value)
  }

  private report(message: string): void {
    if (this.faults.isFull) this.faults.count()
    else this.faults.push({ pointer: jsonPointer(this.path), message })
  }
}

/** The bytes that a JSON string takes in UTF-8 beyond one per UTF-16 unit. */
function extraBytes(value: string): number {
  let extra = 0
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    // Each half of a surrogate pair counts as half of four bytes.
    if (code >= 0xd800 && code <= 0xdfff) extra += 1
    else if (code >= 0x800) extra += 2
    else if (code >= 0x80 || code === 0x22 || code === 0x5c) extra += 1
    else if (code < 0x20) extra += code >= 8 && code <= 13 && code !== 11 ? 1 : 5
  }
  return extra
}

/** Two brackets, and a comma between members. */
function punctuationBytes(members: number): number {
  return 2 + Math.max(members - 1, 0)
}
