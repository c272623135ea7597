import { spawn } from "node:child_process"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { countedLine } from "./log-lines.mjs"

/** Returns the output of a process that runs this code after `speakInLines()`. */
async function printedBy(code: string): Promise<readonly Record<string, unknown>[]> {
  const module = path.join(import.meta.dirname, "log-lines.mjs")
  const program = `const lines = await import(${JSON.stringify(module)}); lines.speakInLines(); ${code}`
  const child = spawn(process.execPath, ["--input-type=module", "-e", program])
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", text => {
      printed += text
    })
  }
  await new Promise(resolve => child.once("close", resolve))
  return printed
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line))
}

describe("the web process", () => {
  it("says everything in JSON lines: Next's words, errors over several lines, and warnings of Node", async () => {
    const lines = await printedBy(`
      console.warn("\\u001b[33m\\u26a0\\u001b[0m Failed to find Server Action %s.\\nRead more", "x")
      console.error(new Error("a\\nb"))
      console.log("listening")
      process.emitWarning("will go", "DeprecationWarning", "DEP0001")
    `)
    expect(lines.map(({ level, event, message }) => [level, event, message]).sort()).toEqual(
      [
        ["warn", "next.said", "\u26a0 Failed to find Server Action x.\nRead more"],
        ["error", "next.said", "a\nb"],
        ["info", "next.said", "listening"],
        ["warn", "node.warning", "will go"],
      ].sort(),
    )
  })

  it("prints nothing for an action that could not be read, which is counted instead", async () => {
    const marks = "{ isAction: true, hasBegun: false }"
    const lines = await printedBy(`
      lines.requestMarks.run(${marks}, () => console.error(new Error("Connection closed.")))
      lines.requestMarks.run({ ...${marks}, hasBegun: true }, () => console.error("ours"))
    `)
    expect(lines.map(({ message }) => message)).toEqual(["ours"])
  })
})

describe("a line that counts", () => {
  it("is one for all of a second, with the number and the id of the first request", () => {
    const said: unknown[] = []
    const log = Symbol.for("auditorium.log")
    Reflect.set(globalThis, log, {
      warn: (event: string, fields: object) => void said.push({ event, ...fields }),
    })
    try {
      const waiting: (() => void)[] = []
      const tell = countedLine("warn", "http.overloaded", write => void waiting.push(write))
      for (const id of ["a", "b", "c"]) tell(id)
      expect(said).toEqual([])
      waiting.shift()?.()
      tell("d")
      waiting.shift()?.()
      expect(said).toEqual([
        { event: "http.overloaded", count: 3, requestId: "a" },
        { event: "http.overloaded", count: 1, requestId: "d" },
      ])
      expect(waiting).toEqual([])
    } finally {
      Reflect.deleteProperty(globalThis, log)
    }
  })
})
