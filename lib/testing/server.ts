import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { migrate } from "@/lib/migrations/run"
import { startPostgres } from "@/scripts/postgres.mjs"

/** The addresses of a server with the roles of this program. */
export interface TestServer {
  readonly ownerUrl: string
  readonly applicationUrl: string
  readonly superuserUrl: string
  readonly directory: string
  readonly pid: number
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

interface TestServerOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly binaries?: string
}

/** What makes tests quick and nothing else: no promise is tested against a power cut. */
export const testSettings = { fsync: "off", full_page_writes: "off", shared_buffers: "128MB" }

/** Promise: a server of its own in a temporary folder, migrated. */
export async function startTestServer({
  settings = testSettings,
  binaries,
}: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "auditorium-test-"))
  const directory = path.join(folder, "postgres")
  const server = await startPostgres({ directory, settings, binaries })
  const stop = async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await migrate({ ownerUrl: server.ownerUrl, applicationRole: "auditorium_app" })
  } catch (error) {
    await stop()
    throw error
  }
  return { ...server, directory, stop }
}

const postgres15Binaries = "/usr/lib/postgresql/15/bin"

/**
 * Promise: a migrated PostgreSQL 15, the oldest version this program supports, or null where Debian's package `postgresql-15` is
 * not installed; then it says so, because the tests on it are skipped.
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
