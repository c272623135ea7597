import { Writable } from "node:stream"
import { describe, expect, it } from "vitest"
import { batchOf, globex } from "@/test/sinks/batch"
import { lineSink } from "./line-sink"

const signal = () => new AbortController().signal

/** A stream whose reader decides when it takes something. */
function slowStream() {
  const chunks: string[] = []
  let go: ((error?: Error) => void) | undefined
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _, done) {
      chunks.push(String(chunk))
      go = done
    },
  })
  const read = async (error?: Error) => {
    const done = go
    go = undefined
    done?.(error)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { stream, chunks, read, text: () => chunks.join("") }
}

function freeStream() {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream, text: () => chunks.join("") }
}

const options = { name: "standard output", patienceMs: 10_000 }

describe("a sink of lines", () => {
  it("writes one line for each event, in order, and nothing else", async () => {
    const { stream, text } = freeStream()
    const open = lineSink(stream, options)
    const batch = batchOf([{ description: "one\ntwo" }, {}, {}])
    expect(await open().write(batch, signal())).toEqual({ all: "taken" })
    expect(text()).toBe(`${batch.events.map(({ line }) => line).join("\n")}\n`)
  })

  it("takes a batch only when the stream has passed it on", async () => {
    const { stream, read } = slowStream()
    let taken = false
    const writing = lineSink(stream, options)()
      .write(batchOf([{}]), signal())
      .then(() => {
        taken = true
      })
    await new Promise(resolve => setImmediate(resolve))
    expect(taken).toBe(false)
    await read()
    await writing
    expect(taken).toBe(true)
  })

  it("keeps at most one batch of a stream that nobody reads, and says so", async () => {
    const { stream, chunks } = slowStream()
    const open = lineSink(stream, { ...options, patienceMs: 1 })
    const batches = [batchOf([{}]), batchOf([{}], { organization: globex }), batchOf([{}], { first: 9 })]
    for (const batch of [...batches, ...batches])
      await expect(open().write(batch, signal())).rejects.toMatchObject({
        trouble: "later",
        message: "Nobody reads the standard output: it takes no more.",
      })
    expect(chunks).toHaveLength(1)
    expect(stream.writableLength).toBeLessThan(5_000)
  })

  it("writes a batch once, whose attempt ended before the stream had taken it", async () => {
    const { stream, chunks, read } = slowStream()
    const open = lineSink(stream, { ...options, patienceMs: 1 })
    const [batch, other] = [batchOf([{}]), batchOf([{}], { organization: globex })]
    await expect(open().write(batch, signal())).rejects.toMatchObject({ trouble: "later" })
    await expect(open().write(other, signal())).rejects.toMatchObject({ trouble: "later" })
    await read()
    expect(await open().write(batch, signal())).toEqual({ all: "taken" })
    expect(chunks).toHaveLength(1)
    // Asked for again later, as a replay has it, it is written again.
    const again = lineSink(stream, options)().write(batch, signal())
    await read()
    expect(await again).toEqual({ all: "taken" })
    expect(chunks).toHaveLength(2)
  })

  it("does not mix the lines of batches that come at once", async () => {
    const { stream, text } = freeStream()
    const open = lineSink(stream, options)
    const batches = Array.from({ length: 20 }, (_, number) =>
      batchOf([{}, {}, {}], { first: number * 3, ...(number % 2 ? { organization: globex } : {}) }),
    )
    const written = await Promise.all(batches.map(batch => open().write(batch, signal())))
    expect(written).toEqual(batches.map(() => ({ all: "taken" })))
    const blocks = batches.map(({ events }) => events.map(({ line }) => `${line}\n`).join(""))
    expect(text()).toHaveLength(blocks.join("").length)
    for (const block of blocks) expect(text()).toContain(block)
  })

  it("waits while the stream is broken, and never ends the process by its error", async () => {
    const { stream, read } = slowStream()
    const open = lineSink(stream, options)
    const batch = batchOf([{}])
    const writing = open().write(batch, signal())
    const refused = expect(writing).rejects.toMatchObject({ trouble: "later", message: /EPIPE/ })
    await read(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))
    await refused
    await expect(open().write(batch, signal())).rejects.toMatchObject({ trouble: "later", message: /EPIPE/ })
  })

  it("ends an attempt with its signal", async () => {
    const { stream } = slowStream()
    const ending = new AbortController()
    const writing = lineSink(stream, options)().write(batchOf([{}]), ending.signal)
    ending.abort()
    await expect(writing).rejects.toMatchObject({ trouble: "later" })
  })
})
