import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { startClient } from "@/e2e/retrying-client"
import { commandArguments } from "@/scripts/launcher/commands.mjs"
import { startConsole } from "@/scripts/launcher/console-under-test.mjs"
import { readConnection } from "@/scripts/launcher/data-directory.mjs"
import { timed } from "./measure"

const root = path.resolve(import.meta.dirname, "..")

/**
 * Kills the web server repeatedly while events arrive; returns one line about how long each restart took to become healthy.
 */
export async function measureRecovery(kills: number): Promise<string> {
  const dataDirectory = mkdtempSync(path.join(os.tmpdir(), "auditorium-bench-"))
  const running = await startConsole(root, dataDirectory, { settings: { SEED_DEMO: "0" } })
  try {
    const { baseUrl } = running.connection
    admin(dataDirectory, "organization", "create", "--slug", "bench", "--name", "Bench")
    admin(dataDirectory, "app", "create", "--slug", "bench", "--name", "Bench")
    const scope = ["--scope", "LOG-INGESTION"]
    const key = admin(dataDirectory, "key", "create", "--app", "bench", "--name", "bench", ...scope)
    const client = startClient(baseUrl, key, { writers: 8, batch: 20 })
    const took: number[] = []
    for (let kill = 0; kill < kills; kill++) {
      await client.more(500)
      took.push(await timed(() => killAndWait(baseUrl, dataDirectory)))
    }
    await client.finish()
    const seconds = took.map(ms => (ms / 1000).toFixed(1)).join(", ")
    return `web server killed ${kills} times under load: healthy again after ${seconds} s; slowest ${(Math.max(...took) / 1000).toFixed(1)} s`
  } finally {
    running.kill("SIGTERM")
    await running.ended
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

async function killAndWait(baseUrl: string, dataDirectory: string): Promise<void> {
  const pid = readConnection(dataDirectory)?.webPid
  if (!pid) throw new Error("connection.json has no webPid.")
  process.kill(pid, "SIGKILL")
  for (;;) {
    const isOther = readConnection(dataDirectory)?.webPid !== pid
    if (isOther && (await fetch(`${baseUrl}/api/health`).catch(() => null))?.ok) return
    await sleep(20)
  }
}

/** Runs one of the project's commands; returns the key that it created, if any. */
function admin(dataDirectory: string, ...args: readonly string[]): string {
  const output = execFileSync(process.execPath, [...commandArguments(root, "admin"), ...args, "--json"], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDirectory },
    encoding: "utf8",
  })
  return String(Object(JSON.parse(output)).key)
}
