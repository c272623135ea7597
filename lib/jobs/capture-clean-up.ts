import { type Forgotten, forgetOldReports } from "@/lib/capture/clean-up"
import type { Database } from "@/lib/database/database"
import type { Job, JobOutcome } from "./job"

const everyMs = 60 * 60 * 1000

/** Returns the job that deletes counts of calls, and instances that report no more, when they are not kept any longer. */
export function captureCleanUpJob(database: Database): Job {
  return { name: "capture-clean-up", everyMs, exclusive: true, run: at => cleanUp(database, at) }
}

// Organization by organization: a transaction sees the rows of one.
async function cleanUp(database: Database, at: Date): Promise<JobOutcome> {
  const organizations = await database.prisma.organization.findMany({ select: { id: true } })
  const sum = { instances: 0, counts: 0, endpoints: 0 }
  for (const { id } of organizations) {
    const forgotten: Forgotten = await database.withOrganization(id, tx => forgetOldReports(tx, id, at))
    sum.instances += forgotten.instances
    sum.counts += forgotten.counts
    sum.endpoints += forgotten.endpoints
  }
  return { outcome: "done", ...sum }
}
