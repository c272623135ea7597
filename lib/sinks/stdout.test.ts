import { spawn, spawnSync } from "node:child_process"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { compiledScript } from "@/test/compiled"
import { batchOf } from "@/test/sinks/batch"

const root = path.resolve(import.meta.dirname, "../..")

/** Returns what a worker with such a sink has written, and what of its log. */
async function worker(environment: Readonly<Record<string, string>>) {
  const script = await compiledScript("lib/sinks/fixtures/speaking-worker.ts")
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, LOG_LEVEL: "info", ...environment },
  })
  expect(status, stderr).toBe(0)
  const named = (text: string) =>
    text
      .split("\n")
      .slice(0, -1)
      .map(line => JSON.parse(line))
      .map(line => line.event ?? line.description)
  return { stdout: named(stdout), stderr: named(stderr) }
}

const entries = batchOf([{ description: "two\nlines" }, {}]).events.map(({ event }) => event.description)

describe("the standard output of a worker with such a sink", () => {
  it("has entries and nothing else from its beginning on, where the environment says raw_log", async () => {
    expect(await worker({ CLEARML__APISERVER__apilog__adapter: "raw_log" })).toEqual({
      stdout: entries,
      stderr: ["before", "between", "after"],
    })
  })

  it("has entries and nothing else from the first one on, where an organization has added it", async () => {
    expect(await worker({ CLEARML__APISERVER__apilog__adapter: "" })).toEqual({
      stdout: ["before", ...entries],
      stderr: ["between", "after"],
    })
  })

  it("holds nothing else up when it is a pipe that nobody reads", async () => {
    const child = spawn(process.execPath, [await compiledScript("lib/sinks/fixtures/unread-worker.ts")], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    })
    // Its standard output is open and not read.
    child.stdout.pause()
    let said = ""
    child.stderr.setEncoding("utf8").on("data", text => {
      said += text
    })
    const code = await new Promise(resolve => child.once("exit", resolve))
    expect([code, said]).toEqual([0, "Nobody reads the standard output: it takes no more.\n"])
    child.stdout.destroy()
  })
})
