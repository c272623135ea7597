import type { JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { textOf } from "@/lib/formats/foreign-values"
import type { ForeignRecord } from "./record"

/** What a value looks like: its text, its kind, or only that it is there. */
export type Shape = RegExp | "text" | "object" | "list" | "there"

/** What stands at each path, all of it. */
export type Shapes = Readonly<Record<string, Shape>>

/** Tells whether a record has all shapes of one of the sets. */
export function looksLike(record: ForeignRecord, sets: readonly Shapes[]): boolean {
  return sets.some(shapes => {
    for (const path in shapes) {
      if (!hasShape(record.raw(path), shapes[path])) return false
    }
    return true
  })
}

function hasShape(value: JsonValue | undefined, shape: Shape | undefined): boolean {
  if (shape instanceof RegExp) return shape.test(textOf(value, 1000) ?? "")
  if (shape === "text") return typeof value === "string"
  if (shape === "object") return isObject(value)
  if (shape === "list") return Array.isArray(value)
  return value !== undefined
}
