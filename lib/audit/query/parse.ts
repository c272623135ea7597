import type { JsonValue } from "@/lib/audit/json/value"
import type { Instant } from "@/lib/audit/time/instant"
import { isPreset, parseTypedTime, presets, type QueryWindow, resolveWindow } from "@/lib/audit/time/window"
import { isZone } from "@/lib/audit/time/zone"
import { type Fault, jsonPointer } from "@/lib/errors"
import { type FieldName, fieldNames, isFieldName, textFault } from "./fields"
import { type Parameter, type SingleName, singleNames } from "./parameters"
import { parseValue } from "./parse-value"
import {
  type AuditQuery,
  defaultLimit,
  defaultWindow,
  defaultZone,
  maximumLimit,
  type Side,
  setValues,
} from "./query"
import { readQueryObject } from "./query-object"
import type { FieldValues, Order, Selection } from "./selection"

/** The time of the query: the end of every time range that ends now. */
export interface ParseContext {
  readonly now: Instant
}

/**
 * The apps of `selection` are still slugs (`resolveApps`). With faults, `query` holds the valid parts, to be shown with the
 * faults and never to be answered.
 */
export type ParsedQuery =
  | { readonly ok: true; readonly selection: Selection; readonly query: AuditQuery }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly query: AuditQuery }

const orders: readonly Order[] = ["newest", "oldest", "recorded"]
const maximumValues = 100
const maximumCursorLength = 256

/**
 * Returns the query of url parameters, or every fault in them: an unknown name, an empty value, a repeated parameter.
 * Nothing is left out silently. `faults` are those of parameters that could not be decoded (`readQueryString`).
 */
export function parseQuery(
  params: Iterable<readonly [string, string]>,
  context: ParseContext,
  faults: readonly Fault[] = [],
): ParsedQuery {
  const parameters = Array.from(params, ([name, value]) => ({ name, value, pointer: jsonPointer([name]) }))
  return new Reading(parameters, faults).parse(context)
}

/** Returns the same for the JSON form of a query; pointers lead into the object. */
export function parseQueryObject(json: JsonValue, context: ParseContext): ParsedQuery {
  const { parameters, faults } = readQueryObject(json)
  return new Reading(parameters, faults).parse(context)
}

/** One pass over the parameters that collects their meaning and their faults. */
class Reading {
  private readonly singles = new Map<SingleName, Parameter>()
  private readonly values: Record<Side, FieldValues> = { include: {}, exclude: {} }
  private readonly faults: Fault[]

  constructor(parameters: readonly Parameter[], faults: readonly Fault[]) {
    this.faults = [...faults]
    for (const parameter of parameters) this.take(parameter)
  }

  parse({ now }: ParseContext): ParsedQuery {
    const query = this.readQuery()
    const window = resolveWindow(query.window, { ...query, now })
    if (!window) {
      const pointer = this.pointerOf("to", "exclude-today", "from", "window")
      this.fault(pointer, "leaves no moment between the start and the end of the window")
    }
    if (!window || this.faults.length > 0) return { ok: false, faults: this.faults, query }
    const { include, exclude, text, order, asOf } = query
    return { ok: true, selection: { window, include, exclude, text, order, asOf }, query }
  }

  private readQuery(): AuditQuery {
    const order = this.read("order", readOrder) ?? "newest"
    return {
      window: this.readWindow() ?? defaultWindow(order),
      excludeToday: this.read("exclude-today", readFlag) ?? false,
      zone: this.read("zone", readZone) ?? defaultZone,
      include: this.values.include,
      exclude: this.values.exclude,
      text: this.read("text", readText),
      order,
      limit: this.read("limit", readLimit) ?? defaultLimit,
      cursor: this.read("cursor", readCursorText),
      asOf: this.read("as-of", readSize),
    }
  }

  private readWindow(): QueryWindow | null {
    const preset = this.read("window", readWindowName)
    const from = this.read("from", readTime)
    const to = this.read("to", readTime)
    const named = this.singles.get("window")
    if (named && (this.singles.has("from") || this.singles.has("to"))) {
      this.fault(named.pointer, "cannot stand beside from or to; give one or the other")
      return null
    }
    if (from !== null || to !== null) return { kind: "range", from, to }
    return preset
  }

