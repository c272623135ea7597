import { describe, expect, it } from "vitest"
import { CommandError, run } from "./run.mjs"
import { elapsed, step } from "./terminal.mjs"

const node = (code: string) => run(process.execPath, ["-e", code])

describe("run", () => {
  it("gives back what a command printed", async () => {
    expect(await node("console.log('out'); console.error('aside')")).toBe("out\n")
  })

  it("tells everything printed when the command fails", async () => {
    const failed = node("console.log('out'); console.error('why'); process.exit(3)")
    await expect(failed).rejects.toThrow(CommandError)
    await expect(failed).rejects.toThrow(/ended with 3:\n(out\nwhy|why\nout)$/)
  })

  it("tells a command that is not there from one that failed", async () => {
    await expect(run("/nowhere/at-all", [])).rejects.toThrow("at-all could not be started")
  })

  it("tells which signal ended the command", async () => {
    await expect(node("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow("was stopped by SIGKILL")
  })
})

describe("a step", () => {
  function screen(live: boolean) {
    const said: string[] = []
    return { said, out: { live, write: (text: string) => void said.push(text) } }
  }

  it("says what begins and what is done when nobody watches live", async () => {
    const { said, out } = screen(false)
    expect(await step(out, "doing it", "done it", async () => 7)).toBe(7)
    expect(said[0]).toBe("  - doing it ...\n")
    expect(said[1]).toMatch(/^ {2}✓ done it +0\.\d s\n$/)
  })

  it("rewrites one line on a live terminal", async () => {
    const { said, out } = screen(true)
    await step(out, "doing it", "done it", async () => {})
    expect(said.join("").split("\n")).toHaveLength(2)
  })

  it("marks a failure and throws it on", async () => {
    const { said, out } = screen(false)
    const failing = step(out, "doing it", "done it", async () => {
      throw new Error("no")
    })
    await expect(failing).rejects.toThrow("no")
    expect(said.at(-1)).toMatch(/^ {2}✗ doing it failed/)
  })

  it("tells a long time in minutes", () => {
    expect(elapsed(performance.now() - 125_000)).toBe("2 min 5 s")
  })
})
