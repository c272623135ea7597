import pg from "pg"
import { maintainPartitions } from "@/lib/ledger/partitions"
import type { Log } from "@/lib/log"
import type { Job, JobOutcome } from "./job"

const hourMs = 60 * 60 * 1000
const patienceMs = 10_000
/** With pauses of 1, 2, 4, 8 and 16 seconds between. What is not done then has months of time, and is retried in an hour. */
const attempts = 6

interface Duties {
  readonly ownerUrl: string
  readonly log: Pick<Log, "warn">
}

/**
 * Keeps monthly partitions ahead of the clock. Needs a direct connection as the owner of the tables, which is opened only
 * while it runs; nothing else in the worker uses that url.
 */
export function partitionsJob(duties: Duties): Job {
  return { name: "partitions", everyMs: hourMs, exclusive: true, run: at => maintain(duties, at) }
}

async function maintain({ ownerUrl, log }: Duties, at: Date): Promise<JobOutcome> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "auditorium partitions",
    connectionTimeoutMillis: patienceMs,
  })
  // A connection that is lost between two statements fails the next one; without a listener it would end the process.
  client.on("error", () => {})
  await client.connect()
  try {
    const { delayed } = await maintainPartitions(client, { at, attempts })
    if (delayed.length > 0) {
      log.warn("partitions.delayed", {
        steps: delayed,
        reason:
          "The table of events is in use, by an export for example. Nothing is lost; the next run tries again.",
      })
    }
    return { outcome: "done", delayed: delayed.length }
  } finally {
    await client.end()
  }
}
