import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import { csvHeader, type StoredEvent, storedCsvRow } from "@/lib/audit/csv"
import type { AuditEvent } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { inTurns } from "@/lib/audit/json/pace"
import { describeQuery } from "@/lib/audit/query/describe"
import type { Window } from "@/lib/audit/query/selection"
import { writeQuery } from "@/lib/audit/query/write"
import {
  addMicroseconds,
  epochMicroseconds,
  type Instant,
  instantFromEpochMicroseconds,
} from "@/lib/audit/time/instant"
import { localAt } from "@/lib/audit/time/zone"
import { AppError } from "@/lib/errors"
import type { Leave } from "@/lib/memory/shares"
import { isRefusal, refuseIfNoLonger } from "@/lib/operations/core/as-of-now"
import { invalidInput } from "@/lib/operations/core/input"
import {
  type About,
  type Done,
  type Outcome,
  operation,
  type ReadContext,
} from "@/lib/operations/core/operation"
import { logFirst } from "@/lib/operations/core/unrecorded"
import { queryInput, type ResolvedQuery, resolveQuery } from "./resolve-query"

/** `csv` is a copy for spreadsheets; `jsonl` is the evidence: every event exactly as it is stored, one per line. */
export const exportFormats = ["csv", "jsonl"] as const
export type ExportFormat = (typeof exportFormats)[number]

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
}

/** After this time without a read, the reader is taken to have disconnected, and the export ends. */
export const exportPatienceMs = 60_000

/**
 * A file being sent. Reading starts when `chunks` is called, and stops when the signal aborts. It occupies one of the
 * places for exports until its chunks end, or for `exportPatienceMs` if `chunks` is never called.
 */
export interface EventExport {
  readonly fileName: string
  readonly contentType: string
  /** The query in words. */
  readonly inWords: readonly string[]
  readonly format: ExportFormat
  readonly query: string
  readonly chunks: (signal: AbortSignal) => AsyncGenerator<string>
}

/** Thrown into the chunks of an export that was not read for `exportPatienceMs`. */
export class NotTaken extends AppError {
  constructor() {
    super("timeout", `Nothing of the export was read for ${exportPatienceMs / 1000} seconds.`)
  }
}

/**
 * Exports every event of a query, in its order. One event is written before the first byte leaves; a second one gives
 * the number of exported events when it ends, the reader disconnects or the permission is removed.
 */
export const exportEvents = operation({
  name: "event.export",
  summary: "Exports every event of a question as CSV or JSON Lines.",
  permission: "LOG-EXPORT",
  effect: "read",
  recorded: true,
  input: z.strictObject({
    format: z.enum(exportFormats, `must be one of ${exportFormats.join(", ")}`).default("csv"),
    query: queryInput,
  }),
  run: async (context, { format, query: input }): Promise<Done<EventExport>> => {
    const resolved = await resolveQuery(context, input)
    if (resolved.after)
      throw invalidInput([{ pointer: "/cursor", message: "means a page; an export has none" }])
    const inWords = describeQuery(resolved.query, resolved.apps)
    const query = writeQuery(resolved.query).toString()
    const about = aboutExport({ format, inWords, query })
    const place = takePlace(context)
    const value = {
      fileName: fileName(context.organization.slug, resolved.selection.window, {
        zone: resolved.query.zone,
        format,
      }),
      contentType: contentTypes[format],
      ...{ inWords, format, query },
      chunks: (signal: AbortSignal) =>
        begun(countedLines(context, { resolved, format, about, signal, place })),
    }
    return { value, event: about }
  },
})

function aboutExport({ format, inWords, query }: Pick<EventExport, "format" | "inWords" | "query">): About {
  return {
    targets: [],
    details: inWords.slice(0, eventLimits.detailCount).map(sentence),
    metadata: { owasp: "sensitive_read", phase: "started", format, query },
  }
}

// A very long query does not fit into the sentences of an event; its metadata holds all of it.
function sentence(words: string): string {
  if (words.length <= eventLimits.detailLength) return words
  return `${[...words].slice(0, eventLimits.detailLength / 2 - 1).join("")}…`
}

/** A place among the concurrent exports. */
interface Place {
  /** Marks the start of reading: the place is occupied until it is released. */
  readonly keep: () => void
  readonly leave: Leave
}

function takePlace({ organization, exports, env }: ReadContext): Place {
  const leave = exports.take(organization.id)
  if (typeof leave !== "function") throw tooManyExports(leave, env)
  const lapse = setTimeout(leave, exportPatienceMs)
  lapse.unref()
  return { keep: () => clearTimeout(lapse), leave }
}

function tooManyExports(
  taken: "own" | "all",
  { exportLimit, exportLimitPerOrganization: own }: ReadContext["env"],
): AppError {
  const message =
    taken === "own"
      ? `${own === 1 ? "One export" : `${own} exports`} of this organization ${own === 1 ? "is" : "are"} running, and no more may run at once. Please try again when one has ended.`
      : `All ${exportLimit} exports that may run at once are running. Please try again in a moment.`
  return new AppError("rate-limited", message, { retryAfterSeconds: 10 })
}

