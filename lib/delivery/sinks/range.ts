import type { AuditEvent } from "@/lib/audit/event/event"
import type { Tx } from "@/lib/database/tx"
import { type RecordedEntry, readRecorded } from "@/lib/ledger/read"
import { outgoingEvents } from "@/lib/sinks/outgoing"
import type { OutgoingEvent } from "@/lib/sinks/sink"
import { howManyFit } from "./batch"
import { firstReceivedFrom, logSize } from "./cursors"
import { type DeliverableSink, readApps, type SinkParts } from "./source"

/** More text than this is never read at once, whatever a kind would take. */
export const mostBytesRead = 8 * 1024 * 1024
/** So many ranges without an event for the sink are passed over in one transaction. */
const mostPassedRanges = 20

/** What is next for a cursor. `first` is where it is then; what was passed over before that is counted. */
export type Next = Passed &
  (
    | SendRange
    /** Nothing of what was read is for the sink; there may be more. */
    | { readonly kind: "more" }
    /** There is not enough for a batch yet. */
    | { readonly kind: "wait"; readonly until: Date; readonly fullAtSize: number }
    | { readonly kind: "nothing" }
  )

export interface Passed {
  readonly first: number
  readonly passedOver: number
  readonly missed: number
}

/** A range with events to send. */
export interface SendRange {
  readonly kind: "send"
  readonly past: number
  readonly events: readonly OutgoingEvent[]
  /** The numbers in the range whose events have expired. */
  readonly expired: readonly number[]
  /** The length of what is sent, as lines of text. */
  readonly bytes: number
  /** The length of the texts that were read. */
  readonly read: number
}

/** Where a cursor is. */
export interface Place {
  readonly nextIndex: number
  readonly past: number | null
  readonly sendingPast: number | null
  readonly beginsAt: Date | null
}

export interface Looking {
  readonly tx: Tx
  readonly sink: DeliverableSink
  readonly parts: SinkParts
  readonly at: Date
}

/**
 * Returns what is next. A range that was being sent is the same again. A new one ends where the next event would be one too many, or
 * would make the batch too large; events that the sink does not get are passed over.
 */
export async function nextRange(place: Place, looking: Looking): Promise<Next> {
  const { tx, sink } = looking
  const begun =
    place.beginsAt === null ? place.nextIndex : await firstReceivedFrom(tx, place.beginsAt, await logSize(tx))
  const waiting = await waitingFor(place, begun, looking)
  let passed: Passed = { first: begun, passedOver: 0, missed: 0 }
  if (waiting !== null) return { ...waiting, ...passed }
  for (let round = 0; round < mostPassedRanges; round++) {
    const isSame = round === 0 && place.sendingPast !== null
    const entries = await readRange(place, passed.first, isSame, looking)
    const last = entries.at(-1)
    if (last === undefined) return endOf(place, passed)
    const wanted = entries.flatMap(({ event }) => (event !== null && sink.takes(event) ? [event] : []))
    if (wanted.length > 0) return { ...passed, ...(await sendRange(entries, wanted, isSame, looking)) }
    const missed = entries.filter(({ event }) => event === null).length
    passed = {
      first: last.index + 1,
      passedOver: passed.passedOver + entries.length - missed,
      missed: passed.missed + missed,
    }
  }
  return { kind: "more", ...passed }
}

function readRange(
  { past, sendingPast }: Place,
  first: number,
  isSame: boolean,
  { tx, sink }: Looking,
): Promise<readonly RecordedEntry[]> {
  if (isSame && sendingPast !== null) return readRecorded(tx, { first, past: sendingPast })
  const { mostEvents, mostBytes } = sink.kind.batching(sink.settings)
  const end = Math.min(past ?? Number.MAX_SAFE_INTEGER, first + mostEvents)
  if (end <= first) return Promise.resolve([])
  return readRecorded(tx, { first, past: end }, Math.min(mostBytes, mostBytesRead))
}

/** The entries become larger or smaller by their format, so a new range may end earlier than what was read. */
async function sendRange(
  entries: readonly RecordedEntry[],
  wanted: readonly AuditEvent[],
  isSame: boolean,
  looking: Looking,
): Promise<SendRange> {
  const { kind, settings } = looking.sink
  const outgoing = await outgoingOf(wanted, looking)
  const sizes = outgoing.map(({ line }) => Buffer.byteLength(line))
  const count = isSame ? outgoing.length : howManyFit(sizes, kind.batching(settings).mostBytes)
  const past = outgoing[count]?.event.index ?? (entries.at(-1)?.index ?? 0) + 1
  const expired = entries.filter(({ event, index }) => event === null && index < past)
  return {
    ...{ kind: "send", past, events: outgoing.slice(0, count) },
    expired: expired.map(({ index }) => index),
    bytes: sum(sizes.slice(0, count)),
    read: sum(entries.map(({ bytes }) => bytes)),
  }
}

/** A replay whose numbers are not there is over, whatever became of them. */
function endOf({ past }: Place, passed: Passed): Next {
  if (past === null || passed.first >= past) return { kind: "nothing", ...passed }
  return { kind: "nothing", ...passed, first: past, missed: passed.missed + past - passed.first }
}

/** Returns until when a batch waits that is not full; null when it leaves now. */
async function waitingFor(place: Place, first: number, { tx, sink, at }: Looking) {
  const { least, longestWaitMs } = sink.kind.batching(sink.settings)
  if (least <= 1 || longestWaitMs <= 0 || place.past !== null || place.sendingPast !== null) return null
  if ((await logSize(tx)) - first >= least) return null
  const [oldest] = await tx.query<{ received: number }>(
    `SELECT floor(extract(epoch FROM received_at) * 1000)::float8 AS received FROM ledger.visible_entry WHERE index = $1::bigint`,
    [first],
  )
  if (oldest === undefined) return null
  const until = new Date(oldest.received + longestWaitMs)
  return until <= at ? null : { kind: "wait" as const, until, fullAtSize: first + least }
}

/** Returns the events as they leave. */
export async function outgoingOf(
  events: readonly AuditEvent[],
  { tx, sink, parts }: Looking,
): Promise<readonly OutgoingEvent[]> {
  const { organization } = sink
  const apps = await readApps(tx, organization.id)
  const appSlugs = new Map(apps.map(({ id, slug }) => [id, slug]))
  return outgoingEvents(sink, events, { organization, baseUrl: parts.baseUrl, appSlugs })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
