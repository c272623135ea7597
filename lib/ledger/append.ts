import { randomBytes } from "node:crypto"
import { hideInPrepared } from "@/lib/audit/capture/floor"
import { currentFloor } from "@/lib/audit/capture/secrets"
import { completeContent, sameEvent } from "@/lib/audit/event/complete"
import type { AppendResult, EventContent, PreparedEvent } from "@/lib/audit/event/event"
import { isRepetition, type StoredEvent } from "@/lib/audit/event/repetition"
import { searchText, targetKeys } from "@/lib/audit/event/search-text"
import { inTurns } from "@/lib/audit/json/pace"
import { hashRaw, readBody, saltBytes, sealEvent } from "@/lib/audit/seal"
import { assertInstant, type Instant } from "@/lib/audit/time/instant"
import { instantText } from "@/lib/database/instant"
import { clockExpression } from "@/lib/database/transaction"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"

/**
 * Makes each event a numbered, sealed entry once the transaction commits, or returns why not: `duplicate` (the same event
 * is stored already) or `conflict` (its id belongs to another one). Results are in the order of the events. Secrets are hidden
 * before anything is sealed, for every producer. Locks the organization's log until the transaction ends, so call it last.
 */
export async function append(
  tx: Tx,
  organizationId: string,
  events: readonly PreparedEvent[],
): Promise<readonly AppendResult[]> {
  if (events.length === 0) return []
  const receivedAt = assertInstant(tx.beganAt ?? (await readClock(tx)))
  const firstById = new Map<string, number>()
  for (const [position, { content }] of events.entries()) {
    if (content.organizationId !== organizationId) {
      throw new AppError("internal", "An event was to be written to the log of another organization.")
    }
    if (!firstById.has(content.id)) firstById.set(content.id, position)
  }
  const distinct = events.filter(({ content }, position) => firstById.get(content.id) === position)
  const rows = await sealAll(distinct, receivedAt)
  const answers = await callAppend(tx, { organizationId, receivedAt, rows })
  const knownById = new Map(rows.map((row, position) => [row.content.id, { row, answer: answers[position] }]))
  const judged = events.map((event, position) => {
    const { row, answer } = knownById.get(event.content.id) ?? {}
    if (!row || !answer) throw new AppError("internal", "The ledger did not answer for an event.")
    if (answer.isNew && firstById.get(row.content.id) === position) return resultOf("accepted", row, answer)
    const arrival = firstById.get(row.content.id) === position ? row.event : hideSecrets(event)
    if (sameEvent(arrival, answer)) return resultOf("duplicate", row, answer)
    return { event, arrival, row, answer }
  })
  const repeated = await findRepetitions(
    tx,
    judged.flatMap(each => ("event" in each ? [each] : [])),
  )
  return judged.map(each => {
    if (!("event" in each)) return each
    return repeated.has(each.event)
      ? resultOf("duplicate", each.row, each.answer)
      : { outcome: "conflict", id: each.event.content.id }
  })
}

function resultOf(
  outcome: "accepted" | "duplicate",
  { content: { id } }: SealedRow,
  { index, leafHash }: Answer,
): AppendResult {
  return { outcome, id, index, leafHash: leafHash.toString("base64url") }
}

/** An event with a known id whose leaf differs from the stored one. */
interface Undecided {
  /** As it was sent. */
  readonly event: PreparedEvent
  /** Without its secrets. */
  readonly arrival: PreparedEvent
  /** The first event with that id in this call. */
  readonly row: SealedRow
  readonly answer: Answer
}

/** At most this many stored events are in memory at a time: each may have half a mebibyte. */
const loadedAtOnce = 16

/**
 * Returns the events that equal the stored one by what was sent, and those whose stored event has expired: then the id
 * decides.
 */
async function findRepetitions(tx: Tx, undecided: readonly Undecided[]): Promise<ReadonlySet<PreparedEvent>> {
  const repeated = new Set<PreparedEvent>()
  for (let start = 0; start < undecided.length; start += loadedAtOnce) {
    const some = undecided.slice(start, start + loadedAtOnce)
    const before = some.filter(({ answer }) => !answer.isNew)
    const stored = before.length === 0 ? null : await loadStored(tx, before)
    for (const one of some) {
      const known = one.answer.isNew ? one.row : stored?.get(one.event.content.id)
      if (!known || isRepetition(one.arrival, known) || isOlderRepetition(one, known)) repeated.add(one.event)
    }
  }
  return repeated
}

/**
 * Returns whether an event is the stored one again by what an older version of the tables of secrets made of it. Version 0 hid
 * nothing: it is that of the events from before there was one.
 */
function isOlderRepetition({ event, answer }: Undecided, known: StoredEvent): boolean {
  if (answer.isNew) return false
  for (let version = currentFloor - 1; version >= 0; version -= 1) {
    const older = hideSecrets(event, version)
    if (sameEvent(older, answer) || isRepetition(older, known)) return true
  }
  return false
}

function hideSecrets(event: PreparedEvent, version = currentFloor): PreparedEvent {
  return hideInPrepared(event, JSON.stringify(event.content), version)
}

// The entry gives the event's time, and that its one partition; OFFSET 0 keeps the look-ups separate.
const loadStatement = `
  SELECT entry.id, event.body, event.raw
  FROM (SELECT organization_id, id, occurred_at FROM ledger.visible_entry WHERE id = ANY($1::uuid[]) OFFSET 0) entry
  CROSS JOIN LATERAL (
    SELECT body, raw FROM ledger.visible_event e
    WHERE e.organization_id = entry.organization_id AND e.occurred_at = entry.occurred_at AND e.id = entry.id OFFSET 0
  ) event`

