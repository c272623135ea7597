import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import type { JsonValue } from "@/lib/audit/json/value"
import { resolveApps } from "@/lib/audit/query/apps"
import { continueSelection, cursorBound, readCursor } from "@/lib/audit/query/cursor"
import { type ParsedQuery, parseQuery, parseQueryObject } from "@/lib/audit/query/parse"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Selection } from "@/lib/audit/query/selection"
import type { Position } from "@/lib/audit/store"
import { addMicroseconds, type Instant, instantFromDate } from "@/lib/audit/time/instant"
import type { Fault } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import type { ReadContext } from "@/lib/operations/core/operation"

/** The parameters of a url: a query string, or the object that Next.js parses from it. */
export type Parameters =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A query as it arrives: the parameters of a url, or its JSON form. */
export type QueryInput =
  | {
      readonly parameters: Parameters
      /** Faults of parameters that could not be decoded. */
      readonly faults?: readonly Fault[]
    }
  | { readonly object: JsonValue }

/** Accepts a query in either form; it is parsed later, with pointers into what was sent. */
export const queryInput = z.custom<QueryInput>(isQueryInput, "must be a question")

/** A parsed query: what a store may be asked on behalf of this caller. */
export interface ResolvedQuery {
  readonly query: AuditQuery
  readonly selection: Selection
  /** Where the page begins; null = at the first event. */
  readonly after: Position | null
  /** What a cursor of this query is bound to. */
  readonly bound: string
  /** The apps that the caller may know. */
  readonly apps: readonly AppRef[]
  /** The time of the query, by the database's clock. */
  readonly queriedAt: Instant
}

/** Returns the parsed query, for this caller. Throws AppError `invalid` with a fault for each invalid part. */
export async function resolveQuery(context: ReadContext, input: QueryInput): Promise<ResolvedQuery> {
  const { caller, scope } = context
  // By the clock that `receivedAt` uses, up to the end of the millisecond: an event recorded just before must not
  // count as future.
  const queriedAt = addMicroseconds(instantFromDate(context.clock.toDatabase(caller.at)), 999)
  const parsed = parse(input, queriedAt)
  if (!parsed.ok) throw invalidInput(parsed.faults)
  const { query } = parsed
  const slugs = [...(query.include.app ?? []), ...(query.exclude.app ?? [])].map(app => app.value)
  const apps = await context.apps.find(scope, slugs)
  const resolved = resolveApps(parsed.selection, apps, "object" in input ? "object" : "parameters")
  if (!resolved.ok) throw invalidInput(resolved.faults)
  const bound = cursorBound(scope, query)
  const common = { query, bound, apps, queriedAt }
  if (query.cursor === null) return { ...common, selection: resolved.selection, after: null }
  const continuation = readCursor(query.cursor, bound, context.cursorKey)
  return {
    ...common,
    selection: continueSelection(resolved.selection, continuation),
    after: continuation.position,
  }
}

function parse(input: QueryInput, now: Instant): ParsedQuery {
  if ("object" in input) return parseQueryObject(input.object, { now })
  return parseQuery(entriesOf(input.parameters), { now }, input.faults)
}

function entriesOf(parameters: Parameters): Iterable<readonly [string, string]> {
  if (isIterable(parameters)) return parameters
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined) return []
    return (typeof value === "string" ? [value] : value).map(each => [name, each] as const)
  })
}

function isIterable(parameters: Parameters): parameters is Iterable<readonly [string, string]> {
  return Symbol.iterator in parameters
}

function isQueryInput(value: unknown): value is QueryInput {
  if (typeof value !== "object" || value === null) return false
  return (
    "object" in value ||
    ("parameters" in value && typeof value.parameters === "object" && value.parameters !== null)
  )
}
