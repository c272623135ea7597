import { randomBytes } from "node:crypto"
import { completeContent, sameEvent } from "@/lib/audit/event/complete"
import type { AppendResult, EventContent, PreparedEvent } from "@/lib/audit/event/event"
import { searchText, targetKeys } from "@/lib/audit/event/search-text"
import { hashRaw, saltBytes, sealEvent } from "@/lib/audit/seal"
import { assertInstant, type Instant } from "@/lib/audit/time/instant"
import type { Tx } from "./db"
import { clockExpression } from "./db-transaction"
import { AppError } from "./errors"

/**
 * Promise: each event is a numbered, sealed fact once the transaction commits, or the answer says why it is not: `duplicate` (the
 * very same event is there already) or `conflict` (its id stands for another one). Answers are in the order of the events. Locks
 * the organization's log until the transaction ends, so call it last.
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
  const answers = await callAppend(tx, { organizationId, receivedAt, rows: sealAll(distinct, receivedAt) })
  const answerById = new Map(distinct.map(({ content }, position) => [content.id, answers[position]]))
  return events.map((event, position) => {
    const { id } = event.content
    const answer = answerById.get(id)
    if (!answer) throw new AppError("internal", "The ledger did not answer for an event.")
    return resultOf(event, answer, firstById.get(id) === position)
  })
}

/** What the ledger has under an id. */
interface Answer {
  readonly isNew: boolean
  readonly index: number
  readonly leafHash: Buffer
  readonly salt: Buffer
  readonly receivedAt: Instant
}

interface SealedRow {
  readonly content: EventContent
  readonly body: string
  readonly leafHash: Buffer
  readonly salt: Buffer
  readonly raw: Uint8Array | null
}

function sealAll(events: readonly PreparedEvent[], receivedAt: Instant): readonly SealedRow[] {
  const salts = randomBytes(saltBytes * events.length)
  return events.map((event, position) => {
    const salt = salts.subarray(position * saltBytes, (position + 1) * saltBytes)
    const content = completeContent(event.content, receivedAt)
    const { leafHash, body } = sealEvent(content, hashRaw(event.raw), salt)
    return { content, body, leafHash: Buffer.from(leafHash), salt, raw: event.raw }
  })
}

async function readClock(tx: Tx): Promise<string> {
  const [row] = await tx.query<{ now: string }>(`SELECT ${clockExpression} AS now`)
  return row?.now ?? ""
}

interface AppendCall {
  readonly organizationId: string
  readonly receivedAt: Instant
  readonly rows: readonly SealedRow[]
}

interface AppendRow {
  readonly ordinal: number
  readonly index: number
  /** Null for a new event, whose seal we know. */
  readonly leaf_hash: string | null
  readonly salt: string
  readonly received_at: string
}

// What a new event was given is known here already; only for one that exists do the seal's parts travel back.
const appendStatement = `
  SELECT ordinal::integer, index,
    CASE outcome WHEN 'exists' THEN encode(leaf_hash, 'hex') END AS leaf_hash,
    CASE outcome WHEN 'exists' THEN encode(salt, 'hex') END AS salt,
    CASE outcome WHEN 'exists' THEN to_char(first_received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS received_at
  FROM ledger.append($1::uuid, $2::timestamptz, $3::json)`

/** Promise: one answer for each row, in the order of the rows. */
async function callAppend(
  tx: Tx,
  { organizationId, receivedAt, rows }: AppendCall,
): Promise<readonly Answer[]> {
  const given = JSON.stringify(rows.map(columnsOf))
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
  }
}

function byteaText(bytes: Buffer): string {
  return `\\x${bytes.toString("hex")}`
}

/** The same input gives the same leaf under the salt and the time of receipt that the stored one has; any other gives another. */
function resultOf(event: PreparedEvent, answer: Answer, isFirst: boolean): AppendResult {
  const { id } = event.content
  const kept = { id, index: answer.index, leafHash: answer.leafHash.toString("base64url") }
  if (answer.isNew && isFirst) return { outcome: "accepted", ...kept }
  return sameEvent(event, answer) ? { outcome: "duplicate", ...kept } : { outcome: "conflict", id }
}