  private take(parameter: Parameter): void {
    const { name, pointer } = parameter
    const single = singleNames.find(known => known === name)
    const side: Side = name.startsWith("-") ? "exclude" : "include"
    const field = side === "exclude" ? name.slice(1) : name
    if (single) {
      if (this.singles.has(single)) this.fault(pointer, "is given more than once")
      else this.singles.set(single, parameter)
    } else if (isFieldName(field)) {
      this.takeValue(field, side, parameter)
    } else {
      this.fault(
        pointer,
        `is no parameter of a query; there are ${singleNames.join(", ")}, ${fieldNames.join(", ")}`,
      )
    }
  }

  private takeValue(field: FieldName, side: Side, { value, pointer }: Parameter): void {
    const parsed = parseValue(field, value)
    if ("fault" in parsed) {
      this.fault(pointer, `${quote(value)} ${parsed.fault}`)
      return
    }
    const before = this.values[side][field] ?? []
    if (before.length >= maximumValues) this.fault(pointer, `has more than ${maximumValues} values`)
    else this.values[side] = setValues(this.values[side], field, [...before, parsed.value])
  }

  /** Returns the value of the parameter, or null when it is absent or invalid. */
  private read<T>(name: SingleName, reader: (text: string) => T | Unreadable): T | null {
    const parameter = this.singles.get(name)
    if (!parameter) return null
    const result = reader(parameter.value)
    if (!(result instanceof Unreadable)) return result
    this.fault(parameter.pointer, `${quote(parameter.value)} ${result.message}`)
    return null
  }

  private pointerOf(...names: readonly SingleName[]): string {
    const given = names.map(name => this.singles.get(name)).find(parameter => parameter !== undefined)
    return given?.pointer ?? ""
  }

  private fault(pointer: string, message: string): void {
    if (!this.faults.some(fault => fault.pointer === pointer && fault.message === message)) {
      this.faults.push({ pointer, message })
    }
  }
}

/** Why a value cannot be read, as the end of a sentence that begins with the value. */
class Unreadable {
  constructor(readonly message: string) {}
}

function readOrder(text: string): Order | Unreadable {
  return orders.find(order => order === text) ?? new Unreadable(`is none of ${orders.join(", ")}`)
}

function readWindowName(text: string): QueryWindow | Unreadable {
  if (isPreset(text)) return { kind: "preset", preset: text }
  if (text === "all") return { kind: "all" }
  return new Unreadable(`is none of ${Object.keys(presets).join(", ")}, all`)
}

function readTime(text: string): string | Unreadable {
  const typed = parseTypedTime(text)
  if (typed) return typed.text
  // In a url a plus sign means a space, a mistake that is easy to make and hard to see.
  const hint = / \d{2}:\d{2}$/.test(text) ? "; in an address, write the plus sign of an offset as %2B" : ""
  return new Unreadable(
    `is no date or time of the years 1970 to 2199, such as 2026-03-31 or 2026-03-31T14:05${hint}`,
  )
}

function readZone(text: string): string | Unreadable {
  return isZone(text) ? text : new Unreadable("is no time zone's name, such as UTC or Europe/Berlin")
}

function readFlag(text: string): boolean | Unreadable {
  if (text === "1") return true
  return text === "0" ? false : new Unreadable("is neither 1 nor 0")
}

function readText(text: string): string | Unreadable {
  const fault = textFault(text)
  return fault === null ? text : new Unreadable(fault)
}

function readLimit(text: string): number | Unreadable {
  const limit = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : Number.NaN
  return limit <= maximumLimit ? limit : new Unreadable(`is no whole number from 1 to ${maximumLimit}`)
}

function readSize(text: string): number | Unreadable {
  const size = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(size) ? size : new Unreadable("is no size of a log, a whole number from 0")
}

function readCursorText(text: string): string | Unreadable {
  const plain = /^[A-Za-z0-9_-]+$/.test(text) && text.length <= maximumCursorLength
  return plain ? text : new Unreadable("is no cursor of a page")
}

/** Enough of what was sent to recognise it. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
