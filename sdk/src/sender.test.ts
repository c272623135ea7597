import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { nodeTransport } from "./node-transport"
import type { RecordOutcome } from "./outcome"
import { lineOf } from "./queue"
import { Sender, type SenderOptions } from "./sender"
import { diskSpool, type Spool } from "./spool"

let folder: string
let server: StandIn
const log: string[] = []
const senders: Sender[] = []

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdk-sender-"))
  server = await startStandIn()
  log.length = 0
})

afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.close(0)
  await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

const spoolHere = (totalBytes?: number): Spool =>
  diskSpool({ directory: path.join(folder, "spool"), totalBytes, log: problem => log.push(problem) })

function senderTo(url: string, options: Partial<SenderOptions> = {}): Sender {
  const sender = new Sender({
    transport: nodeTransport({ url: new URL(url), key: "key" }),
    spool: spoolHere(),
    log: problem => log.push(problem),
    instance: "test",
    newId: randomUUID,
    flushMs: 5,
    firstRetryMs: 5,
    longestRetryMs: 20,
    lossEveryMs: 0,
    ...options,
  })
  senders.push(sender)
  return sender
}

let numbered = 0
function eventNamed(name: string, operation = "door.open") {
  const occurredAt = new Date(1_700_000_000_000 + numbered++).toISOString()
  return { id: randomUUID(), occurredAt, operation, actor: { type: "user", id: name }, status: "success" }
}

const add = (sender: Sender, name: string, operation?: string) =>
  new Promise<RecordOutcome>(resolve => {
    sender.add(lineOf(eventNamed(name, operation), "", outcome => resolve(outcome)))
  })

const namesOf = (standIn: StandIn) =>
  standIn.events
    .map(event => (event.actor as { readonly id: string }).id)
    .filter(id => id !== "auditorium-sdk")

const lossesOf = (standIn: StandIn) => standIn.events.filter(event => event.operation === "capture.lost")

const numbers = (first: number, past: number) =>
  Array.from({ length: past - first }, (_, at) => String(first + at))

describe("a sender", () => {
  it("sends events in the order in which they came", async () => {
    const sender = senderTo(server.url, { batch: { events: 3, bytes: 1e6 } })
    const outcomes = await Promise.all(numbers(0, 10).map(name => add(sender, name)))
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]))
    expect(namesOf(server)).toEqual(numbers(0, 10))
  })

  it("keeps the order when the server was away: what is on disk goes first", async () => {
    server.reply = () => ({ status: 503 })
    const sender = senderTo(server.url, { batch: { events: 4, bytes: 1e6 } })
    const kept = await Promise.all(numbers(0, 30).map(name => add(sender, name)))
    expect(new Set(kept)).toEqual(new Set(["kept"]))
    server.reply = undefined
    for (const name of numbers(30, 40)) void add(sender, name)
    await server.until(() => namesOf(server).length === 40)
    expect(namesOf(server)).toEqual(numbers(0, 40))
    expect(lossesOf(server)).toEqual([])
  })

  it("keeps the order when events go to disk while an older batch is on its way and fails", async () => {
    let fail: (() => void) | undefined
    const failed = new Promise<void>(resolve => {
      fail = resolve
    })
    let isFirst = true
    const real = nodeTransport({ url: new URL(server.url), key: "key" })
    const sender = senderTo(server.url, {
      limits: { events: 12, bytes: 1e6 },
      transport: async request => {
        if (!isFirst) return real(request)
        isFirst = false
        await failed
        return { status: 503, headers: {}, body: "" }
      },
    })
    const first = add(sender, "0")
    while (isFirst) await new Promise(resolve => setTimeout(resolve, 1))
    // Half of the memory is used: these go to disk.
    expect(
      await Promise.all(
        numbers(1, 8)
          .map(name => add(sender, name))
          .slice(0, 5),
      ),
    ).toContain("kept")
    fail?.()
    await first
    await server.until(() => namesOf(server).length === 8)
    expect(namesOf(server)).toEqual(numbers(0, 8))
  })

  it("sends a batch again whose answer was lost, with the same ids", async () => {
    let isFirst = true
    const sender = senderTo(server.url)
    server.reply = () => {
      const answer = isFirst ? ({ status: 504 } as const) : undefined
      isFirst = false
      return answer
    }
    await add(sender, "a")
    await server.until(() => namesOf(server).length === 1)
    const bodies = server.received.map(({ body }) => body)
    expect(bodies[1]).toBe(bodies[0])
  })

  it("halves a batch that is too large, down to the event that is", async () => {
    server.reply = ({ body }) => (body.includes('"id":"7"') ? { status: 413 } : undefined)
    const sender = senderTo(server.url)
    const outcomes = await Promise.all(numbers(0, 10).map(name => add(sender, name)))
    expect(outcomes).toEqual(numbers(0, 10).map(name => (name === "7" ? "refused" : "accepted")))
    await server.until(() => lossesOf(server).length === 1)
    expect(lossesOf(server)[0]?.metadata).toMatchObject({ count: 1, reasons: { refused: 1 } })
  })

  it("takes the events beside one that is refused", async () => {
    const sender = senderTo(server.url)
    const outcomes = await Promise.all([add(sender, "a"), add(sender, "b", "refuse.me"), add(sender, "c")])
    expect(outcomes).toEqual(["accepted", "refused", "accepted"])
    expect(log).toContain("An event was refused: /operation no")
  })

  it("counts what there was no room for and reports it once, with the time from first to last", async () => {
    server.reply = () => ({ status: 503 })
    const sender = senderTo(server.url, { limits: { events: 5, bytes: 1e6 }, spool: null })
    const lost: string[] = []
    for (const name of numbers(0, 12)) {
      const event = eventNamed(name)
      if (!sender.add(lineOf(event, ""))) lost.push(event.occurredAt)
    }
    expect(lost).toHaveLength(7)
    server.reply = undefined
    await server.until(() => namesOf(server).length === 5 && lossesOf(server).length === 1)
    const [report] = lossesOf(server)
    expect(report?.metadata).toEqual({ count: 7, from: lost[0], to: lost[6], reasons: { full: 7 } })
    expect(namesOf(server)).toEqual(numbers(0, 5))
  })

  it("does not report that its own report was refused", async () => {
    server.reply = ({ body }) => (body.includes("capture.lost") ? { status: 422 } : undefined)
    const sender = senderTo(server.url)
    await add(sender, "a", "refuse.me")
    await server.until(self => self.received.some(({ body }) => body.includes("capture.lost")))
    await add(sender, "b")
    await add(sender, "c")
    expect(server.received.filter(({ body }) => body.includes("capture.lost"))).toHaveLength(1)
  })

  it.each([401, 403, 404, 302])("keeps events while the server answers %i, and says why", async status => {
    server.reply = () => ({ status, body: { detail: "The key is revoked." } })
    const sender = senderTo(server.url)
    expect(await add(sender, "a")).toBe("kept")
    expect(log.join()).toMatch(`${status}: The key is revoked.`)
    await sender.close(0)
    server.reply = undefined
    await senderTo(server.url).start()
    await server.until(() => namesOf(server).length === 1)
  })

  it("sends on closing what is in memory", async () => {
    const sender = senderTo(server.url, { flushMs: 1e9 })
    void add(sender, "a")
    await sender.close(5_000)
    expect(namesOf(server)).toEqual(["a"])
  })

  it("keeps on closing what the server does not take, and the next process sends it", async () => {
    server.reply = () => "hang"
    const sender = senderTo(server.url, { flushMs: 1 })
    void add(sender, "on its way")
    await server.until(self => self.received.length === 1)
    void add(sender, "in memory")
    await sender.close(10)
    server.reply = undefined
    await senderTo(server.url).start()
    await server.until(() => namesOf(server).length === 2)
    expect(namesOf(server)).toEqual(["on its way", "in memory"])
  })
})

