import { z } from "zod"
import type { AppRef } from "@/lib/access/principal"
import { csvHeader, csvRow } from "@/lib/audit/csv"
import type { AuditEvent } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { describeQuestion } from "@/lib/audit/query/describe"
import type { Scope, Window } from "@/lib/audit/query/query"
import { writeQuery } from "@/lib/audit/query/write"
import { AppError } from "@/lib/errors"
import { isRefusal, refuseIfNoLonger } from "@/lib/operations/as-of-now"
import { invalidInput } from "@/lib/operations/input"
import { type About, type Outcome, operation, type ReadContext } from "@/lib/operations/operation"
import { onePerPlatform, platform } from "@/lib/platform"
import { type Leave, shares } from "@/lib/shares"
import { type Asked, ask, questionInput } from "./question"

/** `csv` is a copy for spreadsheets; `jsonl` is the evidence: every event exactly as it is kept, a line each. */
export const exportFormats = ["csv", "jsonl"] as const
export type ExportFormat = (typeof exportFormats)[number]

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
}

/** A reader who takes nothing for so long has left without a word, and the export ends. */
export const exportPatienceMs = 60_000

/**
 * A file on its way. Nothing is read before `chunks` is called, and reading stops when the signal aborts. It has one of the places
 * for exports until its chunks end; were they not called for, it would lose the place after `exportPatienceMs`.
 */
export interface EventExport {
  readonly fileName: string
  readonly contentType: string
  /** What was asked, in words. */
  readonly inWords: readonly string[]
  readonly format: ExportFormat
  readonly query: string
  readonly chunks: (signal: AbortSignal) => AsyncGenerator<string>
}

/** Thrown into the chunks of an export whose reader takes nothing for `exportPatienceMs`. */
export class NotTaken extends AppError {
  constructor() {
    super("timeout", `Nothing of the export was read for ${exportPatienceMs / 1000} seconds.`)
  }
}

/**
 * Exports every event of a question, in its order. Its event is written before the first byte leaves, and a second one says
 * how many events were handed out, when the last byte was, when the reader went away, or when the permission did.
 */
export const exportEvents = operation({
  name: "event.export",
  summary: "Exports every event of a question as CSV or JSON Lines.",
  permission: "LOG-EXPORT",
  effect: "read",
  input: z.strictObject({
    format: z.enum(exportFormats, `must be one of ${exportFormats.join(", ")}`).default("csv"),
    question: questionInput,
  }),
  run: async (context, { format, question: input }): Promise<EventExport> => {
    const asked = await ask(context, input)
    if (asked.after) throw invalidInput([{ pointer: "/cursor", message: "means a page; an export has none" }])
    const inWords = describeQuestion(asked.question, asked.apps)
    const query = writeQuery(asked.question).toString()
    const about = aboutExport({ format, inWords, query })
    const place = takePlace(context.organization.id)
    return {
      fileName: fileName(context.organization.slug, asked.query.window, format),
      contentType: contentTypes[format],
      ...{ inWords, format, query },
      chunks: signal => begun(countedLines(context, { asked, format, about, signal, place })),
    }
  },
  about: (_, output) => aboutExport(output),
})

function aboutExport({ format, inWords, query }: Pick<EventExport, "format" | "inWords" | "query">): About {
  return {
    targets: [],
    details: inWords.slice(0, eventLimits.detailCount).map(sentence),
    metadata: { owasp: "sensitive_read", phase: "started", format, query },
  }
}

// Very long questions do not fit into sentences of an event; the query in its metadata says them whole.
function sentence(words: string): string {
  if (words.length <= eventLimits.detailLength) return words
  return `${[...words].slice(0, eventLimits.detailLength / 2 - 1).join("")}…`
}

const placesOf = onePerPlatform("exports", ({ env }) =>
  shares({ total: env.exportLimit, each: env.exportLimitPerOrganization }),
)

/** A place among the exports that run at once. */
interface Place {
  /** The reading begins: from here on the place is kept until it is left. */
  readonly keep: () => void
  readonly leave: Leave
}

function takePlace(organizationId: string): Place {
  const leave = placesOf(platform()).take(organizationId)
  if (typeof leave !== "function") throw tooManyExports(leave)
  const lapse = setTimeout(leave, exportPatienceMs)
  lapse.unref()
  return { keep: () => clearTimeout(lapse), leave }
}

function tooManyExports(taken: "own" | "all"): AppError {
  const { exportLimit, exportLimitPerOrganization: own } = platform().env
  const message =
    taken === "own"
      ? `${own === 1 ? "One export" : `${own} exports`} of this organization ${own === 1 ? "is" : "are"} running, and no more may run at once. Please try again when one has ended.`
      : `All ${exportLimit} exports that may run at once are running. Please try again in a moment.`
  return new AppError("rate-limited", message, { retryAfterSeconds: 10 })
}

/** Returns the chunks with their first step made, which reads nothing: from then on their end is recorded, however early. */
function begun(chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  void chunks.next()
  return chunks
}

interface Work {
  readonly asked: Asked
  readonly format: ExportFormat
  readonly about: About
  readonly signal: AbortSignal
  readonly place: Place
}

async function* countedLines(
  context: ReadContext,
  { asked, format, about, signal, place }: Work,
): AsyncGenerator<string> {
  let events = 0
  let ended: Outcome = endings.left
  place.keep()
  try {
    yield ""
    const apps = new Map(asked.apps.map(app => [app.id, app]))
    if (format === "csv") yield csvHeader()
    for await (const batch of platform().store.stream(context.scope, asked.query, signal)) {
      // A reader may take hours, so that the right to read is asked for anew with every batch, beside the writing of it.
      const [text] = await Promise.all([
        format === "csv" ? csvLines(batch, apps) : jsonLines(context.scope, batch),
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
    throw error
  } finally {
    place.leave()
    await context.record(
      {
        ...about,
        description: "Audit log export ended",
        metadata: { ...about.metadata, phase: "ended", events },
      },
      ended,
    )
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

function csvLines(batch: readonly AuditEvent[], apps: ReadonlyMap<string, AppRef>): string {
  let text = ""
  for (const event of batch) text += csvRow(event, apps)
  return text
}

async function jsonLines(scope: Scope, batch: readonly AuditEvent[]): Promise<string> {
  const imported = batch.filter(event => event.rawFormat !== undefined && event.rawWithheld === undefined)
  const raws = imported.length === 0 ? null : await platform().store.findRaw(scope, imported)
  let text = ""
  for (const event of batch) {
    const raw = raws?.get(event.id)
    text += `${JSON.stringify(raw ? { ...event, raw: Buffer.from(raw).toString("base64") } : event)}\n`
  }
  return text
}

function fileName(slug: string, { from, before }: Window, format: ExportFormat): string {
  return `audit-log_${slug}_${from.slice(0, 10)}_${before.slice(0, 10)}.${format}`
}
