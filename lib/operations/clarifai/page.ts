import type { AuditEvent } from "@/lib/audit/event/event"
import type { TimeSelection } from "@/lib/audit/query/selection"
import type { Position } from "@/lib/audit/store"
import { tooDeep } from "@/lib/clarifai/too-deep"
import type { WalkName } from "@/lib/memory/walks"
import type { ReadContext } from "@/lib/operations/core/operation"

/** A page by its number. */
export interface NumberedPage {
  readonly selection: TimeSelection
  /** What it is remembered by. */
  readonly name: WalkName
  /** From 1. */
  readonly page: number
  readonly perPage: number
  /** The number of events before it. */
  readonly skip: number
}

/** Events are read so many at a time: a page of a thousand large ones would not fit into memory together. */
const readAtOnce = 200

/**
 * Returns the page: in the order of a reading of a short while ago (`lib/memory/walks.ts`) that is the page after the one that it served,
 * whatever was recorded since; else as of now. Throws `tooDeep` when a bounded search ended before the page was full: a page that is not
 * full is always the last one.
 */
export async function readPage<Entry>(
  context: ReadContext,
  { selection, name, page, perPage, skip }: NumberedPage,
  entryOf: (event: AuditEvent) => Entry,
): Promise<readonly Entry[]> {
  const { walks, scope, store } = context
  const nowMs = context.caller.at.getTime()
  const walk = walks.find(name, page, nowMs)
  const fixed: TimeSelection = { ...selection, asOf: walk?.asOf ?? null }
  const known = page === 1 ? undefined : walk?.endOf(page - 1)
  // The page before was the last one.
  if (known === null) return []
  const at = known || page === 1 ? null : await store.positionAt(scope, fixed, skip)
  if (at?.kind === "stopped") throw stopped()
  if (at?.kind === "beyond") return []
  const from = { after: known ?? at?.position ?? null, asOf: at?.asOf ?? fixed.asOf }
  const reading = { selection: { ...fixed, asOf: from.asOf }, after: from.after, limit: perPage }
  const read = await readEvents(context, reading, entryOf)
  walks.keep(name, walk, { page, asOf: read.asOf, end: read.end }, nowMs)
  return read.entries
}

interface Reading {
  readonly selection: TimeSelection
  readonly after: Position | null
  readonly limit: number
}

interface Read<Entry> {
  readonly entries: readonly Entry[]
  /** Null when nothing follows. */
  readonly end: Position | null
  readonly asOf: number
}

async function readEvents<Entry>(
  { scope, store }: ReadContext,
  { selection, after, limit }: Reading,
  entryOf: (event: AuditEvent) => Entry,
): Promise<Read<Entry>> {
  const entries: Entry[] = []
  let [end, asOf] = [after, selection.asOf]
  for (;;) {
    const wanted = Math.min(readAtOnce, limit - entries.length)
    const found = await store.search(scope, { ...selection, asOf }, { limit: wanted, after: end })
    entries.push(...found.events.map(entryOf))
    end = found.next
    asOf = found.asOf
    if (end === null || entries.length === limit) return { entries, end, asOf }
    if (found.searchedBackTo !== null) throw stopped()
  }
}

function stopped(): Error {
  return tooDeep("The search looked at as many entries as one request may, before the page was full.")
}
