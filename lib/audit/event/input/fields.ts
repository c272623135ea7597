import { eventLimits } from "@/lib/audit/event/limits"
import type { FaultList } from "@/lib/audit/faults"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { jsonPointer } from "@/lib/errors"
import { measure } from "./measure"

type Path = readonly PropertyKey[]

type NameIn<Input> = keyof Input & string
/** The names of the members that may hold a value of this kind. */
type NameOf<Input, Kind> = {
  [Name in NameIn<Input>]-?: Kind extends NonNullable<Input[Name]> ? Name : never
}[NameIn<Input>]
/** The names of the members that hold values of this kind only. */
type NameFor<Input, Kind> = {
  [Name in NameIn<Input>]-?: NonNullable<Input[Name]> extends Kind ? Name : never
}[NameIn<Input>]
type ElementOf<List> = List extends readonly (infer Element)[] ? Element : never

/** Returns the names of all members of a type: one that is missing, or misspelt, does not compile. */
export function namesOf<Input extends object>(
  names: Readonly<Record<NameIn<Input>, true>>,
): ReadonlySet<string> {
  return new Set(Object.keys(names))
}

/**
 * Reads the members of one object that was sent, and notes a fault for each that is not as it must be. Null counts as absent.
 * `Input` says what may be sent: a member that it does not have cannot be read.
 */
export class Fields<Input extends object> {
  private readonly members: JsonObject
  private readonly path: Path
  private readonly faults: FaultList

  constructor(members: JsonObject, path: Path, faults: FaultList) {
    this.members = members
    this.path = path
    this.faults = faults
  }

  /** Reports each member that is not among the names; `explained` has special messages for some. */
  allowOnly(names: ReadonlySet<string>, explained?: ReadonlyMap<string, string>): void {
    for (const name of Object.keys(this.members)) {
      if (names.has(name)) continue
      // There may be thousands, and building the message for one compares it with every name.
      if (this.faults.isFull) this.faults.count()
      else this.fault(name, explained?.get(name) ?? unknownField(name, names))
    }
  }

  fault(name: PropertyKey, message: string): void {
    this.faults.push({ pointer: jsonPointer([...this.path, name]), message })
  }

  has(name: NameIn<Input>): boolean {
    return this.value(name) !== undefined
  }

  /** The member as it was sent; undefined for null. Own members only: a member may be called `constructor`. */
  value(name: NameIn<Input>): JsonValue | undefined {
    return Object.hasOwn(this.members, name) ? (this.members[name] ?? undefined) : undefined
  }

