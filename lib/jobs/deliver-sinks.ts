import type { Database } from "@/lib/database/database"
import type { SinkDelivery } from "@/lib/delivery/sinks/delivery"
import { ensureServerCursors, forgetServerSink } from "@/lib/delivery/sinks/server-cursors"
import { serverSinkId } from "@/lib/sinks/server-sink"
import type { Job, JobOutcome } from "./job"

const everyMs = 500
/** An organization that is new gets the cursor of the environment's sink within this time. */
const newOrganizationsEveryMs = 5_000

interface Parts {
  readonly delivery: SinkDelivery
  /** Whether the environment makes a sink. */
  readonly hasServerSink: boolean
}

/**
 * Returns the job that begins the deliveries that are due. It does not wait for their end, so that a slow sink holds up no other;
 * `SinkDelivery.close` does.
 */
export function deliverSinksJob(database: Database, { delivery, hasServerSink }: Parts): Job {
  let lookedAtMs = Number.NEGATIVE_INFINITY
  return {
    name: "deliver-sinks",
    everyMs,
    run: async (at): Promise<JobOutcome> => {
      const isTime = at.getTime() - lookedAtMs >= newOrganizationsEveryMs
      if (hasServerSink && isTime) await ensureServerCursors(database, serverSinkId, at)
      else if (lookedAtMs === Number.NEGATIVE_INFINITY) await forgetServerSink(database, serverSinkId)
      if (isTime) lookedAtMs = at.getTime()
      await delivery.tick(at)
      // What was delivered is told by receipts: a line of the log and a row for each tick would tell nothing more.
      return { outcome: "idle" }
    },
  }
}
