import { dateText } from "@/lib/database/instant"
import type { Tx } from "@/lib/database/tx"
import { operation } from "@/lib/operations/core/operation"
import type { DeliveriesAnswer, DeliveryAnswer } from "./answers"
import { listDeliveriesInput } from "./inputs"
import { nameOfSink } from "./read"
import type { SinkPlace } from "./row"

/** Lists the receipts of a sink, the newest first. */
export const listDeliveries = operation({
  name: "sink.list_deliveries",
  summary: "Lists the receipts of a sink: one for each attempt, with what was answered.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: listDeliveriesInput,
  run: async (context, { id, before, hours, troubledOnly, limit }): Promise<DeliveriesAnswer> =>
    context.read(async ({ tx }) => {
      await nameOfSink(tx, context, id)
      const place = { sinkId: id, organizationId: context.organization.id }
      const ago = (count: number) => new Date(context.caller.at.getTime() - count * hourMs)
      const page = { before: before ?? null, since: ago(hours), troubledOnly, limit }
      const found = await readReceipts(tx, place, page)
      const deliveries = found.slice(0, limit)
      const last = deliveries.at(-1)
      return {
        deliveries,
        next: found.length > limit && last ? `${last.at}_${last.id}` : null,
        day: await sumOfDay(tx, place, ago(24)),
      }
    }),
})

const hourMs = 60 * 60 * 1000

interface PageOfReceipts {
  readonly before: string | null
  readonly since: Date
  readonly troubledOnly: boolean
  readonly limit: number
}

function readReceipts(
  tx: Tx,
  { sinkId, organizationId }: SinkPlace,
  { before, since, troubledOnly, limit }: PageOfReceipts,
): Promise<readonly DeliveryAnswer[]> {
  const [at, id] = before?.split("_") ?? [null, null]
  return tx.query<DeliveryAnswer>(
    `SELECT d.id::text, ${dateText("d.at")} AS at, d.duration_ms AS "durationMs", d.outcome, d.first, d.past, d.batch_id::text AS "batchId",
       d.events, d.taken, d.refused, d.bytes, d.answer, coalesce(c.past IS NOT NULL, false) AS "isReplay"
     FROM sink_delivery d LEFT JOIN sink_cursor c ON c.organization_id = d.organization_id AND c.id = d.cursor_id
     WHERE d.organization_id = $2::uuid AND d.sink_id = $1::uuid AND d.at >= $3::timestamptz
       AND ($4::timestamptz IS NULL OR (d.at, d.id) < ($4::timestamptz, $5::uuid)) AND (NOT $6 OR d.outcome <> 'taken')
     ORDER BY d.at DESC, d.id DESC LIMIT $7::int`,
    [sinkId, organizationId, since.toISOString(), at, id, troubledOnly, limit + 1],
  )
}

async function sumOfDay(
  tx: Tx,
  { sinkId, organizationId }: SinkPlace,
  since: Date,
): Promise<DeliveriesAnswer["day"]> {
  const [row] = await tx.query<DeliveriesAnswer["day"]>(
    `SELECT count(*)::int AS attempts, (count(*) FILTER (WHERE outcome <> 'taken'))::int AS failed,
       coalesce(sum(taken), 0)::bigint AS taken, coalesce(sum(refused), 0)::bigint AS refused, coalesce(sum(bytes), 0)::bigint AS bytes
     FROM sink_delivery WHERE organization_id = $2::uuid AND sink_id = $1::uuid AND at >= $3::timestamptz`,
    [sinkId, organizationId, since.toISOString()],
  )
  return row ?? { attempts: 0, failed: 0, taken: 0, refused: 0, bytes: 0 }
}
