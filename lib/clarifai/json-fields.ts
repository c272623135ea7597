import type { FaultList } from "@/lib/audit/faults"
import { isArray, isObject, type JsonValue } from "@/lib/audit/json/value"
import { jsonPointer } from "@/lib/errors"
import { codeOfName } from "./event-types"
import { timestampOfText } from "./timestamp"

/** Reads one value of a body, and adds what is wrong with it to the faults. The value is null nowhere. */
export type Field<T> = (value: JsonValue, pointer: string, faults: FaultList) => T | undefined

type ValueOf<F> = F extends Field<infer T> ? T : never

/** Returns a field that passes on what `read` makes of a value, and says what it must be when that is null. */
function field<T>(must: string, read: (value: JsonValue) => T | null): Field<T> {
  return (value, pointer, faults) => {
    const result = read(value)
    if (result !== null) return result
    faults.push({ pointer, message: `must be ${must}` })
    return undefined
  }
}

export const text = field("a text", value => (typeof value === "string" ? value : null))

export const bool = field("true or false", value => (typeof value === "boolean" ? value : null))

/** A BoolValue, which JSON writes as the bare value. */
export const boolValue = field("true, false or null", value =>
  typeof value === "boolean" ? { value } : null,
)

export const uint32 = field("a whole number from 0 to 4294967295", value => {
  // Libraries of the protocol write numbers of clients without integers as text.
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value
  return isWhole(number) && number >= 0 && number <= 0xffff_ffff ? number : null
})

/** A value of an enum that we do not name. */
export const int32 = field("a whole number of 32 bits", value => (isInt32(value) ? value : null))

export const eventType = field("the name of an event type, such as MODEL_CREATE, or its number", value => {
  if (typeof value === "string") return codeOfName(value)
  return isInt32(value) ? value : null
})

export const timestamp = field("a date and time like 2024-08-25T00:00:00Z (RFC 3339)", value =>
  typeof value === "string" ? timestampOfText(value) : null,
)

function isWhole(value: JsonValue): value is number {
  return Number.isInteger(value)
}

function isInt32(value: JsonValue): value is number {
  return isWhole(value) && value >= -(2 ** 31) && value < 2 ** 31
}

/** A repeated field. */
export function list<T>(each: Field<T>): Field<readonly T[]> {
  return (value, pointer, faults) => {
    if (!isArray(value)) {
      faults.push({ pointer, message: "must be a list" })
      return undefined
    }
    return value.flatMap((element, at) => {
      if (faults.isFull) return []
      const read = element === null ? undefined : each(element, `${pointer}/${at}`, faults)
      if (element === null) faults.push({ pointer: `${pointer}/${at}`, message: "must not be null" })
      return read === undefined ? [] : [read]
    })
  }
}

/**
 * A message whose members are spelled as in the protocol (snake_case) or as its JSON mapping does (lowerCamelCase). Null is the
 * same as absent. A member that is not known, or is there in both spellings, is a fault: its filter would be lost.
 */
export function message<Fields extends Readonly<Record<string, Field<unknown>>>>(
  fields: Fields,
): Field<{ readonly [Name in keyof Fields]?: ValueOf<Fields[Name]> }> {
  const names = new Map(Object.keys(fields).flatMap(name => [[name, name] as const, [camelCase(name), name]]))
  return (value, pointer, faults) => {
    if (!isObject(value)) {
      faults.push({ pointer, message: "must be an object" })
      return undefined
    }
    const read = new Map<string, unknown>()
    for (const [sent, member] of Object.entries(value)) {
      const name = names.get(sent)
      const known = name === undefined ? undefined : fields[name]
      if (name === undefined || known === undefined) {
        faults.push({ pointer: `${pointer}${jsonPointer([sent])}`, message: "is not known here" })
      } else if (read.has(name)) {
        faults.push({ pointer: `${pointer}/${name}`, message: "was sent in two spellings" })
      } else if (member !== null) {
        read.set(name, known(member, `${pointer}/${name}`, faults))
      }
    }
    // The one cast: each member was read by the field of its name.
    return Object.fromEntries(read) as { readonly [Name in keyof Fields]?: ValueOf<Fields[Name]> }
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
