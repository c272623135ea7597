import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { mountSmallDisk } from "@/test/small-disk"
import { nodeTransport } from "./node-transport"
import { lineOf } from "./queue"
import { Sender } from "./sender"
import { diskSpool } from "./spool"

const disk = mountSmallDisk(2, "the spool on a full disk")

describe.skipIf(disk === null)("a spool on a disk that is full", () => {
  const spoolFolder = path.join(disk?.folder ?? "", "spool")
  const log: string[] = []
  let server: StandIn
  beforeEach(async () => {
    server = await startStandIn()
    log.length = 0
  })
  afterEach(async () => {
    disk?.free()
    await server.stop()
    fs.rmSync(spoolFolder, { recursive: true, force: true })
  })
  afterAll(() => disk?.unmount())

  const spool = () => diskSpool({ directory: spoolFolder, log: problem => log.push(problem) })
  const line = (at: number) => JSON.stringify({ at, noise: "x".repeat(1_000) })
  const textsOnDisk = () =>
    (fs.readdirSync(spoolFolder, { recursive: true, encoding: "utf8" }) as string[])
      .filter(name => name.endsWith(".jsonl"))
      .map(name => fs.readFileSync(path.join(spoolFolder, name), "utf8"))
      .join("")

  it.each(["write", "writeNow"] as const)(
    "has whole lines only, those of which %s says that they are written, and takes more once there is space",
    async method => {
      const kept = spool()
      fs.mkdirSync(spoolFolder, { mode: 0o700 })
      // Room for some of the lines, and not for all.
      disk?.fill(24 * 1024)
      let written = 0
      let at = 0
      for (; written === at; at++) written += await kept[method]([line(at)])
      expect(at).toBeLessThan(100)
      expect(await kept[method]([line(at), line(at + 1), line(at + 2)].map(each => each.repeat(20)))).toBe(0)
      expect(textsOnDisk()).toBe(Array.from({ length: written }, (_, each) => `${line(each)}\n`).join(""))
      expect(log[0]).toMatch(/^Events cannot be kept in .*ENOSPC/)
      disk?.free()
      expect(await kept[method]([line(1_000)])).toBe(1)
      expect(textsOnDisk().endsWith(`${line(1_000)}\n`)).toBe(true)
      kept.close()
    },
  )

  it("loses nothing while the events fit into memory, and sends all of them when the server is back", async () => {
    server.reply = () => ({ status: 503 })
    fs.mkdirSync(spoolFolder, { mode: 0o700 })
    disk?.fill()
    const sender = new Sender({
      transport: nodeTransport({ url: new URL(server.url), key: "key" }),
      spool: spool(),
      log: problem => log.push(problem),
      instance: "test",
      newId: randomUUID,
      flushMs: 5,
      firstRetryMs: 5,
      longestRetryMs: 20,
      lossEveryMs: 0,
    })
    const ids = Array.from({ length: 300 }, () => randomUUID())
    for (const id of ids) {
      const occurredAt = "2026-01-01T00:00:00.000Z"
      const event = {
        id,
        occurredAt,
        operation: "door.open",
        actor: { type: "user", id: "u" },
        status: "success",
      }
      sender.add(lineOf(event, occurredAt))
    }
    await expect.poll(() => log.some(said => /ENOSPC/.test(said))).toBe(true)
    server.reply = () => undefined
    await expect.poll(() => server.events.length, { timeout: 10_000 }).toBe(ids.length)
    expect(server.events.map(event => event.id)).toEqual(ids)
    await sender.close(1_000)
  })
})
