import { mkdtempSync, rmSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { setImmediate as turn } from "node:timers/promises"
import { afterEach, expect, test, vi } from "vitest"
import { log } from "@/lib/log"
import { keepLog, logDirectory } from "./kept-log"
import { lastLines } from "./tail"

const folder = mkdtempSync(path.join(os.tmpdir(), "kept-log-"))
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function kept(): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of lastLines(logDirectory(folder), "server", 10_000)) lines.push(line)
  return lines
}

test("what a process that keeps its log says on both of its outputs is in its file, without secrets", async () => {
  vi.stubEnv("LOG_LEVEL", "info")
  const said: string[] = []
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation(text => said.push(String(text)) > 0)
  keepLog(folder, "server", error => said.push(String(error)))
  log.debug("not-said")
  log.info("first", { password: "swordfish" })
  log.error("second")
  while ((await kept()).length < 2) await turn()
  const lines = await kept()
  expect(lines.map(line => JSON.parse(line).event)).toEqual(["first", "second"])
  expect(said).toEqual(lines.map(line => `${line}\n`))
  expect(lines.join("")).not.toContain("swordfish")
})
