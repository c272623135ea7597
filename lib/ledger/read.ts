import type { AuditEvent } from "@/lib/audit/event/event"
import { readBody } from "@/lib/audit/seal"
import type { Tx } from "@/lib/database/tx"

/** Consecutive numbers of a log. `past` is not included. */
export interface NumberRange {
  readonly first: number
  readonly past: number
}

/** An entry of the log as it is read by number. */
export interface RecordedEntry {
  readonly index: number
  readonly id: string
  /** Milliseconds since 1970. */
  readonly receivedAtMs: number
  /** Null when the event has expired. */
  readonly event: AuditEvent | null
  /** The length of its text. */
  readonly bytes: number
}

interface Row {
  readonly index: number
  readonly id: string
  readonly received: number
  readonly body: string | null
  readonly hash: Uint8Array | null
}

const statement = `SELECT index, id::text AS id, floor(extract(epoch FROM received_at) * 1000)::float8 AS received, body, leaf_hash AS hash
  FROM ledger.recorded($1::bigint, $2::bigint, $3::bigint)`

/**
 * Returns the entries of the range in the log of the transaction's organization, in their order. With `mostBytes` the answer ends before
 * the event with which the texts would be longer than that together; the first one is always in it.
 */
export async function readRecorded(
  tx: Tx,
  { first, past }: NumberRange,
  mostBytes: number | null = null,
): Promise<readonly RecordedEntry[]> {
  const rows = await tx.query<Row>(statement, [first, past, mostBytes])
  return rows.map(({ index, id, received, body, hash }) => ({
    index,
    id,
    receivedAtMs: received,
    event: body === null || hash === null ? null : eventOf(body, index, hash),
    bytes: body === null ? 0 : body.length,
  }))
}

function eventOf(body: string, index: number, hash: Uint8Array): AuditEvent {
  const leafHash = Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("base64url")
  return Object.assign(readBody(body), { index, leafHash })
}
