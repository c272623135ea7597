import type { Database } from "@/lib/database/database"
import { forgetOldDeliveries } from "@/lib/delivery/sinks/clean-up"
import type { Job, JobOutcome } from "./job"

const everyMs = 60 * 60 * 1000

/** Returns the job that deletes receipts of deliveries and replays that have ended, after 30 days. */
export function sinkCleanUpJob(database: Database): Job {
  return { name: "sink-clean-up", everyMs, exclusive: true, run: at => cleanUp(database, at) }
}

// Organization by organization: a transaction sees the rows of one.
async function cleanUp(database: Database, at: Date): Promise<JobOutcome> {
  const organizations = await database.prisma.organization.findMany({ select: { id: true } })
  const sum = { receipts: 0, replays: 0 }
  for (const { id } of organizations) {
    const { receipts, replays } = await database.withOrganization(id, tx => forgetOldDeliveries(tx, id, at))
    sum.receipts += receipts
    sum.replays += replays
  }
  return { outcome: "done", ...sum }
}
