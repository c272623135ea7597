import { z } from "zod"
import type { Tx } from "@/lib/database/tx"
import { operation } from "@/lib/operations/core/operation"
import type { SinksAnswer } from "./answers"
import { readAnswers } from "./read"

/** Lists the sinks of the organization, with how far each one is. */
export const listSinks = operation({
  name: "sink.list",
  summary: "Lists the sinks: where copies of events go, and how far each one is.",
  permission: "SINK-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async context =>
    context.read(async ({ tx }): Promise<SinksAnswer> => {
      const { organization, caller } = context
      return {
        sinks: await readAnswers(tx, context),
        losses: await lossesOf(tx, organization.id, caller.at),
      }
    }),
})

const dayMs = 24 * 60 * 60 * 1000

async function lossesOf(tx: Tx, organizationId: string, at: Date): Promise<SinksAnswer["losses"]> {
  const [row] = await tx.query<SinksAnswer["losses"]>(
    `SELECT count(*)::int AS instances, least(coalesce(sum(dropped), 0), 9007199254740991)::bigint AS dropped
     FROM capture_instance WHERE organization_id = $1::uuid AND dropped_at > $2::timestamptz`,
    [organizationId, new Date(at.getTime() - dayMs).toISOString()],
  )
  return { instances: row?.instances ?? 0, dropped: row?.dropped ?? 0 }
}
