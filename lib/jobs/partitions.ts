import pg from "pg"
import type { Job, JobOutcome } from "./job"

const hourMs = 60 * 60 * 1000
const patienceMs = 10_000

/**
 * Promise: keeps monthly partitions ahead of the clock, one worker at a time. Needs the owner of the tables, by a direct
 * connection that is opened for the moment; nothing else in the worker uses that address.
 */
export function partitionsJob(ownerUrl: string): Job {
  return { name: "partitions", everyMs: hourMs, run: () => maintainPartitions(ownerUrl) }
}

async function maintainPartitions(ownerUrl: string): Promise<JobOutcome> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: "auditorium partitions",
    connectionTimeoutMillis: patienceMs,
  })
  // A connection lost between two statements fails the next one; without a listener it would end the process.
  client.on("error", () => {})
  await client.connect()
  try {
    await client.query("BEGIN")
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('auditorium.jobs.partitions', 0)) AS mine",
    )
    if (!rows[0]?.mine) return { outcome: "skipped" }
    await client.query("SELECT ledger.maintain_partitions(now())")
    await client.query("COMMIT")
    return { outcome: "done" }
  } finally {
    // Ends the transaction too, when it has not been committed.
    await client.end()
  }
}