  /** Any text up to a length, including the empty one. */
  text(name: NameOf<Input, string>, maximumLength: number): string | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    return this.checkText(name, value, maximumLength)
  }

  /** An optional text that must not be blank. */
  word(name: NameOf<Input, string>, maximumLength: number): string | undefined {
    const text = this.text(name, maximumLength)
    if (text === "") this.fault(name, "must not be empty; leave it out instead")
    return text
  }

  /** A required text that must not be blank; "" after a fault. */
  required(name: NameOf<Input, string>, maximumLength: number): string {
    const text = this.present(name, maximumLength)
    if (this.value(name) === "") this.fault(name, "must not be empty")
    return text
  }

  /** A required text that may be empty; "" after a fault. */
  present(name: NameOf<Input, string>, maximumLength: number): string {
    if (!this.has(name)) this.fault(name, "is required")
    return this.text(name, maximumLength) ?? ""
  }

  /** A required text that is one of the words. */
  choice<Name extends NameIn<Input>, Word extends string & Input[Name]>(
    name: Name,
    words: readonly Word[],
  ): Word | undefined {
    const value = this.value(name)
    const found = words.find(word => word === value)
    if (found === undefined) {
      this.fault(
        name,
        value === undefined
          ? `is required: one of ${words.join(", ")}`
          : `must be one of ${words.join(", ")}`,
      )
    }
    return found
  }

  integer(name: NameOf<Input, number>, least: number, most: number): number | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value
    this.fault(name, `must be a whole number from ${least} to ${most}`)
    return undefined
  }

  /** A number that is zero or more. */
  amount(name: NameOf<Input, number>): number | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (typeof value === "number" && value >= 0) return value
    this.fault(name, "must be a number of zero or more")
    return undefined
  }

  /** An object whose members are read in turn. */
  object<Name extends NameFor<Input, object>>(
    name: Name,
  ): Fields<NonNullable<Input[Name]> & object> | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (isObject(value)) return new Fields(value, [...this.path, name], this.faults)
    this.fault(name, "must be an object")
    return undefined
  }

  /** The elements of a list of objects whose members are read in turn. */
  objects<Name extends NameFor<Input, readonly object[]>>(
    name: Name,
    maximumCount: number,
  ): readonly Fields<ElementOf<NonNullable<Input[Name]>> & object>[] {
    const list = this.list(name, maximumCount)
    return list.flatMap((value, index) => {
      if (isObject(value)) return [new Fields(value, [...this.path, name, index], this.faults)]
      this.faultAt([name, index], "must be an object")
      return []
    })
  }

  texts(
    name: NameOf<Input, readonly string[]>,
    maximumCount: number,
    maximumLength: number,
  ): readonly string[] {
    return this.list(name, maximumCount).map((value, index) => {
      if (typeof value !== "string") this.faultAt([name, index], "must be a string")
      else if (value.length > maximumLength) this.faultAt([name, index], tooLong(value.length, maximumLength))
      else return value
      return ""
    })
  }

  /** An object that is stored as it is. */
  freeObject(name: NameOf<Input, JsonObject>, maximumBytes: number): JsonObject | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (!isObject(value)) {
      this.fault(name, "must be an object")
      return undefined
    }
    const { bytes, depth } = measure(value, [])
    if (bytes > maximumBytes) this.fault(name, `is ${bytes} bytes of JSON; at most ${maximumBytes} are kept`)
    this.checkDepth(name, depth)
    return value
  }

  /** Any JSON value, null when it is absent. */
  freeValue(name: NameOf<Input, JsonValue>): JsonValue {
    const value = this.value(name) ?? null
    this.checkDepth(name, measure(value, []).depth)
    return value
  }

  private checkDepth(name: NameIn<Input>, depth: number): void {
    if (depth > eventLimits.nestingDepth) {
      this.fault(name, `is nested in more than ${eventLimits.nestingDepth} arrays and objects`)
    }
  }

  private list(name: NameIn<Input>, maximumCount: number): readonly JsonValue[] {
    const value = this.value(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) {
      this.fault(name, "must be an array")
      return []
    }
    if (value.length > maximumCount) {
      this.fault(name, `has ${value.length} elements; at most ${maximumCount} are kept`)
      return []
    }
    return value
  }

  private checkText(name: NameIn<Input>, value: JsonValue, maximumLength: number): string | undefined {
    if (typeof value !== "string") this.fault(name, "must be a string")
    else if (value.length > maximumLength) this.fault(name, tooLong(value.length, maximumLength))
    else return value
    return undefined
  }

  private faultAt(rest: Path, message: string): void {
    this.faults.push({ pointer: jsonPointer([...this.path, ...rest]), message })
  }
}

function tooLong(length: number, maximumLength: number): string {
  return `has ${length} characters; at most ${maximumLength} are kept`
}

/** By set of names: each reduced to its letters. */
const spellings = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>()
/** A longer name is not a misspelling of one of ours. */
const longestMisspelling = 64

function unknownField(name: string, names: ReadonlySet<string>): string {
  const known = spellings.get(names) ?? new Map([...names].map(each => [lettersOf(each), each]))
  spellings.set(names, known)
  const meant = name.length > longestMisspelling ? undefined : known.get(lettersOf(name))
  if (meant !== undefined) return `is not a field here; did you mean "${meant}"?`
  return "is not a field here; facts of your own belong into metadata"
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, "")
}
