import { randomUUID } from "node:crypto"
import path from "node:path"
import type { AttemptLimit } from "@/lib/access/sign-in/attempts"
import { AppError } from "@/lib/errors"
import { type Done, operation, type ReadContext } from "@/lib/operations/core/operation"
import { OutboundError } from "@/lib/outbound/outbound"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import { outgoingEvents } from "@/lib/sinks/outgoing"
import { type Batch, SinkError, type Written } from "@/lib/sinks/sink"
import type { TestAnswer } from "./answers"
import { type Checked, checkWanted, kindNamed, refuseShared, type Wanted } from "./check"
import { type TestInput, testInput } from "./inputs"
import { isOnlyOrganization, sinkToChange } from "./read"
import { recordingOutbound } from "./recording"
import type { SinkRow } from "./row"
import { hideInText, shownBytes } from "./shown-bytes"
import { testEvent, testNumber } from "./test-event"
import { storedOf } from "./update"

const limit: AttemptLimit = { kind: "sink-test", most: 30, spanSeconds: 10 * 60 }
const longestMs = 25_000

/**
 * Sends one made-up event, marked as a test, and tells exactly what was sent and what was answered. Nothing of it is stored, and no event
 * of the log leaves. Throws AppError: `invalid` for a draft that could not be saved, `rate-limited`.
 */
export const testSink = operation({
  name: "sink.test",
  summary: "Sends one made-up event to a sink, saved or not, and tells what was sent and what was answered.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  recorded: true,
  input: testInput,
  run: async (context, input): Promise<Done<TestAnswer>> => {
    const { row, wanted, isOnly } = await wantedOf(context, input)
    refuseShared(wanted.kind, isOnly)
    const stored = row === null ? null : storedOf(context, wanted.kind, row)
    const checked = await checkWanted(context, wanted, host => ({
      credentials: stored === null ? {} : stored.credentials,
      sameHost: stored === null || stored.host === host,
    }))
    await countTest(context)
    const sink = { id: row?.id ?? randomUUID(), name: row?.name ?? "Test" }
    const value = await send(context, { kind: wanted.kind, checked, sink })
    return {
      value,
      event: {
        targets: row === null ? [] : [{ type: "sink", id: row.id, name: row.name }],
        description: `A test event was sent to a sink of the kind ${wanted.kind.name}.`,
        metadata: { kind: wanted.kind.name, host: checked.host, taken: value.taken },
      },
    }
  },
})

async function wantedOf(
  context: ReadContext,
  { id, draft }: TestInput,
): Promise<{ readonly row: SinkRow | null; readonly wanted: Wanted; readonly isOnly: boolean }> {
  const { row, isOnly } = await context.read(async work => ({
    row: id === undefined ? null : await sinkToChange({ ...context, ...work }, id),
    isOnly: await isOnlyOrganization(work.tx),
  }))
  const { redactIdentity, omit, format, query, settings } = draft ?? row ?? missing()
  const kind = kindNamed(context, row?.kind ?? draft?.kind ?? "")
  const credentials = draft?.credentials ?? {}
  return { row, isOnly, wanted: { kind, settings, credentials, query, format, redactIdentity, omit } }
}

function missing(): never {
  throw new AppError("internal", "A test of nothing.")
}

async function countTest({ attempts, organization, caller }: ReadContext): Promise<void> {
  const counted = await attempts.count(limit, { subject: organization.id, at: caller.at })
  if (counted.allowed) return
  throw new AppError("rate-limited", "Too many tests within ten minutes. Please try again later.", {
    retryAfterSeconds: counted.retryAfterSeconds,
  })
}

interface Sending {
  readonly kind: AnySinkKind
  readonly checked: Checked
  readonly sink: { readonly id: string; readonly name: string }
}

async function send(context: ReadContext, { kind, checked, sink }: Sending): Promise<TestAnswer> {
  const recording = recordingOutbound(context.outbound)
  const { settings, credentials } = checked
  const batch = batchOf(context, checked, sink)
  const words = Object.values(settings).filter(value => typeof value === "string")
  const began = performance.now()
  const ended = await attempt(kind, batch, {
    settings,
    credentials,
    outbound: recording.outbound,
    // Apart from the files of the sink itself, on which the worker may be working.
    directory: path.join(context.env.dataDirectory, "sinks", context.organization.id, `test-${sink.id}`),
    now: () => new Date(),
  })
  const durationMs = Math.round(performance.now() - began)
  const sent = recording.sent()
  const lines = batch.events.map(({ line }) => `${line}\n`).join("")
  const received = beginningOf(shownBytes(recording.received(), credentials, words))
  return {
    sent: sent.length > 0 || kind.reach === "network" ? shownBytes(sent, credentials, words) : lines,
    taken: ended.taken,
    durationMs,
    answer: answerText(hideInText(ended.words, credentials, words), received),
  }
}

/** An answer is shown up to this. */
const mostShownCharacters = 1_024

function beginningOf(text: string): string {
  return text.length <= mostShownCharacters ? text : `${text.slice(0, mostShownCharacters).toWellFormed()}…`
}

function answerText(words: string, received: string): string {
  const answer = received.trim()
  return answer === "" || words.includes(answer) ? words : `${words}\n${answer}`
}

interface Ended {
  readonly taken: boolean
  readonly words: string
}

async function attempt(
  kind: AnySinkKind,
  batch: Batch,
  opening: Parameters<AnySinkKind["open"]>[0],
): Promise<Ended> {
  const signal = AbortSignal.timeout(longestMs)
  try {
    const connection = await kind.open(opening)
    try {
      return endOf(await connection.write(batch, signal), kind)
    } finally {
      await connection.close()
    }
  } catch (error) {
    // Their messages are written for administrators.
    if (error instanceof SinkError || error instanceof OutboundError)
      return { taken: false, words: error.message }
    if (signal.aborted) return { taken: false, words: `There was no end within ${longestMs / 1000} seconds.` }
    throw error
  }
}

function endOf(written: Written, kind: AnySinkKind): Ended {
  const item =
    "all" in written
      ? written.all
      : (written.items[0] ?? { retry: "The answer said nothing about the event." })
  if (item === "taken") return { taken: true, words: `Taken. ${kind.proof}` }
  return { taken: false, words: "retry" in item ? item.retry : item.refused }
}

function batchOf({ organization, caller, env }: ReadContext, checked: Checked, sink: Sending["sink"]): Batch {
  const event = testEvent({ organizationId: organization.id, sink, caller, random: randomUUID })
  const events = outgoingEvents(checked, [event], {
    organization,
    baseUrl: env.baseUrl,
    appSlugs: new Map([[event.appId, "auditorium-test"]]),
  })
  return {
    id: randomUUID(),
    sink,
    organization,
    first: testNumber,
    past: testNumber + 1,
    events,
    at: caller.at,
  }
}
