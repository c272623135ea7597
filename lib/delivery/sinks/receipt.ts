import { newId } from "@/lib/audit/ids"
import type { Tx } from "@/lib/database/tx"
import type { Attempt } from "./attempt"

/** Writes the receipt of an attempt. */
export async function writeReceipt(tx: Tx, attempt: Attempt): Promise<void> {
  const { sending, trouble, decisions } = attempt
  const { sink, connection, first, range } = sending
  const reasons = decisions.flatMap(decision => (decision.taken ? [] : [decision.reason]))
  const refused = reasons.length
  const isPart = refused > 0 || (trouble !== null && decisions.length > 0)
  const outcome = isPart ? "partly" : (trouble?.kind ?? "taken")
  await tx.query(
    `INSERT INTO sink_delivery (id, sink_id, organization_id, cursor_id, first, past, batch_id, at, duration_ms, outcome, events, taken,
       refused, bytes, answer)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::bigint, $6::bigint, $7::uuid, $8::timestamptz, $9::int, $10, $11::int, $12::int,
       $13::int, $14::bigint, $15)`,
    [
      ...[newId(attempt.at.getTime()), sink.id, sink.organization.id, connection.cursorId, first, range.past],
      ...[
        attempt.batchId,
        attempt.at.toISOString(),
        attempt.tookMs,
        outcome,
        range.events.length,
        decisions.length - refused,
      ],
      ...[refused, range.bytes, trouble?.message ?? reasons[0] ?? null],
    ],
  )
}