/**
 * Returns the chunks with their first step done, which reads nothing: from then on their end is recorded, however
 * early it is.
 */
function begun(chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  void chunks.next()
  return chunks
}

interface Work {
  readonly resolved: ResolvedQuery
  readonly format: ExportFormat
  readonly about: About
  readonly signal: AbortSignal
  readonly place: Place
}

async function* countedLines(
  context: ReadContext,
  { resolved, format, about, signal, place }: Work,
): AsyncGenerator<string> {
  let events = 0
  let ended: Outcome = endings.left
  let unrecorded: ReturnType<typeof logFirst> | undefined
  place.keep()
  try {
    yield ""
    const apps = new Map(resolved.apps.map(app => [app.id, app]))
    if (format === "csv") yield csvHeader()
    for await (const batch of context.store.streamStored(context.scope, resolved.selection, signal)) {
      // A reader may take hours, so the permission is checked with every batch, in parallel with writing it.
      const [text] = await Promise.all([
        format === "csv" ? csvLines(batch, apps) : jsonLines(context, batch),
        refuseIfNoLonger(exportEvents, context.caller),
      ])
      events += batch.length
      yield text
    }
    if (!signal.aborted) ended = endings.whole
  } catch (error) {
    if (error instanceof NotTaken) ended = endings.notTaken
    else if (isRefusal(error)) ended = { status: "denied", statusMessage: error.message }
    else if (!signal.aborted) ended = endings.broken
    unrecorded = logFirst(exportEvents, context.caller, error)
    throw error
  } finally {
    place.leave()
    const metadata = { ...about.metadata, phase: "ended", events }
    await context
      .record({ ...about, description: "Audit log export ended", metadata }, ended)
      .catch(unrecorded)
  }
}

const endings = {
  whole: { status: "success" },
  broken: { status: "failure", statusMessage: "The export broke off." },
  left: { status: "failure", statusMessage: "The reader stopped before the end." },
  notTaken: {
    status: "failure",
    statusMessage: `The reader took nothing for ${exportPatienceMs / 1000} seconds, so the export was ended.`,
  },
} as const satisfies Record<string, Outcome>

async function csvLines(batch: readonly StoredEvent[], apps: ReadonlyMap<string, AppRef>): Promise<string> {
  const pace = inTurns()
  let text = ""
  for (const event of batch) {
    text += storedCsvRow(event, apps)
    await pace.spend(event.body.length / unitsOfCopying)
  }
  return text
}

/** Copying a character costs a fraction of reading one for the first time. */
const unitsOfCopying = 16

/** Every line is the stored text, followed by what the ledger added and the original bytes. */
async function jsonLines({ scope, store }: ReadContext, batch: readonly StoredEvent[]): Promise<string> {
  const imported = batch.flatMap(importedOf)
  const raws = imported.length === 0 ? null : await store.findRaw(scope, imported)
  let text = ""
  for (const { body, index, leafHash } of batch) {
    const [id] = raws === null ? [] : importedOf({ body }).map(event => event.id)
    const raw = id === undefined ? undefined : raws?.get(id)
    const original = raw === undefined ? "" : `,"raw":"${Buffer.from(raw).toString("base64")}"`
    text += `${body.slice(0, body.lastIndexOf("}"))},"index":${index},"leafHash":"${leafHash}"${original}}\n`
  }
  return text
}

/** The event when original bytes may be stored for it; an object is created only for events that name a format. */
function importedOf({ body }: Pick<StoredEvent, "body">): readonly AuditEvent[] {
  if (!body.includes('"rawFormat"')) return []
  const event: AuditEvent = JSON.parse(body)
  return event.rawFormat !== undefined && event.rawWithheld === undefined ? [event] : []
}

function fileName(
  slug: string,
  window: Window,
  { zone, format }: { zone: string; format: ExportFormat },
): string {
  return `audit-log_${slug}_${daysOf(window, zone)}.${format}`
}

/** The first and the last day in the zone of the query; `all` stands for the limits of what can be stored. */
function daysOf({ from, before }: Window, zone: string): string {
  const first = from <= "1970-01-01T00:00:00.000000Z" ? null : dayOf(from, zone)
  const last = before >= "2200-01-01T00:00:00.000000Z" ? null : dayOf(addMicroseconds(before, -1), zone)
  if (first === null && last === null) return "all"
  if (first === null) return `until_${last}`
  return last === null ? `from_${first}` : `${first}_${last}`
}

function dayOf(instant: Instant, zone: string): string {
  const local = localAt(zone, Number(epochMicroseconds(instant)))
  return instantFromEpochMicroseconds(BigInt(local)).slice(0, 10)
}
