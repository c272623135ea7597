import { isArray, isObject, type JsonArray, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { isMasked } from "./secret-names"

/** Tells whether a value is a name and a value in a list of two texts. */
export function isPair(value: JsonValue): boolean {
  return isArray(value) && value.length === 2 && typeof value[0] === "string" && typeof value[1] === "string"
}

/** Tells whether an object or array holds only null, booleans and texts that are masked already. */
export function saysNothing(value: JsonArray | JsonObject): boolean {
  return Object.values(value).every(
    each => each === null || typeof each === "boolean" || (typeof each === "string" && isMasked(each)),
  )
}

/** The names and values of an object of which some are hidden. */
export interface Changed {
  readonly names: string[]
  readonly values: JsonValue[]
}

/** Returns the object of the names and values. A key that was hidden gets a number when there is another one of the same name. */
export function put(keys: readonly string[], { names, values }: Changed): JsonObject {
  const taken = new Set(keys)
  const numbers = new Map<string, number>()
  const entries = names.map((name, position): [string, JsonValue] => {
    const value = values[position] as JsonValue
    if (name === keys[position]) return [name, value]
    let number = numbers.get(name) ?? 1
    let free = name
    for (; taken.has(free); number += 1) free = `${name} ${number + 1}`
    numbers.set(name, number)
    taken.add(free)
    return [free, value]
  })
  return Object.fromEntries(entries)
}

/** Returns the object without that member; the same object when nothing else is different. */
export function without(shown: JsonObject, name: string, item: JsonObject): JsonObject {
  const { [name]: _, ...rest } = shown
  return Object.keys(item).every(key => item[key] === rest[key]) ? item : rest
}

/** Returns the array or object that a text is, else null. */
export function jsonIn(text: string): JsonArray | JsonObject | null {
  if (text.length < 8 || !/^\s{0,100}[{[]/.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) || Array.isArray(value) ? value : null
  } catch {
    return null
  }
}
