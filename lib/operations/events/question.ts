import { hkdfSync } from "node:crypto"
import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import type { JsonValue } from "@/lib/audit/json/value"
import { resolveApps } from "@/lib/audit/query/apps"
import { continueQuery, cursorBound, readCursor } from "@/lib/audit/query/cursor"
import { type ParsedQuery, parseQuery, parseQueryObject } from "@/lib/audit/query/parse"
import type { AuditQuery } from "@/lib/audit/query/query"
import type { Question } from "@/lib/audit/query/question"
import type { Position } from "@/lib/audit/store"
import { addMicroseconds, type Instant, instantFromDate } from "@/lib/audit/time/instant"
import type { Fault } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/input"
import type { ReadContext } from "@/lib/operations/operation"
import { type Platform, platform } from "@/lib/platform"
import { findKnownApps } from "./known-apps"

/** The parameters of a url: a query string, or the object that Next.js parses from it. */
export type Parameters =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A query as it arrives: the parameters of a url, or its JSON form. */
export type QuestionInput =
  | {
      readonly parameters: Parameters
      /** Faults of parameters that could not be decoded. */
      readonly faults?: readonly Fault[]
    }
  | { readonly object: JsonValue }

/** Accepts a query in either form; it is parsed later, with pointers into what was sent. */
export const questionInput = z.custom<QuestionInput>(isQuestionInput, "must be a question")

/** A parsed query: what a store may be asked on behalf of this caller. */
export interface Asked {
  readonly question: Question
  readonly query: AuditQuery
  /** Where the page begins; null = at the first event. */
  readonly after: Position | null
  /** What a cursor of this query is bound to. */
  readonly bound: string
  /** The apps that the caller may know. */
  readonly apps: readonly AppRef[]
  /** The time of the query, by the database's clock. */
  readonly askedAt: Instant
}

/** Returns the parsed query, for this caller. Throws AppError `invalid` with a fault for each invalid part. */
export async function ask({ caller, scope }: ReadContext, input: QuestionInput): Promise<Asked> {
  // By the clock that `receivedAt` uses, up to the end of the millisecond: an event recorded just before must not
  // count as future.
  const askedAt = addMicroseconds(instantFromDate(platform().clock.toDatabase(caller.at)), 999)
  const parsed = parse(input, askedAt)
  if (!parsed.ok) throw invalidInput(parsed.faults)
  const { question } = parsed
  const slugs = [...(question.include.app ?? []), ...(question.exclude.app ?? [])].map(app => app.value)
  const apps = await findKnownApps(scope, slugs)
  const resolved = resolveApps(parsed.query, apps, "object" in input ? "object" : "parameters")
  if (!resolved.ok) throw invalidInput(resolved.faults)
  const bound = cursorBound(scope, question)
  const common = { question, bound, apps, askedAt }
  if (question.cursor === null) return { ...common, query: resolved.query, after: null }
  const continuation = readCursor(question.cursor, bound, cursorKey(platform()))
  return { ...common, query: continueQuery(resolved.query, continuation), after: continuation.position }
}

const cursorKeys = new WeakMap<Platform, Uint8Array>()

/** Returns the key that signs cursors and is used for nothing else. */
export function cursorKey(current: Platform): Uint8Array {
  const known = cursorKeys.get(current)
  if (known) return known
  const key = new Uint8Array(hkdfSync("sha256", current.env.secret, "", "auditorium cursor v1", 32))
  cursorKeys.set(current, key)
  return key
}

function parse(input: QuestionInput, now: Instant): ParsedQuery {
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

function isQuestionInput(value: unknown): value is QuestionInput {
  if (typeof value !== "object" || value === null) return false
  return (
    "object" in value ||
    ("parameters" in value && typeof value.parameters === "object" && value.parameters !== null)
  )
}
