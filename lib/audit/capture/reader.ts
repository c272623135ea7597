import { isObject } from "@/lib/audit/json/value"
import { type Fault, jsonPointer } from "@/lib/errors"

/** One place of a JSON value that is read against expectations. A fault is noted, and reading goes on. */
export class Reader {
  readonly value: unknown
  readonly #path: readonly PropertyKey[]
  readonly #faults: Fault[]
  readonly #takesUnknown: boolean

  /** With `takesUnknown`, members of unknown names are passed over. */
  constructor(value: unknown, path: readonly PropertyKey[], faults: Fault[], takesUnknown = false) {
    this.value = value
    this.#path = path
    this.#faults = faults
    this.#takesUnknown = takesUnknown
  }

  get isAbsent(): boolean {
    return this.value === undefined
  }

  fault(message: string): void {
    this.#faults.push({ pointer: jsonPointer(this.#path), message })
  }

  /** Returns the member of a name; that of anything but an object is absent. */
  at(name: string): Reader {
    const { value } = this
    const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    return this.#inside(name, member)
  }

  #inside(key: PropertyKey, value: unknown): Reader {
    return new Reader(value, [...this.#path, key], this.#faults, this.#takesUnknown)
  }

  /** Requires an object without members of other names; returns whether it is an object at all. */
  object(names: readonly string[]): boolean {
    const { value } = this
    if (!isObject(value)) {
      this.fault(this.isAbsent ? "is required" : "must be an object")
      return false
    }
    for (const name of Object.keys(value)) {
      if (this.#takesUnknown || names.includes(name)) continue
      this.#inside(name, value[name]).fault(`is unknown; known are ${names.join(", ")}`)
    }
    return true
  }

  optionalObject(names: readonly string[]): void {
    if (!this.isAbsent) this.object(names)
  }

  boolean(standard?: boolean): boolean {
    if (typeof this.value === "boolean") return this.value
    if (!this.isAbsent || standard === undefined) this.fault("must be true or false")
    return standard ?? false
  }

  wholeNumber(least: number, most: number, standard: number): number {
    const { value } = this
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value
    if (!this.isAbsent) this.fault(`must be a whole number from ${least} to ${most}`)
    return standard
  }

  oneOf<const Value extends string | number>(allowed: readonly Value[], standard?: Value): Value {
    const found = allowed.find(one => one === this.value)
    if (found !== undefined) return found
    if (!this.isAbsent || standard === undefined) this.fault(`must be ${orList(allowed)}`)
    // The cast: the value is thrown away with the fault when nothing is allowed at all.
    return standard ?? (allowed[0] as Value)
  }

  /** Returns a text of 1 to `most` characters, without control characters and halves of surrogate pairs; "" with a fault. */
  text(most: number): string {
    const { value } = this
    if (
      typeof value === "string" &&
      value.trim() !== "" &&
      value.length <= most &&
      /^[^\p{Cc}\p{Cs}]*$/u.test(value)
    )
      return value
    this.fault(this.isAbsent ? "is required" : `must be a text of 1 to ${most} characters on one line`)
    return ""
  }

  matching(expression: RegExp, message: string): string {
    if (typeof this.value === "string" && expression.test(this.value)) return this.value
    this.fault(message)
    return ""
  }

  nullOr<Value>(read: (one: Reader) => Value): Value | null {
    return this.isAbsent || this.value === null ? null : read(this)
  }

  list<Value>(most: number, standard: readonly Value[], read: (one: Reader) => Value): readonly Value[] {
    if (this.isAbsent) return standard
    if (!Array.isArray(this.value)) {
      this.fault("must be a list")
      return []
    }
    if (this.value.length > most) this.fault(`may have ${most} entries at most`)
    return this.value.slice(0, most).map((one: unknown, index) => read(this.#inside(index, one)))
  }

  /** Returns a list of at least one entry, without repetitions. */
  filledList<Value>(most: number, read: (one: Reader) => Value): readonly Value[] {
    const values = this.list(most, [], read)
    if (Array.isArray(this.value) && this.value.length === 0) this.fault("must have one entry at least")
    return [...new Set(values)]
  }
}

function orList(allowed: readonly (string | number)[]): string {
  return allowed.length < 2 ? allowed.join("") : `${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`
}
