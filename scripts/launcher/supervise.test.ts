import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { run } from "./run.mjs"
import { pauseAfter, supervise } from "./supervise.mjs"
import { isRefused, watchDatabase } from "./watch-database.mjs"

let folder = ""
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "supervise-test-"))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

let made = 0

/**
 * A child that writes a line to its own journal at each start, reports that it is ready, and keeps running, or runs the
 * code passed.
 */
function child({ before = "", after = "setInterval(() => {}, 1000)" } = {}) {
  const journal = path.join(folder, `journal-${made++}`)
  const code = `${before}
    const { appendFileSync } = await import("node:fs")
    appendFileSync(${JSON.stringify(journal)}, process.pid + " " + (process.env.MARK ?? "") + "\\n")
    process.on("disconnect", () => process.exit(0))
    process.send({ type: "ready" })
    ${after}`
  const said: string[] = []
  const supervised = supervise({
    name: "probe",
    args: ["--input-type=module", "-e", code],
    env: { ...process.env, MARK: "first" },
    cwd: folder,
    say: message => said.push(message),
    firstPauseMs: 20,
  })
  const starts = () => (fs.existsSync(journal) ? fs.readFileSync(journal, "utf8").trim().split("\n") : [])
  return { ...supervised, said, starts }
}

function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}

describe("a supervised process", () => {
  it("writes nothing to the standard output of the launcher when that is for entries", async () => {
    const probe =
      'process.stdout.write("PROBE"); process.send({ type: "ready" }); setInterval(() => {}, 1000)'
    const launch = (quietStdout: boolean) => `
      const { supervise } = await import(${JSON.stringify(new URL("./supervise.mjs", import.meta.url).href)})
      const args = ["-e", ${JSON.stringify(probe)}]
      const child = supervise({ name: "p", args, env: process.env, cwd: ".", say() {}, quietStdout: ${quietStdout} })
      await child.ready
      await child.stop(5000)`
    const printed = (quietStdout: boolean) =>
      run(process.execPath, ["--input-type=module", "-e", launch(quietStdout)])
    expect(await Promise.all([printed(true), printed(false)])).toEqual(["", "PROBE"])
  })

  it("is started again when it is killed, and that is said", async () => {
    const { ready, pid, starts, said, stop } = child()
    await ready
    const first = pid()
    process.kill(first ?? 0, "SIGKILL")
    await expect.poll(starts, { timeout: 30_000 }).toHaveLength(2)
    expect(pid()).not.toBe(first)
    expect(said).toEqual(["The probe ended unexpectedly (SIGKILL); starting it again."])
    await stop(5_000)
  })

  it("that keeps failing is started again at once three times, then with growing pauses", async () => {
    const { starts, said, stop, ready } = child({ after: "setTimeout(() => process.exit(7), 50)" })
    await ready
    await expect.poll(() => starts().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(6)
    expect(said.slice(0, 5).map(message => message.replace(/^.*exit code 7\); /, ""))).toEqual([
      "starting it again.",
      "starting it again.",
      "starting it again.",
      "starting it again in 0.02 s.",
      "starting it again in 0.04 s.",
    ])
    await stop(5_000)
  })

  it.each([
    ["the first end", [0], 0],
    ["the third within a minute", [0, 1, 2], 0],
    ["the fourth within a minute", [0, 1, 2, 3], 250],
    ["the sixth", [0, 1, 2, 3, 4, 5], 1_000],
    ["the tenth, when it was ready each time", Array.from({ length: 10 }, (_, at) => at), 1_000],
    ["the fourth, when the others are a minute ago", [0, 1, 2, 60_003], 0],
  ])("waits after %s of one that was ready: %s -> %i ms", (_, ends, pauseMs) => {
    expect(pauseAfter(ends, { wasReady: true, firstPauseMs: 250, longestPauseMs: 30_000 })).toBe(pauseMs)
  })

  it("waits longer and longer for one that ends before it is ready, up to the longest pause", () => {
    const pauses = [3, 4, 8, 10, 11, 40].map(count =>
      pauseAfter(
        Array.from({ length: count }, (_, at) => at),
        { wasReady: false, firstPauseMs: 250, longestPauseMs: 30_000 },
      ),
    )
    expect(pauses).toEqual([0, 250, 4_000, 16_000, 30_000, 30_000])
  })

  it("that ends before it was ever ready is not started again, and whoever waits is told", async () => {
    const { ready, starts, pid, stop } = child({ before: "process.exit(3)" })
    await expect(ready).rejects.toThrow("The probe ended before it was ready (exit code 3).")
    await sleep(200)
    expect(starts()).toEqual([])
    expect(pid()).toBeUndefined()
    await stop(100)
  })

  it("is gone after stop, also one that does not listen", async () => {
    const { ready, pid, stop, starts } = child({ before: 'process.on("SIGTERM", () => {})' })
    await ready
    const running = pid()
    await stop(200)
    expect(isRunning(running)).toBe(false)
    await sleep(100)
    expect(starts()).toHaveLength(1)
  })

  it("goes on with another environment when it is renewed", async () => {
    const { ready, renew, starts, said, stop } = child()
    await ready
    await renew({ ...process.env, MARK: "second" }, 5_000)
    await expect.poll(starts, { timeout: 30_000 }).toHaveLength(2)
    expect(starts().map(line => line.split(" ")[1])).toEqual(["first", "second"])
    expect(said).toEqual([])
    await stop(5_000)
  })

  it("notices when the launcher has been killed, and ends", async () => {
    const module = path.resolve("scripts/launcher/supervise.mjs")
    const journal = path.join(folder, "orphan")
    const inner = `require("node:fs").writeFileSync(${JSON.stringify(journal)}, String(process.pid)); process.on("disconnect", () => process.exit()); process.send({ type: "ready" }); setInterval(() => {}, 1000)`
    const outer = `import { pauseAfter, supervise } from ${JSON.stringify(module)}
      const child = supervise({ name: "x", args: ["-e", ${JSON.stringify(inner)}], env: process.env, cwd: ".", say: () => {} })
      await child.ready
      process.kill(process.pid, "SIGKILL")`
    await expect(run(process.execPath, ["--input-type=module", "-e", outer])).rejects.toThrow("SIGKILL")
    const orphan = Number(fs.readFileSync(journal, "utf8"))
    await expect.poll(() => isRunning(orphan), { timeout: 30_000 }).toBe(false)
  })
})

describe("the watch over the database", () => {
  it("calls out once when nobody listens, and again only after that was dealt with", async () => {
    const server = net.createServer().listen(0, "127.0.0.1")
    await new Promise(resolve => server.once("listening", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    let calls = 0
    let dealtWith = () => {}
    const watch = watchDatabase(
      () => port,
      () => {
        calls++
        return new Promise<void>(resolve => {
          dealtWith = resolve
        })
      },
    )
    try {
      expect(await isRefused(port)).toBe(false)
      await sleep(1_500)
      expect(calls).toBe(0)
      await new Promise(resolve => server.close(resolve))
      expect(await isRefused(port)).toBe(true)
      await expect.poll(() => calls, { timeout: 30_000 }).toBe(1)
      await sleep(2_500)
      expect(calls).toBe(1)
      dealtWith()
      await expect.poll(() => calls, { timeout: 30_000 }).toBe(2)
    } finally {
      watch.end()
    }
  })
})
