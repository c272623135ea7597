// What deliveries cost, and how soon copies arrive; absolute times, so on a quiet machine.
//   npx tsx bench/sinks.ts                       all of these
//   npx tsx bench/sinks.ts idle                  1,000 organizations with 3 sinks each and nothing to send: the cost of a tick
//   npx tsx bench/sinks.ts throughput [events]   a log (1,000,000 events) to a sink that stores nothing and to a file, beside reading alone
//   npx tsx bench/sinks.ts lag                   500 events a second: from the receipt of an event to its arrival
//   npx tsx --expose-gc bench/sinks.ts memory    1,000 events of 256 KiB to six sinks: what is in use, and how the process grows
//   npx tsx bench/sinks.ts sick                  events in, and copies of a healthy sink, beside sinks that hang, reset and lie
//   npx tsx bench/sinks.ts kills                 a worker killed 50 times between claim, send, answer and settle
import { mkdtemp, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import pg from "pg"
import { createDatabase } from "@/lib/database/database"
import { migrate } from "@/lib/database/migrations/run"
import { startPostgres } from "@/scripts/postgres.mjs"
import { measureIdle } from "./sinks-idle"
import { measureKills } from "./sinks-kills"
import { measureLag } from "./sinks-lag"
import { measureMemory } from "./sinks-memory"
import { measureSick } from "./sinks-sick"
import { measureThroughput } from "./sinks-throughput"
import type { SinkBench } from "./sinks-working"

const [only, count = "1000000"] = process.argv.slice(2)

const parts: Readonly<Record<string, (bench: SinkBench) => Promise<string>>> = {
  idle: measureIdle,
  throughput: bench => measureThroughput(bench, Number(count)),
  lag: measureLag,
  memory: measureMemory,
  sick: measureSick,
  kills: measureKills,
}
const chosen = Object.entries(parts).filter(([name]) => only === undefined || only === name)
if (chosen.length === 0) throw new Error(`Give one of: ${Object.keys(parts).join(", ")}.`)

for (const [, measure] of chosen) console.log(await onOwnServer(measure))

async function onOwnServer(measure: (bench: SinkBench) => Promise<string>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "auditorium-bench-"))
  const server = await startPostgres({
    directory: path.join(folder, "postgres"),
    settings: { shared_buffers: "1GB" },
  })
  const database = createDatabase({ databaseUrl: server.applicationUrl, poolSize: 20, patienceMs: 60_000 })
  const superuser = new pg.Client({
    connectionString: server.superuserUrl.replace(/\/[^/]*$/, new URL(server.ownerUrl).pathname),
  })
  try {
    const applicationRole = decodeURIComponent(new URL(server.applicationUrl).username)
    await migrate({ ownerUrl: server.ownerUrl, applicationRole })
    await superuser.connect()
    return await measure({ database, superuser, applicationUrl: server.applicationUrl, folder })
  } finally {
    await superuser.end()
    await database.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
