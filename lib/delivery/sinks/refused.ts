import type { Tx } from "@/lib/database/tx"
import { readRecorded } from "@/lib/ledger/read"
import type { Attempt, Sending } from "./attempt"
import type { ClaimedCursor } from "./claimed"
import { dropRefused, dueRefused, moveRefusedDue, type RefusedEvent, refuseAgain } from "./dead-letters"
import { outgoingOf } from "./range"
import { writeReceipt } from "./receipt"
import { LeaseLost } from "./settle"
import type { DeliverableSink, SinkParts } from "./source"

/** So many refused events are tried before what is new has its turn. */
const triedAtOnce = 50

/** Refused events whose next try is due. */
export interface DueRefused {
  readonly tries: readonly { readonly refused: RefusedEvent; readonly sending: Sending }[]
  /** Their events have expired, or the query of the sink does not mean them any more. */
  readonly expired: readonly RefusedEvent[]
  readonly passedOver: readonly RefusedEvent[]
}

interface Reading {
  readonly sink: DeliverableSink
  readonly parts: SinkParts
  readonly claimed: ClaimedCursor
  readonly at: Date
}

/** Reads the refused events whose next try is due. Each is sent alone: a receiver that names what it gets by its range keeps the others. */
export async function readRefused(tx: Tx, reading: Reading): Promise<DueRefused> {
  const { sink, claimed, at } = reading
  const due = await dueRefused(tx, { sinkId: sink.id, organizationId: sink.organization.id }, at, triedAtOnce)
  const tries: { refused: RefusedEvent; sending: Sending }[] = []
  const expired: RefusedEvent[] = []
  const passedOver: RefusedEvent[] = []
  for (const refused of due) {
    const [entry] = await readRecorded(tx, { first: refused.index, past: refused.index + 1 })
    const event = entry?.event ?? null
    if (event === null) expired.push(refused)
    else if (!sink.takes(event)) passedOver.push(refused)
    else {
      const events = await outgoingOf([event], { tx, ...reading })
      const bytes = Buffer.byteLength(events[0]?.line ?? "")
      const connection = { cursorId: claimed.id, version: sink.version }
      const range = { past: refused.index + 1, events, bytes, expired: [] }
      tries.push({ refused, sending: { sink, connection, replayId: null, first: refused.index, range } })
    }
  }
  return { tries, expired, passedOver }
}

/** A refused event that was sent again. */
export interface Retried {
  readonly refused: RefusedEvent
  readonly attempt: Attempt
}

/** Stores what became of them. Throws LeaseLost when the cursor belongs to another worker. */
export async function settleRefused(
  tx: Tx,
  { sink, claimed, at }: Omit<Reading, "parts">,
  { expired, passedOver }: DueRefused,
  retried: readonly Retried[],
): Promise<void> {
  const of = { sinkId: sink.id, organizationId: sink.organization.id }
  const taken = retried
    .filter(({ attempt }) => attempt.decisions[0]?.taken === true)
    .map(({ refused }) => refused)
  const dropped = [...expired, ...passedOver, ...taken]
  await dropRefused(
    tx,
    of,
    dropped.map(({ id }) => id),
  )
  let dead = 0
  for (const { refused, attempt } of retried) {
    await writeReceipt(tx, attempt)
    const [decision] = attempt.decisions
    if (decision === undefined || decision.taken) continue
    const isDead = await refuseAgain(tx, of, refused, decision.reason, at)
    if (isDead && !refused.wasDead) dead += 1
  }
  const undone = dropped.filter(({ wasDead }) => wasDead).length
  const rows = await tx.query(
    `UPDATE sink_cursor SET taken = taken + $3::bigint, missed = missed + $4::bigint, passed_over = passed_over + $5::bigint,
       refused = greatest(0, refused + $6::bigint) WHERE id = $1::uuid AND claims = $2::int RETURNING 1 AS stored`,
    [claimed.id, claimed.claims, taken.length, expired.length, passedOver.length, dead - undone],
  )
  if (rows.length !== 1) throw new LeaseLost("The cursor belongs to another worker.")
  await moveRefusedDue(tx, of)
}
