import type { JsonValue } from "@/lib/audit/json/value"
import { textOf } from "@/lib/formats/foreign-values"
import type { Slot } from "./mapping"
import type { ForeignRecord } from "./record"

/** Takes a foreign value in the form that a member of an event has; undefined for one that says nothing there. */
export type Convert<Value> = (value: JsonValue | undefined) => Value | undefined

/** Returns the first value that a slot gives and that can be taken. */
export function fill<Value>(
  slot: Slot | undefined,
  record: ForeignRecord,
  convert: Convert<Value>,
): Value | undefined {
  if (slot === undefined) return undefined
  if (typeof slot === "function") return convert(slot(record))
  if (typeof slot === "string") return convert(slot.includes("{") ? filled(slot, record) : record.at(slot))
  for (const each of slot) {
    const value = fill(each, record, convert)
    if (value !== undefined) return value
  }
  return undefined
}

interface Place {
  readonly before: string
  readonly path: string
  readonly isOptional: boolean
}

/** Templates stand in mappings: there are few, and each is taken apart once. */
const known = new Map<string, readonly Place[]>()

function placesOf(template: string): readonly Place[] {
  const places = known.get(template)
  if (places !== undefined) return places
  const made = [...template.matchAll(/([^{}]*)\{([^{}?]+)(\??)\}/g)].map(
    ([, before = "", path = "", optional]): Place => ({ before, path, isOptional: optional !== "" }),
  )
  known.set(template, made)
  return made
}

/** A path that may be missing is left out with the text before it; without one that may not there is no text at all. */
function filled(template: string, record: ForeignRecord): string | undefined {
  let text: string | undefined
  for (const { before, path, isOptional } of placesOf(template)) {
    const value = textOf(record.at(path), Number.MAX_SAFE_INTEGER)
    if (value === undefined && !isOptional) return undefined
    if (value !== undefined) text = text === undefined ? value : text + before + value
  }
  return text
}

/** Returns the paths that a slot reads as far as it says. */
export function pathsOf(slot: Slot | undefined): readonly string[] {
  if (slot === undefined) return []
  if (typeof slot === "function") return slot.paths ?? []
  if (typeof slot !== "string") return slot.flatMap(pathsOf)
  return slot.includes("{") ? placesOf(slot).map(({ path }) => path) : [slot]
}
