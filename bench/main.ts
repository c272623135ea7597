// npm run bench                       a million events
// npm run bench -- --events 10000000  ten million
// npm run bench -- --json             the findings for a machine, on the standard output
// npm run bench -- --only reading     reading, numbered, writing, http, attacks or proxy
import path from "node:path"
import { parseArgs } from "node:util"
import pg from "pg"
import { createDatabase } from "@/lib/database/database"
import { rebuildText } from "@/lib/database/migrations/online/rebuild"
import { migrate } from "@/lib/database/migrations/run"
import { postgresStore } from "@/lib/stores/postgres/store"
import { startPostgres } from "@/scripts/postgres.mjs"
import { type Dataset, describeDataset, generateDataset } from "./dataset"
import type { Finding } from "./measure"
import { readNumbered } from "./numbered"
import { benchPrisma } from "./prisma-client"
import { measureProxy } from "./proxy"
import { countBounded, readDeep, readPages, readThousandTimes, readUnindexed } from "./reading"
import { table } from "./report"
import { measureAttacked, measureServed } from "./served"
import { measureSeal, writeBatches, writeSingles } from "./writing"

const parts = ["reading", "numbered", "writing", "http", "attacks", "proxy"] as const
type Part = (typeof parts)[number]

interface Settings {
  readonly events: number
  readonly rounds: number
  readonly json: boolean
  readonly parts: readonly Part[]
}

function settings(): Settings {
  const { values } = parseArgs({
    options: {
      events: { type: "string", default: "1000000" },
      rounds: { type: "string", default: "9" },
      json: { type: "boolean", default: false },
      only: { type: "string" },
    },
  })
  const events = Number(values.events)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(events) || events < 10_000)
    throw new Error("--events takes a whole number from 10000 up.")
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a whole number from 1 up.")
  const chosen = parts.filter(part => values.only === undefined || values.only === part)
  if (chosen.length === 0) throw new Error(`--only takes one of: ${parts.join(", ")}.`)
  return { events, rounds, json: values.json, parts: chosen }
}

const say = (message: string) => process.stderr.write(`${message}\n`)

async function main(): Promise<void> {
  const chosen = settings()
  if (chosen.parts.length === 1 && chosen.parts[0] === "proxy") {
    // It needs no database.
    const findings = await measureProxy(chosen.rounds)
    console.log(chosen.json ? JSON.stringify({ findings }, null, 2) : table(findings))
    return
  }
  const directory = path.resolve(".data", "bench", String(chosen.events))
  const server = await startPostgres({
    directory: path.join(directory, "postgres"),
    log: say,
    settings: { shared_buffers: "2GB" },
  })
  const superuserUrl = server.superuserUrl.replace(/\/[^/]*$/, databasePath(server.ownerUrl))
  const bare = new pg.Pool({ connectionString: superuserUrl, max: 32 })
  // The server is stopped while a connection may still be closing.
  bare.on("error", () => {})
  const database = createDatabase({ databaseUrl: server.applicationUrl, poolSize: 16, patienceMs: 60_000 })
  const findings: Finding[] = []
  try {
    const role = decodeURIComponent(new URL(server.applicationUrl).username)
    await migrate({ ownerUrl: server.ownerUrl, applicationRole: role, log: say })
    // A data set of an earlier version lacks the indexes of this one.
    await rebuildText({ ownerUrl: server.ownerUrl, log: say })
    const dataset = await presentDataset(bare, chosen.events)
    let copyPerSecond: number | null = null
    if (chosen.parts.includes("reading")) {
      say("Reading ...")
      const reading = { store: postgresStore(database), bare, dataset, nowMs: Date.now() }
      findings.push(...(await readPages(reading, chosen.rounds * 4)))
      findings.push(await readUnindexed(reading, chosen.rounds))
      findings.push(...(await readDeep(reading, chosen.rounds)))
      findings.push(await readThousandTimes(reading))
      findings.push(...(await countBounded(reading, chosen.rounds)))
    }
    if (chosen.parts.includes("numbered")) {
      say("Reading pages by their number ...")
      const reading = { store: postgresStore(database), bare, dataset, nowMs: Date.now() }
      findings.push(...(await readNumbered(reading, chosen.rounds)))
    }
    if (chosen.parts.includes("writing")) {
      say("Writing ...")
      const prisma = await benchPrisma(superuserUrl)
      const writing = { database, bare, organizationId: dataset.largest, prisma }
      const batches = await writeBatches(writing, chosen.rounds)
      copyPerSecond = batches.copyPerSecond
      findings.push(...batches.findings)
      findings.push(await writeSingles(writing, chosen.rounds))
      findings.push(await measureSeal(dataset.largest, chosen.rounds))
      await prisma.$disconnect()
    }
    if (chosen.parts.includes("http")) {
      say("Through HTTP ...")
      await measureServed({ server, bare, dataset, copyPerSecond }, chosen.rounds, findings)
    }
    if (chosen.parts.includes("attacks")) {
      say("Under attack ...")
      await measureAttacked({ server, bare, dataset, copyPerSecond }, findings)
    }
    if (chosen.parts.includes("proxy")) {
      say("Through the capturing proxy ...")
      findings.push(...(await measureProxy(chosen.rounds)))
    }
  } finally {
    // Also those before a failure.
    const sorted = [...findings].sort((a, b) => Number.parseInt(a.goal, 10) - Number.parseInt(b.goal, 10))
    console.log(
      chosen.json ? JSON.stringify({ events: chosen.events, findings: sorted }, null, 2) : table(sorted),
    )
    await database.close()
    await bare.end()
    await server.stop()
  }
}

function databasePath(url: string): string {
  return new URL(url).pathname
}

/** The data set of an earlier run is used again: creating it takes longer than measuring. */
async function presentDataset(bare: pg.Pool, events: number): Promise<Dataset> {
  const expected = describeDataset(events)
  const { rows } = await bare.query<{ size: string }>(
    "SELECT size FROM ledger.head WHERE organization_id = $1",
    [expected.largest],
  )
  if (rows.length > 0) return expected
  say(`Making ${expected.events.toLocaleString("en")} events ...`)
  const client = await bare.connect()
  try {
    return await generateDataset(client, events)
  } finally {
    client.release()
  }
}

await main()
