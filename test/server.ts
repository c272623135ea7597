import { existsSync, readdirSync, readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { migrate } from "@/lib/database/migrations/run"
import { startPostgres, stopPostgres } from "@/scripts/postgres.mjs"

/** The urls of a server with the roles of this program. */
export interface TestServer {
  readonly ownerUrl: string
  readonly applicationUrl: string
  readonly superuserUrl: string
  readonly directory: string
  /** Kills every process of the server at once, like a power cut, and resolves when they have ended. */
  kill(): Promise<void>
  /** Starts it again on the same files and port, recovering what was committed. */
  restart(): Promise<void>
  /** Stops the server and deletes its files. */
  stop(): Promise<void>
}

interface TestServerOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly binaries?: string
}

/** Settings that only make tests faster: none of them tests durability. */
export const testSettings = { fsync: "off", full_page_writes: "off", shared_buffers: "128MB" }

const folderPrefix = "auditorium-test-"

/** A killed run could not stop its server. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    if (
      !name.startsWith(folderPrefix) ||
      parentOf(Number.parseInt(name.slice(folderPrefix.length), 10)) !== null
    )
      continue
    const directory = path.join(os.tmpdir(), name, "postgres")
    await stopPostgres(directory)
    await rm(path.dirname(directory), { recursive: true, force: true })
  }
}

/** Returns a separate migrated server in a temporary folder. */
export async function startTestServer({
  settings = testSettings,
  binaries,
}: TestServerOptions = {}): Promise<TestServer> {
  await removeLeftovers()
  const folder = await mkdtemp(path.join(os.tmpdir(), `${folderPrefix}${process.pid}-`))
  const directory = path.join(folder, "postgres")
  let server = await startPostgres({ directory, settings, binaries })
  const { ownerUrl, applicationUrl, superuserUrl, port } = server
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await migrate({ ownerUrl, applicationRole: "auditorium_app" })
    await makeSmallTemplate(server)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ownerUrl,
    applicationUrl,
    superuserUrl,
    directory,
    kill: () => killTree(server.pid),
    async restart() {
      server = await startPostgres({ directory, settings: { ...settings, port: String(port) }, binaries })
    },
    stop,
  }
}

/** The database that the server was started with: migrated and empty. */
export const migratedTemplate = "auditorium"

/** The same with three months behind us instead of 25. */
export const smallTemplate = "auditorium_small"

/**
 * Each partition has ten indexes, and each of them is copied with a database, opened by each connection and considered in each
 * plan: with few of them a test costs a fraction. The months are folded into the past as the worker does it later.
 */
async function makeSmallTemplate({ ownerUrl, superuserUrl }: Awaited<ReturnType<typeof startPostgres>>) {
  await onDatabase(superuserUrl, "postgres", [
    `CREATE DATABASE ${smallTemplate} TEMPLATE ${migratedTemplate} OWNER auditorium_owner`,
  ])
  await onDatabase(ownerUrl, smallTemplate, ["SELECT ledger.fold_past(now() + interval '23 months', 1)"])
}

async function onDatabase(url: string, name: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({
    connectionString: Object.assign(new URL(url), { pathname: `/${name}` }).href,
  })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Only where there is /proc: the backends have their own process groups, so no signal reaches them all at once. */
async function killTree(pid: number): Promise<void> {
  const children = readdirSync("/proc")
    .map(Number)
    .filter(candidate => candidate > 0 && parentOf(candidate) === pid)
  for (const victim of [pid, ...children]) {
    try {
      process.kill(victim, "SIGKILL")
    } catch {
      // it ended first
    }
  }
  while ([pid, ...children].some(victim => parentOf(victim) !== null)) await sleep(10)
}

/** Null for a process that has ended, or is a zombie. */
function parentOf(pid: number): number | null {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")
    return state === "Z" || state === "X" ? null : Number(parent)
  } catch {
    return null
  }
}

const postgres15Binaries = "/usr/lib/postgresql/15/bin"

/**
 * Returns a migrated PostgreSQL 15, the oldest supported version, or null where Debian's package `postgresql-15` is not
 * installed; then it prints that the tests on it are skipped.
 */
export async function postgres15(): Promise<TestServer | null> {
  if (!existsSync(path.join(postgres15Binaries, "postgres"))) {
    process.stderr.write(
      `PostgreSQL 15 is not installed (${postgres15Binaries}): the tests on it are skipped.\n`,
    )
    return null
  }
  return startTestServer({ binaries: postgres15Binaries })
}
