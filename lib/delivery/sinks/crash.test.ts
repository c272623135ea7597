import { type ChildProcess, spawn } from "node:child_process"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest"
import { append } from "@/lib/ledger/append"
import { compiledScript } from "@/test/compiled"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { drain, makeSink, progress, record, testClock, testDelivery } from "./fixtures/delivering"
import type { HttpBatch } from "./fixtures/http-kind"
import { testReceiver } from "./fixtures/receiver"
import { expectWholeLog, gotOf } from "./fixtures/whole-log"

/** `npm run bench -- --only sinks` kills more often. */
const kills = 10

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())
beforeEach(() => db.superuser.query("UPDATE sink_cursor SET due_at = NULL"))

const children: ChildProcess[] = []
const servers: Server[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL")
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A receiver with its own record. `answers` decides whether a batch that has been recorded is answered. */
async function receiver(answers: () => boolean) {
  const got: HttpBatch[] = []
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    got.push(JSON.parse(Buffer.concat(chunks).toString()))
    if (answers()) response.end("{}")
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

async function worker(standsAt: string) {
  const script = await compiledScript("lib/delivery/sinks/fixtures/worker.ts")
  const child = spawn(process.execPath, [script, db.applicationUrl, standsAt], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  children.push(child)
  const seen: unknown[] = []
  child.on("message", message => seen.push(message))
  const ended = new Promise(resolve => child.once("exit", resolve))
  const kill = () => {
    child.kill("SIGKILL")
    return ended
  }
  return { seen, kill }
}

test(`a worker that is killed ${kills} times between claim, send, answer and settle loses nothing and repeats only whole ranges under the same id`, async () => {
  const organization = await db.organization()
  let isMute = false
  const { got, url } = await receiver(() => !isMute)
  const sinkId = await makeSink(db, organization, { kind: "http", settings: { url }, at: new Date() })
  const ids: string[] = []
  const stages = ["opened", "sent", "answered", "settled"] as const
  for (let kill = 0; kill < kills; kill++) {
    const stage = stages[kill % stages.length] ?? "sent"
    ids.push(...(await record(db, organization, prepareTestEvents(organization, 20))))
    isMute = stage === "sent"
    const arrived = got.length
    const { seen, kill: end } = await worker(stage)
    const reached = () =>
      stage === "sent" ? got.length > arrived : seen.includes(stage === "settled" ? "answered" : stage)
    await expect.poll(reached, { timeout: 120_000, interval: 5 }).toBe(true)
    await end()
    // The lease of the killed worker has ended.
    await db.superuser.query(
      "UPDATE sink_cursor SET leased_until = NULL, due_at = now() WHERE due_at IS NOT NULL",
    )
  }
  isMute = false
  const last = await worker("nowhere")
  const isDone = async () => (await progress(db, organization, sinkId, new Date())).next
  await expect.poll(isDone, { timeout: 120_000 }).toBe(ids.length)
  await last.kill()
  expectWholeLog(got, ids)
  expect(got.length).toBeGreaterThan(new Set(got.map(({ id }) => id)).size)
})

test("connections that are cut in the middle of everything lose nothing and repeat only whole ranges under the same id", async () => {
  const organization = await db.organization()
  const clock = testClock()
  const taker = testReceiver()
  taker.batching = { ...taker.batching, mostEvents: 5 }
  const lines: string[] = []
  const delivery = testDelivery({ db, receivers: [taker], clock, lines })
  await makeSink(db, organization, { at: clock.now() })
  const ids = await record(db, organization, prepareTestEvents(organization, 300))
  let cuts = 0
  taker.answer = async () => {
    if (taker.arrived.length % 7 !== 0 || cuts >= 6) return undefined
    cuts += 1
    // The answer is known, and cannot be stored.
    await db.superuser.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'auditorium_app'",
    )
    return undefined
  }
  while (taker.taken.at(-1) !== ids.at(-1)) {
    await delivery.tick(clock.now()).catch(() => 0)
    await delivery.settled()
    clock.pass(70_000)
  }
  await drain(delivery, clock)
  expect(cuts).toBe(6)
  expectWholeLog(gotOf(taker), ids)
  await delivery.close()
})

test("what eight writers commit while others roll back arrives whole and in the order of the log", async () => {
  const organization = await db.organization()
  const clock = testClock()
  const taker = testReceiver()
  taker.batching = { ...taker.batching, mostEvents: 40 }
  const delivery = testDelivery({ db, receivers: [taker], clock })
  await makeSink(db, organization, { at: clock.now() })
  let writing = 8
  let rolledBack = 0
  const write = async (writer: number) => {
    for (let turn = 0; turn < 8; turn++) {
      const number = writer * 8 + turn
      const isUndone = number % 10 === 3
      await db.database
        .withOrganization(organization.id, async tx => {
          await append(tx, organization.id, prepareTestEvents(organization, 1 + (number % 20)))
          if (number % 20 === 7) await sleep(30)
          if (isUndone) throw new Error("undone")
        })
        .catch(error => {
          if (!isUndone) throw error
          rolledBack += 1
        })
    }
    writing -= 1
  }
  const writers = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
  while (writing > 0) {
    await delivery.tick(clock.now())
    await sleep(2)
  }
  await writers
  await delivery.settled()
  await drain(delivery, clock)
  const rows = await db.database.withOrganization(organization.id, tx =>
    tx.query<{ id: string }>("SELECT id::text FROM ledger.visible_entry ORDER BY index"),
  )
  expect(rolledBack).toBeGreaterThan(3)
  expect(taker.taken).toEqual(rows.map(({ id }) => id))
})