async function loadStored(
  tx: Tx,
  undecided: readonly Undecided[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const ids = [...new Set(undecided.map(({ event }) => event.content.id))]
  const rows = await tx.query<{ id: string; body: string; raw: Uint8Array | null }>(loadStatement, [ids])
  return new Map(rows.map(({ id, body, raw }) => [id, { content: readBody(body), raw }]))
}

/** What the ledger stores under an id. */
interface Answer {
  readonly isNew: boolean
  readonly index: number
  readonly leafHash: Buffer
  readonly salt: Buffer
  readonly receivedAt: Instant
}

interface SealedRow {
  /** Without its secrets. */
  readonly event: PreparedEvent
  readonly content: EventContent
  readonly body: string
  readonly leafHash: Buffer
  readonly salt: Buffer
  readonly raw: Uint8Array | null
}

/** A row with its columns as JSON text. */
interface WrittenRow extends SealedRow {
  readonly columns: string
}

/** In steps: sealing a large batch takes longer than others should wait. */
async function sealAll(
  events: readonly PreparedEvent[],
  receivedAt: Instant,
): Promise<readonly WrittenRow[]> {
  const pace = inTurns()
  const salts = randomBytes(saltBytes * events.length)
  const rows: WrittenRow[] = []
  for (const [position, event] of events.entries()) {
    const salt = salts.subarray(position * saltBytes, (position + 1) * saltBytes)
    const row = sealOne(event, receivedAt, salt)
    rows.push({ ...row, columns: JSON.stringify(columnsOf(row)) })
    await pace.spend(row.body.length + (event.raw?.length ?? 0))
  }
  return rows
}

/** The text that is sealed is the one in which secrets are looked for; with one in it, the event is sealed again without. */
function sealOne(event: PreparedEvent, receivedAt: Instant, salt: Buffer): SealedRow {
  const seal = (prepared: PreparedEvent): SealedRow => {
    const content = completeContent(prepared.content, receivedAt)
    const { leafHash, body } = sealEvent(content, hashRaw(prepared.raw), salt)
    return { event: prepared, content, body, leafHash: Buffer.from(leafHash), salt, raw: prepared.raw }
  }
  const sealed = seal(event)
  const hidden = hideInPrepared(event, sealed.body)
  return hidden === event ? sealed : seal(hidden)
}

async function readClock(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ now: string }>(`SELECT ${clockExpression} AS now`)
  return row?.now ?? ""
}

interface AppendCall {
  readonly organizationId: string
  readonly receivedAt: Instant
  readonly rows: readonly WrittenRow[]
}

interface AppendRow {
  readonly ordinal: number
  readonly index: number
  /** Null for a new event, whose seal is known. */
  readonly leaf_hash: string | null
  readonly salt: string
  readonly received_at: string
}

// The values of a new event are known here already; only for an existing one does the statement return the parts of the
// seal.
const appendStatement = `
  SELECT ordinal::integer, index,
    CASE outcome WHEN 'exists' THEN encode(leaf_hash, 'hex') END AS leaf_hash,
    CASE outcome WHEN 'exists' THEN encode(salt, 'hex') END AS salt,
    CASE outcome WHEN 'exists' THEN ${instantText("first_received_at")} END AS received_at
  FROM ledger.append($1::uuid, $2::timestamptz, $3::json)`

/** Returns one answer for each row, in their order. */
async function callAppend(
  tx: Tx,
  { organizationId, receivedAt, rows }: AppendCall,
): Promise<readonly Answer[]> {
  const given = `[${rows.map(({ columns }) => columns).join()}]`
  const found = await tx.query<AppendRow>(appendStatement, [organizationId, receivedAt, given])
  const answers: Answer[] = new Array(rows.length)
  for (const row of found) {
    const own = rows[row.ordinal - 1]
    if (!own) continue
    answers[row.ordinal - 1] =
      row.leaf_hash === null
        ? { isNew: true, index: row.index, leafHash: own.leafHash, salt: own.salt, receivedAt }
        : {
            isNew: false,
            index: row.index,
            leafHash: Buffer.from(row.leaf_hash, "hex"),
            salt: Buffer.from(row.salt, "hex"),
            receivedAt: assertInstant(row.received_at),
          }
  }
  return answers
}

/** Not null: an event without the column is one of an earlier version. */
const noOperationCode = 0

/** The names are the columns of `ledger.event`, as `ledger.append` reads them. */
function columnsOf({ content, body, leafHash, salt, raw }: SealedRow): Readonly<Record<string, unknown>> {
  return {
    id: content.id,
    app_id: content.appId,
    occurred_at: content.occurredAt,
    operation: content.operation,
    status: content.status,
    actor_id: content.actor.id,
    source_ip: content.source?.ip,
    target_keys: targetKeys(content.targets),
    request_id: content.requestId,
    search_text: searchText(content),
    leaf_hash: byteaText(leafHash),
    salt: byteaText(salt),
    body,
    raw: raw === null ? undefined : byteaText(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)),
    operation_code: content.operationCode ?? noOperationCode,
  }
}

function byteaText(bytes: Buffer): string {
  return `\\x${bytes.toString("hex")}`
}