describe("a spool", () => {
  it("holds no more bytes than it may, and keeps the oldest events", async () => {
    const directory = path.join(folder, "spool")
    const spool = diskSpool({ directory, fileBytes: 250, totalBytes: 1_000, log: () => undefined })
    const lines = numbers(100, 130).map(name => `{"name":"${name}","filling":"${"x".repeat(60)}"}`)
    const written = await spool.write(lines)
    const bytes = filesIn(folder).reduce((sum, file) => sum + fs.statSync(file).size, 0)
    expect(written).toBeGreaterThan(5)
    expect(bytes).toBe(spool.bytes)
    expect(bytes).toBeLessThanOrEqual(1_000)
    expect((await spool.oldest())?.lines[0]).toBe(lines[0])
    expect(spool.hasRoom(1_000)).toBe(false)
  })

  it("can be read by nobody else", async () => {
    const spool = spoolHere()
    await spool.write(["{}"])
    const [file = ""] = filesIn(folder)
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
  })

  it("is not used when others can write in its directory", async () => {
    fs.mkdirSync(path.join(folder, "spool"))
    fs.chmodSync(path.join(folder, "spool"), 0o777)
    expect(await spoolHere().write(["{}"])).toBe(0)
    expect(log.join()).toContain("can be written by other accounts")
  })

  it("sends the whole lines of a file that a killed process left half-written, and counts the half", async () => {
    const spool = spoolHere()
    await spool.write([JSON.stringify(eventNamed("whole"))])
    const [file = ""] = filesIn(folder)
    const orphan = path.join(folder, "spool", `${os.hostname()}+2147483646+0123456789ab`)
    fs.renameSync(path.dirname(file), orphan)
    fs.appendFileSync(path.join(orphan, path.basename(file)), '{"id":"half')
    await senderTo(server.url).start()
    await server.until(() => namesOf(server).length === 1 && lossesOf(server).length === 1)
    expect(lossesOf(server)[0]?.metadata).toMatchObject({ count: 1, reasons: { unreadable: 1 } })
    expect(filesIn(folder)).toEqual([])
  })

  it("leaves the folder of a process that runs alone", async () => {
    const running = path.join(folder, "spool", `${os.hostname()}+${process.ppid}+0123456789ab`)
    fs.mkdirSync(running, { recursive: true, mode: 0o700 })
    fs.writeFileSync(path.join(running, "1.jsonl"), "{}\n")
    const spool = spoolHere()
    await spool.adopt()
    expect(spool.isEmpty).toBe(true)
    expect(fs.existsSync(path.join(running, "1.jsonl"))).toBe(true)
  })

  it("goes on in memory when the disk fails", async () => {
    fs.writeFileSync(path.join(folder, "spool"), "a file where the directory should be")
    server.reply = () => ({ status: 503 })
    const sender = senderTo(server.url)
    void add(sender, "a")
    await server.until(self => self.received.length >= 2)
    server.reply = undefined
    await server.until(() => namesOf(server).length === 1)
    expect(log.join()).toContain("cannot be kept")
  })
})

function filesIn(directory: string): readonly string[] {
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
}
