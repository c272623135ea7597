import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { createDatabase, type Database } from "@/lib/database/database"
import { migrate } from "@/lib/database/migrations/run"
import { append } from "@/lib/ledger/append"
import { maintainPartitions } from "@/lib/ledger/partitions"
import { startPostgres } from "@/scripts/postgres.mjs"
import { instant, prepareTestEvents } from "@/test/events"
import { timed } from "./measure"

const before = new Date("2026-11-21T00:00:00Z")
const after = new Date("2026-12-01T00:00:00Z")
const present = "2026-11-20T00:00:00.000000Z"
/** As long as the attempts during the export take, with their pauses. */
const quietMs = 8_000
const future = "2027-03-05T00:00:00.000000Z"

interface Log {
  readonly id: string
  readonly appId: string
}

/** Returns one line about how long others waited while the partitions moved on, with that many events in the future. */
export async function measureTurnOfMonth(waiting: number): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "auditorium-bench-"))
  const server = await startPostgres({ directory: path.join(folder, "postgres") })
  const database = createDatabase({ databaseUrl: server.applicationUrl, poolSize: 10, patienceMs: 60_000 })
  const owner = new pg.Client({ connectionString: server.ownerUrl })
  try {
    const applicationRole = decodeURIComponent(new URL(server.applicationUrl).username)
    await migrate({ ownerUrl: server.ownerUrl, applicationRole, at: before })
    await owner.connect()
    const log = await createLog(database)
    await store(database, log, 20_000, present)
    await store(database, log, waiting, future)
    const cursor = await database.openCursor(log.id, "SELECT id FROM ledger.visible_event", [])
    await cursor.read(1)
    const undisturbed = await whileBusy(database, log, () => sleep(quietMs))
    const beside = await whileBusy(database, log, () => maintainPartitions(owner, { at: after, attempts: 4 }))
    await cursor.close()
    const alone = await whileBusy(database, log, () => maintainPartitions(owner, { at: after, attempts: 4 }))
    return [
      `turn of the month, ${waiting} events in the future`,
      `  without any change     ${undisturbed}`,
      `  beside an open export  ${beside}`,
      `  after the export       ${alone}`,
    ].join("\n")
  } finally {
    await owner.end()
    await database.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function createLog(database: Database): Promise<Log> {
  const log = { id: randomUUID(), appId: randomUUID() }
  await database.withOrganizationPrisma(log.id, async ({ prisma }) => {
    await prisma.organization.create({ data: { id: log.id, slug: "bench", name: "Bench" } })
    await prisma.app.create({ data: { id: log.appId, organizationId: log.id, slug: "bench", name: "Bench" } })
  })
  return log
}

async function store(database: Database, log: Log, count: number, at: string): Promise<void> {
  for (let left = count; left > 0; left -= 1_000) {
    const events = prepareTestEvents(log, Math.min(left, 1_000), () => ({ occurredAt: instant(at) }))
    await database.withOrganization(log.id, tx => append(tx, log.id, events))
  }
}

/** Reads pages and appends events while the work runs; returns the slowest of each, and the result of the work. */
async function whileBusy(database: Database, log: Log, work: () => Promise<unknown>): Promise<string> {
  const worst = { page: 0, append: 0, isOver: false }
  const page = () =>
    database.withOrganization(
      log.id,
      tx => tx.query("SELECT body FROM ledger.visible_event ORDER BY occurred_at DESC, id DESC LIMIT 50"),
      { readOnly: true },
    )
  const repeat = async (name: "page" | "append", step: () => Promise<unknown>) => {
    while (!worst.isOver) worst[name] = Math.max(worst[name], await timed(step))
  }
  const busy = Promise.all([
    repeat("page", page),
    repeat("append", () => store(database, log, 5, present)),
    repeat("append", () => store(database, log, 5, future)),
  ])
  const result = await work()
  worst.isOver = true
  await busy
  const times = `slowest page ${worst.page.toFixed(0)} ms, slowest append ${worst.append.toFixed(0)} ms`
  return result === undefined ? times : `${times}, ${JSON.stringify(result)}`
}
