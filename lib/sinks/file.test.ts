import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, describe, expect, it } from "vitest"
import { batchOf } from "@/test/sinks/batch"
import { file } from "./file"
import { fileSink } from "./file-segments"
import type { Batch } from "./sink"

const folder = mkdtempSync(path.join(tmpdir(), "auditorium-file-sink-"))
afterAll(() => rmSync(folder, { recursive: true }))

let number = 0
const rotation = { mostBytes: 1_000_000, daily: true, gzip: true, keep: 3 }
const signal = () => new AbortController().signal

function given(options: Partial<typeof rotation> = {}) {
  const directory = path.join(folder, String(number++), "acme", "sink")
  const open = () => fileSink(directory, { ...rotation, ...options })
  const names = () => readdirSync(directory).sort()
  const textOf = (name: string) => {
    const bytes = readFileSync(path.join(directory, name))
    return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()
  }
  return { directory, open, names, text: () => names().map(textOf).join("") }
}

const textOf = (...batches: Batch[]) =>
  batches.flatMap(({ events }) => events.map(({ line }) => `${line}\n`)).join("")
const at = (day: string) => new Date(`2026-11-${day}T12:00:00Z`)

describe("a sink of files", () => {
  it("writes one line for each event, in order, to a file that only the server can read", async () => {
    const { directory, open, names, text } = given()
    const batches = [
      batchOf([{ description: "one\ntwo" }, {}], { at: at("20") }),
      batchOf([{}], { first: 2, at: at("20") }),
    ]
    for (const batch of batches) expect(await open().write(batch, signal())).toEqual({ all: "taken" })
    expect(names()).toEqual(["2026-11-20.0001.jsonl"])
    expect(text()).toBe(textOf(...batches))
    expect(statSync(path.join(directory, "2026-11-20.0001.jsonl")).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  it("cuts the half line that a killed worker left, and goes on behind the last whole one", async () => {
    for (const half of ['{"id":"half', "x".repeat(200_000), ""]) {
      const { directory, open, text } = given()
      const [first, next] = [batchOf([{}, {}]), batchOf([{}], { first: 2 })]
      await open().write(first, signal())
      appendFileSync(path.join(directory, "2026-11-20.0001.jsonl"), half)
      await open().write(next, signal())
      expect(text()).toBe(textOf(first, next))
    }
  })

  it("cuts the half line of another worker that was killed, also when it has written to the folder before", async () => {
    const { directory, open, text } = given()
    const connection = open()
    const [first, next] = [batchOf([{}, {}]), batchOf([{}], { first: 2 })]
    await connection.write(first, signal())
    appendFileSync(path.join(directory, "2026-11-20.0001.jsonl"), '{"id":"half')
    await connection.write(next, signal())
    expect(text()).toBe(textOf(first, next))
  })

  it("cuts a file that has nothing but half a line", async () => {
    const { directory, open, text } = given()
    await open().write(batchOf([{}]), signal())
    writeFileSync(path.join(directory, "2026-11-20.0001.jsonl"), '{"a":')
    const batch = batchOf([{}], { first: 1 })
    await open().write(batch, signal())
    expect(text()).toBe(textOf(batch))
  })

  it("begins a new file before the largest size is exceeded, and compresses the finished one", async () => {
    const batches = [0, 1, 2].map(first => batchOf([{}], { first }))
    const mostBytes = textOf(...batches.slice(0, 2)).length
    const { open, names, text } = given({ mostBytes })
    const connection = open()
    for (const batch of batches) await connection.write(batch, signal())
    await connection.close()
    expect(names()).toEqual(["2026-11-20.0001.jsonl.gz", "2026-11-20.0002.jsonl"])
    expect(text()).toBe(textOf(...batches))
  })

  it("takes a batch that is larger than a file may be: alone, never not at all", async () => {
    const { open, names, text } = given({ mostBytes: 10, gzip: false })
    const batches = [0, 1].map(first => batchOf([{}, {}], { first: first * 2 }))
    for (const batch of batches) await open().write(batch, signal())
    expect(names()).toHaveLength(2)
    expect(text()).toBe(textOf(...batches))
  })

  it("begins a new file with the day in UTC, unless it is told not to, and never one before the newest", async () => {
    const days = ["20", "21", "20"]
    const batches = days.map((day, first) => batchOf([{}], { first, at: at(day) }))
    const daily = given({ gzip: false })
    for (const batch of batches) await daily.open().write(batch, signal())
    expect(daily.names()).toEqual(["2026-11-20.0001.jsonl", "2026-11-21.0001.jsonl"])
    expect(daily.text()).toBe(textOf(...batches))
    const one = given({ gzip: false, daily: false })
    for (const batch of batches) await one.open().write(batch, signal())
    expect(one.names()).toEqual(["2026-11-20.0001.jsonl"])
  })

  it("keeps the newest finished files, and deletes nothing that is not its own", async () => {
    const { directory, open, names } = given({ mostBytes: 1, keep: 2 })
    const connection = open()
    await connection.write(batchOf([{}]), signal())
    for (const name of ["notes.txt", "2026-11-01.0001.jsonl.bak"])
      writeFileSync(path.join(directory, name), "mine")
    for (const first of [1, 2, 3, 4]) await connection.write(batchOf([{}], { first }), signal())
    await connection.close()
    expect(names()).toEqual([
      "2026-11-01.0001.jsonl.bak",
      "2026-11-20.0003.jsonl.gz",
      "2026-11-20.0004.jsonl.gz",
      "2026-11-20.0005.jsonl",
      "notes.txt",
    ])
  })

  it("finishes what a killed worker had begun to compress", async () => {
    const { directory, open, names, text } = given({ mostBytes: 1 })
    const batches = [0, 1, 2].map(first => batchOf([{}], { first }))
    const [first, second, third] = batches
    if (!first || !second || !third) throw new Error("three batches")
    await open().write(first, signal())
    writeFileSync(path.join(directory, "2026-11-20.0001.jsonl.gz.part"), "half")
    const connection = open()
    await connection.write(second, signal())
    await connection.close()
    await connection.write(third, signal())
    await connection.close()
    expect(names()).toEqual(["2026-11-20.0001.jsonl.gz", "2026-11-20.0002.jsonl.gz", "2026-11-20.0003.jsonl"])
    expect(text()).toBe(textOf(...batches))
  })

  it("does not mix the lines of batches that come at once", async () => {
    const { open, text } = given({ mostBytes: 20_000, gzip: false })
    const batches = Array.from({ length: 20 }, (_, each) => batchOf([{}, {}, {}], { first: each * 3 }))
    await Promise.all(batches.map(batch => open().write(batch, signal())))
    expect(text()).toHaveLength(textOf(...batches).length)
    for (const batch of batches) expect(text()).toContain(textOf(batch))
  })

  it("says in words what keeps it from writing, and whose turn it is to change that", async () => {
    const blocked = path.join(folder, "a-file")
    writeFileSync(blocked, "")
    const write = (directory: string) => fileSink(directory, rotation).write(batchOf([{}]), signal())
    await expect(write(path.join(blocked, "sink"))).rejects.toMatchObject({
      trouble: "configuration",
      message: "The file cannot be written (ENOTDIR).",
    })
    const opening = {
      settings: file.settings.parse({}),
      credentials: {},
      directory: null,
      now: () => new Date(),
    }
    // The kind connects to nothing.
    await expect(file.open({ ...opening, outbound: undefined as never })).rejects.toMatchObject({
      trouble: "configuration",
    })
  })

  it("waits when the disk is full", async () => {
    const { directory, open, names } = given()
    await open().write(batchOf([{}]), signal())
    rmSync(path.join(directory, "2026-11-20.0001.jsonl"))
    // A device of Linux that never has room.
    symlinkSync("/dev/full", path.join(directory, "2026-11-20.0001.jsonl"))
    await expect(open().write(batchOf([{}], { first: 1 }), signal())).rejects.toMatchObject({
      trouble: "later",
      message: "The disk is full (ENOSPC).",
    })
    rmSync(path.join(directory, "2026-11-20.0001.jsonl"))
    expect(await open().write(batchOf([{}], { first: 1 }), signal())).toEqual({ all: "taken" })
    expect(names()).toHaveLength(1)
  })
})
