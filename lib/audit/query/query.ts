import { defaultPreset, fixedWindow, type QueryWindow } from "@/lib/audit/time/window"
import { type FieldName, fieldNames } from "./fields"
import type { FieldValues, Order, Window } from "./selection"
import { type QueryValue, spellValue } from "./value"

/** Whether events with a value are wanted, or events without it. */
export type Side = "include" | "exclude"

/** A query as it was written, before "the last 30 days" became instants: what a url can hold and a page can show. */
export interface AuditQuery {
  readonly window: QueryWindow
  /** Ends the time range at the last midnight of the zone. */
  readonly excludeToday: boolean
  /** The IANA zone in which days begin and typed times are read. */
  readonly zone: string
  /** Apps by their slug. */
  readonly include: FieldValues
  readonly exclude: FieldValues
  readonly text: string | null
  readonly order: Order
  /** Events per page. */
  readonly limit: number
  readonly cursor: string | null
  readonly asOf: number | null
}

export const defaultZone = "UTC"
export const defaultLimit = 50
export const maximumLimit = 100

/**
 * Returns the time range of a query that names none: all of the log in recorded order, for clients that follow it, else 30
 * days.
 */
export function defaultWindow(order: Order): Exclude<QueryWindow, { kind: "range" }> {
  return order === "recorded" ? { kind: "all" } : { kind: "preset", preset: defaultPreset }
}

/** The query without any conditions. */
export const plainQuery: AuditQuery = {
  window: defaultWindow("newest"),
  excludeToday: false,
  zone: defaultZone,
  include: {},
  exclude: {},
  text: null,
  order: "newest",
  limit: defaultLimit,
  cursor: null,
  asOf: null,
}

/** Returns the query that also includes, or excludes, the value; a value is on one side only. */
export function withValue(query: AuditQuery, field: FieldName, value: QueryValue, side: Side): AuditQuery {
  const other: Side = side === "include" ? "exclude" : "include"
  return {
    ...fromTheStart(query),
    [side]: setValues(query[side], field, [...(query[side][field] ?? []), value]),
    [other]: setValues(query[other], field, without(query[other][field], value)),
  }
}

/** Returns the query for the value alone; time range, zone, order and page size stay. */
export function onlyValue(query: AuditQuery, field: FieldName, value: QueryValue): AuditQuery {
  return withValue(clearFilters(query), field, value, "include")
}

/** Returns the query without the value on either side. */
export function withoutValue(query: AuditQuery, field: FieldName, value: QueryValue): AuditQuery {
  return {
    ...fromTheStart(query),
    include: setValues(query.include, field, without(query.include[field], value)),
    exclude: setValues(query.exclude, field, without(query.exclude[field], value)),
  }
}

/** Returns the query with exactly these values of the field on that side. */
export function withValues(
  query: AuditQuery,
  field: FieldName,
  values: readonly QueryValue[],
  side: Side,
): AuditQuery {
  return { ...fromTheStart(query), [side]: setValues(query[side], field, values) }
}

/** Returns the query for another time range, from its start. */
export function withWindow(query: AuditQuery, window: QueryWindow): AuditQuery {
  return { ...fromTheStart(query), window }
}

/** Returns the query for another text (null or blank = none), from its start. */
export function withText(query: AuditQuery, text: string | null): AuditQuery {
  return { ...fromTheStart(query), text: text === null || text.trim() === "" ? null : text }
}

/** Returns the query in another order, from its start. */
export function withOrder(query: AuditQuery, order: Order): AuditQuery {
  return { ...fromTheStart(query), order }
}

/** Returns the query without field values and text; time range, zone, order and page size stay. */
export function clearFilters(query: AuditQuery): AuditQuery {
  return { ...fromTheStart(query), include: {}, exclude: {}, text: null }
}

/** Returns a query that always has the same result: its instants and the ledger's size are fixed. */
export function fixedQuery(query: AuditQuery, window: Window, asOf: number): AuditQuery {
  return { ...query, window: fixedWindow(window), excludeToday: false, cursor: null, asOf }
}

/** Returns whether anything but the time range narrows the query. */
export function hasFilters(query: AuditQuery): boolean {
  const { include, exclude, text } = query
  return (
    text !== null || fieldNames.some(field => include[field] !== undefined || exclude[field] !== undefined)
  )
}

/**
 * Returns the values with those of one field replaced: sorted by their spelling, without duplicates, and without the field
 * when it has none.
 */
export function setValues(
  values: FieldValues,
  field: FieldName,
  replacement: readonly QueryValue[],
): FieldValues {
  const { [field]: _, ...rest } = values
  if (replacement.length === 0) return rest
  const bySpelling = new Map(replacement.map(value => [spellValue(value), value]))
  const sorted = [...bySpelling].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value)
  return { ...rest, [field]: sorted }
}

/** A changed query has other pages, and a result as of now. */
function fromTheStart(query: AuditQuery): AuditQuery {
  return { ...query, cursor: null, asOf: null }
}

function without(values: readonly QueryValue[] | undefined, value: QueryValue): readonly QueryValue[] {
  const spelling = spellValue(value)
  return (values ?? []).filter(other => spellValue(other) !== spelling)
}
