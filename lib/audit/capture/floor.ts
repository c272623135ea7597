import { Buffer } from "node:buffer"
import type { PreparedEvent } from "@/lib/audit/event/event"
import type { EventInput } from "@/lib/audit/event/input"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Hidden } from "./found"
import { JsonSearch } from "./hide-json"
import { EventSearch } from "./hide-record"
import { moreNamesOf } from "./secret-names"
import { currentFloor, floorTable } from "./secrets"

/**
 * Returns an event without its secrets, and what was hidden. It is the same object when there was none. Hiding twice changes
 * nothing. When something was hidden, the original is not kept, and `rawWithheld` says so.
 */
export function hideInEvent(
  input: EventInput,
  version = currentFloor,
): { readonly event: EventInput; readonly hidden: readonly Hidden[] } {
  const { raw, ...members } = input
  const bytes = typeof raw === "string" ? Buffer.from(raw, "base64") : null
  const { content, hidden } = hide(members, bytes, version)
  return hidden.length === 0 ? { event: input, hidden } : { event: content, hidden }
}

/** Returns the same for an event on its way into the ledger. */
export function hideInPrepared(prepared: PreparedEvent, version = currentFloor): PreparedEvent {
  const { content, hidden } = hide(prepared.content, prepared.raw, version)
  return hidden.length === 0 ? prepared : { ...prepared, content, raw: null }
}

function hide<Content extends { readonly rawWithheld?: string | null }>(
  content: Content,
  raw: Uint8Array | null,
  version: number,
): { readonly content: Content; readonly hidden: readonly Hidden[] } {
  const table = floorTable(version)
  if (table === null) return { content, hidden: [] }
  const search = new JsonSearch(table, moreNamesOf([]))
  // The cast: the members are JSON, and each keeps its type.
  const shown = new EventSearch(search).record(content as unknown as JsonObject) as unknown as Content
  if (raw !== null) searchOriginal(raw, search)
  const { hidden } = search
  if (hidden.length === 0) return { content, hidden }
  return { content: { ...shown, rawWithheld: noteOf(shown.rawWithheld, hidden, version) }, hidden }
}

/** An original is searched as JSON where it is JSON, and else as text. */
function searchOriginal(raw: Uint8Array, search: JsonSearch): void {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8")
  search.at("raw", () => search.freeText(text.startsWith("\ufeff") ? text.slice(1) : text))
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
