import { dateText } from "@/lib/database/instant"
import { operation } from "@/lib/operations/core/operation"
import type { DeadLetterAnswer, DeadLettersAnswer } from "./answers"
import { listDeadLettersInput } from "./inputs"
import { nameOfSink } from "./read"

/** Lists the events that a sink refuses, in the order of their numbers. */
export const listDeadLetters = operation({
  name: "sink.list_dead_letters",
  summary: "Lists the events that a sink refuses, each with the reason.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: listDeadLettersInput,
  run: async (context, { id, after, limit }): Promise<DeadLettersAnswer> =>
    context.read(async ({ tx }) => {
      await nameOfSink(tx, context, id)
      const found = await tx.query<DeadLetterAnswer>(
        `SELECT id::text, index, event_id::text AS "eventId", reason, tries, ${dateText("first_refused_at")} AS "firstRefusedAt",
           ${dateText("last_refused_at")} AS "lastRefusedAt", ${dateText("next_try_at")} AS "nextTryAt"
         FROM sink_dead_letter
         WHERE organization_id = $2::uuid AND sink_id = $1::uuid AND ($3::bigint IS NULL OR index > $3::bigint)
         ORDER BY index LIMIT $4::int`,
        [id, context.organization.id, after ?? null, limit + 1],
      )
      const [sum] = await tx.query<{ total: number }>(
        "SELECT count(*)::int AS total FROM sink_dead_letter WHERE organization_id = $2::uuid AND sink_id = $1::uuid",
        [id, context.organization.id],
      )
      const deadLetters = found.slice(0, limit)
      const next = found.length > limit ? (deadLetters.at(-1)?.index ?? null) : null
      return { deadLetters, next, total: sum?.total ?? 0 }
    }),
})
