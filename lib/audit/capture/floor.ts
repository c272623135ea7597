import { Buffer } from "node:buffer"
import type { PreparedEvent } from "@/lib/audit/event/event"
import type { EventInput } from "@/lib/audit/event/input"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Hidden } from "./found"
import { JsonSearch, untilSettled } from "./hide-json"
import { mayNameInRecord, searchRecord } from "./hide-record"
import { mayHoldSecretInJson } from "./hide-text"
import { jsonIn } from "./json-shapes"
import { moreNamesOf } from "./secret-names"
import { currentFloor, type FloorTable, floorTable } from "./secrets"

/**
 * Returns an event without its secrets, and what was hidden. It is the same object when there was none. Hiding twice changes
 * nothing. When something was hidden, the original is not kept, and `rawWithheld` says so.
 */
export function hideInEvent(
  input: EventInput,
  version = currentFloor,
): { readonly event: EventInput; readonly hidden: readonly Hidden[] } {
  const { raw, ...content } = input
  const bytes = typeof raw === "string" ? Buffer.from(raw, "base64") : null
  const shown = hide({ content, raw: bytes, json: JSON.stringify(content) }, version)
  return { event: shown.hidden.length === 0 ? input : shown.content, hidden: shown.hidden }
}

/**
 * Returns false for an event without an original that holds no secret, after one look at its JSON: true is rare, and `hideInEvent` says
 * then what there is.
 */
export function mayHoldSecretInEvent(event: EventInput, json: string, version = currentFloor): boolean {
  const table = floorTable(version)
  if (table === null) return false
  // The cast: the members are JSON.
  return mayHoldSecretInJson(json, table) || mayNameInRecord(event as unknown as JsonObject, table)
}

/**
 * Returns the same for an event on its way into the ledger. `json` is any JSON text of its content: one look at it is nearly always
 * enough.
 */
export function hideInPrepared(prepared: PreparedEvent, json: string, version = currentFloor): PreparedEvent {
  const { content, hidden } = hide({ ...prepared, json }, version)
  return hidden.length === 0 ? prepared : { ...prepared, content, raw: null }
}

interface Searched<Content> {
  readonly content: Content
  readonly raw: Uint8Array | null
  readonly json: string
}

function hide<Content extends { readonly rawWithheld?: string | null }>(
  { content, raw, json }: Searched<Content>,
  version: number,
): { readonly content: Content; readonly hidden: readonly Hidden[] } {
  const table = floorTable(version)
  if (table === null) return { content, hidden: [] }
  let texts = mayHoldSecretInJson(json, table)
  if (!texts && raw === null && !mayNameInRecord(content as unknown as JsonObject, table)) {
    return { content, hidden: [] }
  }
  const hidden: Hidden[] = []
  // The casts: the members are JSON, and each keeps its type.
  const shown = untilSettled(content as unknown as JsonObject, each => {
    const search = new JsonSearch(table, none, texts)
    const result = searchRecord(search, each)
    hidden.push(...search.hidden)
    texts = true
    return result
  }) as unknown as Content
  if (raw !== null) hidden.push(...hiddenInOriginal(raw, table))
  if (hidden.length === 0) return { content, hidden }
  return { content: { ...shown, rawWithheld: noteOf(shown.rawWithheld, hidden, version) }, hidden }
}

const none = moreNamesOf([])

/** An original is searched as JSON where it is JSON, and else as text. */
function hiddenInOriginal(raw: Uint8Array, table: FloorTable): readonly Hidden[] {
  const decoded = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8")
  const text = decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded
  const value = jsonIn(text)
  const search = new JsonSearch(table, none, value === null || mayHoldSecretInJson(text, table))
  search.enter("raw")
  if (value === null) search.text(text)
  else search.free(value)
  // Of a name that an object has twice, only the last value is in what was parsed.
  if (value !== null && search.hidden.length === 0 && search.names !== namesIn(text)) search.quotedAgain(text)
  return search.hidden
}

/** Returns how many names the text of JSON has at most, unless there is a space before a colon. */
function namesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) count += 1
  return count
}

const mostKindsNamed = 8
/** What a reader accepts at most (`eventLimits.rawWithheldLength`). */
const longestNote = 512

function noteOf(before: string | null | undefined, hidden: readonly Hidden[], version: number): string {
  const kinds = [...new Set(hidden.map(({ kind }) => kind))].sort()
  const named = kinds.length > mostKindsNamed ? [...kinds.slice(0, mostKindsNamed), "and more"] : kinds
  const note = `A secret was hidden (${named.join(", ")}, rules ${version})`
  const both = before ? `${before}; ${note}` : note
  return both.length > longestNote ? note : both
}
