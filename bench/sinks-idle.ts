import { readFileSync } from "node:fs"
import { median, percentile } from "./measure"
import { benchDelivery, type SinkBench } from "./sinks-working"

const organizations = 1_000
const sinksOfEach = 3
const ticks = 200
const everyMs = 500

/** Returns what a tick costs that finds nothing to do. */
export async function measureIdle(bench: SinkBench): Promise<string> {
  const { superuser } = bench
  await superuser.query(
    `WITH made AS (
       INSERT INTO organization (id, slug, name) SELECT gen_random_uuid(), 'idle-' || n, 'Idle' FROM generate_series(1, $1::int) n RETURNING id
     ), heads AS (INSERT INTO ledger.head (organization_id, size) SELECT id, 100 FROM made)
     INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, due_at, last_attempt_ms)
     SELECT gen_random_uuid(), gen_random_uuid(), id, 0, 100, now(), 10 FROM made CROSS JOIN generate_series(1, $2::int)`,
    [organizations, sinksOfEach],
  )
  await superuser.query("VACUUM ANALYZE sink_cursor; ")
  await superuser.query("VACUUM ANALYZE ledger.head")
  const delivery = benchDelivery(bench, [])
  for (let tick = 0; tick < 20; tick++) await delivery.tick(new Date())
  const server = () => cpuOfBackends(bench)
  const [ownBefore, serverBefore] = [process.cpuUsage(), await server()]
  const times: number[] = []
  for (let tick = 0; tick < ticks; tick++) {
    const began = performance.now()
    await delivery.tick(new Date())
    times.push(performance.now() - began)
  }
  const own = process.cpuUsage(ownBefore)
  const ownMs = (own.user + own.system) / 1_000 / ticks
  const serverMs = ((await server()) - serverBefore) / ticks
  await delivery.close()
  const share = ((ownMs + serverMs) / everyMs) * 100
  return [
    `idle, ${organizations} organizations x ${sinksOfEach} sinks, ${ticks} ticks of one statement`,
    `  a tick        median ${median(times).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms (goal: under 5 ms)`,
    `  processor     ${ownMs.toFixed(2)} ms of the worker and ${serverMs.toFixed(2)} ms of the database a tick: ${share.toFixed(2)} % of a core (goal: under 2 %)`,
  ].join("\n")
}

/** Milliseconds of processor time of the connections so far; Linux counts in hundredths of a second. */
async function cpuOfBackends({ database, superuser }: SinkBench): Promise<number> {
  await database.queryDirectly("SELECT 1")
  const { rows } = await superuser.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'auditorium'",
  )
  return rows.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
    return sum + (Number(fields[11]) + Number(fields[12])) * 10
  }, 0)
}
