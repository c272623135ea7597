import { spawn } from "node:child_process"
import { once } from "node:events"
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { open } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import { setImmediate as turn } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { compiledScript } from "@/test/compiled"
import { type LogFile, logFilePaths, logFile as openLogFile } from "./log-file"
import { lastLines } from "./tail"

const root = path.resolve(import.meta.dirname, "../..")
const made: string[] = []
const opened: LogFile[] = []
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close()
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
})

function directory(): string {
  const created = mkdtempSync(path.join(os.tmpdir(), "server-log-"))
  made.push(created)
  return path.join(created, "logs")
}

function logFile(options: Parameters<typeof openLogFile>[0]): LogFile {
  const file = openLogFile(options)
  opened.push(file)
  return file
}

const numbers = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map(line => Number(JSON.parse(line).n))
const lineOf = (n: number) => `${JSON.stringify({ n, filling: "x".repeat(80) })}\n`

/** A process that writes lines through a log file, and says which are on disk. */
async function writer(folder: string, script: string) {
  const source = `
    import { logFile } from ${JSON.stringify(await compiledScript("lib/server-log/log-file.ts"))}
    const file = logFile({ directory: ${JSON.stringify(folder)}, name: "server" })
    const lineOf = n => JSON.stringify({ n, filling: "x".repeat(80) }) + "\\n"
    ${script}`
  return spawn(process.execPath, ["--input-type=module", "-e", source], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  })
}

describe("a log file", () => {
  it("keeps at most two files of their size, and of every line the newest", async () => {
    const folder = directory()
    const file = logFile({ directory: folder, name: "server", maximumBytes: 1_000 })
    for (let n = 0; n < 100; n++) {
      file.write(lineOf(n))
      await file.settle()
    }
    const [older, current] = logFilePaths(folder, "server")
    expect([statSync(older).size, statSync(current).size].every(size => size > 0 && size <= 1_000)).toBe(true)
    const all = numbers(readFileSync(older, "utf8") + readFileSync(current, "utf8"))
    expect(all).toEqual(Array.from({ length: all.length }, (_, at) => 100 - all.length + at))
    expect(all.length).toBeGreaterThanOrEqual(10)
  })

  it("is readable by its owner only", async () => {
    const folder = directory()
    const file = logFile({ directory: folder, name: "server" })
    file.write(lineOf(1))
    await file.settle()
    const [, current] = logFilePaths(folder, "server")
    expect([statSync(folder).mode & 0o777, statSync(current).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it("goes on in a new file when the old one was moved or deleted", async () => {
    const folder = directory()
    const file = logFile({ directory: folder, name: "server" })
    file.write(lineOf(1))
    await file.settle()
    rmSync(folder, { recursive: true })
    file.write(lineOf(2))
    await file.settle()
    expect(numbers(readFileSync(logFilePaths(folder, "server")[1], "utf8"))).toEqual([2])
  })

  it("never lets a slow disk hold up the process or fill its memory, and counts what it gave up", async () => {
    const folder = directory()
    mkdirSync(folder, { recursive: true })
    const [, current] = logFilePaths(folder, "server")
    // Nothing can be written into a pipe that nobody reads.
    const pipe = spawn("mkfifo", [current])
    await once(pipe, "exit")
    const file = logFile({ directory: folder, name: "server", maximumWaitingBytes: 10_000 })
    for (let n = 0; n < 1_000; n++) file.write(lineOf(n))
    await turn()
    const reader = await open(current, "r+")
    rmSync(current)
    await file.settle()
    await reader.close()
    file.write(lineOf(1_000))
    await file.settle()
    const kept = readFileSync(current, "utf8")
    expect(kept.length).toBeLessThan(12_000)
    expect(kept).toMatch(/"event":"log.lines_lost","count":[89]\d\d}/)
    expect(kept).toContain('"n":1000')
  })

  it("tells once that it cannot write, and recovers", async () => {
    const folder = directory()
    writeFileSync(folder, "a file where the folder should be")
    const told: unknown[] = []
    const file = logFile({ directory: folder, name: "server", onTrouble: error => told.push(error) })
    for (const n of [1, 2, 3]) {
      file.write(lineOf(n))
      await file.settle()
    }
    expect(told).toHaveLength(1)
    rmSync(folder)
    file.write(lineOf(4))
    await file.settle()
    const text = readFileSync(logFilePaths(folder, "server")[1], "utf8")
    expect(text).toMatch(/^\{.*"event":"log.lines_lost","count":3\}\n\{"n":4,/)
  })

  it("has after a kill every line that was written, and ends the half one", async () => {
    const folder = directory()
    const script = `
      for (let n = 0; ; n++) {
        file.write(lineOf(n))
        if (n % 50 === 0) { await file.settle(); process.stdout.write(n + "\\n") }
      }`
    const child = await writer(folder, script)
    let said = ""
    child.stdout.setEncoding("utf8").on("data", part => {
      said += part
      if (said.split("\n").length > 20) child.kill("SIGKILL")
    })
    await once(child, "close")
    const confirmed = Number(said.trimEnd().split("\n").at(-1))
    const [, current] = logFilePaths(folder, "server")
    appendFileSync(current, '{"n":"half a li')
    const file = logFile({ directory: folder, name: "server" })
    file.write(lineOf(-1))
    await file.settle()
    const lines = readFileSync(current, "utf8").trimEnd().split("\n")
    const whole = lines.flatMap(line => (line.endsWith('"}') ? [Number(JSON.parse(line).n)] : []))
    expect(whole.slice(0, confirmed + 1)).toEqual(Array.from({ length: confirmed + 1 }, (_, at) => at))
    expect(whole.at(-1)).toBe(-1)
    expect(confirmed).toBeGreaterThanOrEqual(900)
  })

  it("has every line of a process that ends by itself, each once", async () => {
    const folder = directory()
    const script = `
      process.once("exit", file.finish)
      for (let n = 0; n < 2_000; n++) file.write(lineOf(n))
      setImmediate(() => process.exit(1))`
    const child = await writer(folder, script)
    await once(child, "close")
    const found = numbers(readFileSync(logFilePaths(folder, "server")[1], "utf8"))
    expect(found).toEqual(Array.from({ length: 2_000 }, (_, at) => at))
  })
})

describe("the last lines", () => {
  const read = async (folder: string, bytes: number) => {
    const lines: string[] = []
    for await (const line of lastLines(folder, "server", bytes)) lines.push(line)
    return lines
  }
  const [three, four] = ['{"n":3}', '{"n":4}']

  it("are whole, and come from both files", async () => {
    const folder = directory()
    mkdirSync(folder, { recursive: true })
    const [older, current] = logFilePaths(folder, "server")
    writeFileSync(older, `{"n":1}\n{"n":2}\n`)
    writeFileSync(current, `${three}\n${four}\n`)
    expect(await read(folder, 1_000)).toEqual(['{"n":1}', '{"n":2}', three, four])
    expect(await read(folder, 25)).toEqual(['{"n":2}', three, four])
    expect(await read(folder, 24)).toEqual(['{"n":2}', three, four])
    expect(await read(folder, 23)).toEqual([three, four])
    expect(await read(folder, 16)).toEqual([three, four])
    expect(await read(folder, 15)).toEqual([four])
    expect(await read(folder, 0)).toEqual([])
  })

  it("are none where no log was kept", async () => {
    expect(await read(directory(), 1_000)).toEqual([])
  })
})
