import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { SinkError } from "@/lib/sinks/sink"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { claimCursors } from "./claimed"
import {
  drain,
  makeSink,
  progress,
  record,
  type TestClock,
  testClock,
  testDelivery,
} from "./fixtures/delivering"
import { gate, testReceiver } from "./fixtures/receiver"
import { beginReplay } from "./replays"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 })
})
afterAll(() => db.close())

let organization: TestOrganization
let clock: TestClock
beforeEach(async () => {
  await db.superuser.query("UPDATE sink_cursor SET due_at = NULL")
  organization = await db.organization()
  clock = testClock()
})

test("sinks that hang, reset, or answer and store nothing hold up no other: a healthy one has its events while they hang", async () => {
  const hanging = testReceiver({ name: "hanging" })
  const release = gate()
  hanging.answer = async () => {
    await release.opened
    return undefined
  }
  const resetting = testReceiver({ name: "resetting" })
  resetting.answer = () => {
    throw new SinkError("later", "The connection was reset.")
  }
  // It answers, and its answer says of no event that it was stored.
  const lying = testReceiver({ name: "lying" })
  lying.answer = () => ({ items: [] })
  const healthy = testReceiver({ name: "healthy" })
  const delivery = testDelivery({ db, receivers: [hanging, resetting, lying, healthy], clock })
  for (let sink = 0; sink < 40; sink++) await makeSink(db, organization, { kind: "hanging", at: clock.now() })
  for (const kind of ["resetting", "lying", "healthy"])
    await makeSink(db, organization, { kind, at: clock.now() })
  const warm = await record(db, organization, prepareTestEvents(organization, 1))
  // All are new, so all count as slow: the healthy one has had its turn once when the lanes of slow sinks are full.
  await db.superuser.query(
    "UPDATE sink_cursor c SET last_attempt_ms = 5 FROM sink s WHERE s.id = c.sink_id AND s.kind = 'healthy'",
  )
  await delivery.tick(clock.now())
  await expect.poll(() => healthy.taken, { timeout: 60_000 }).toEqual(warm)
  await expect.poll(() => hanging.arrived.length, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(hanging.arrived.length).toBeLessThanOrEqual(16)

  const more: string[] = []
  for (let round = 0; round < 3; round++) {
    more.push(...(await record(db, organization, prepareTestEvents(organization, 2))))
    clock.pass(500)
    await delivery.tick(clock.now())
    await expect.poll(() => healthy.taken, { timeout: 60_000 }).toEqual([...warm, ...more])
  }
  expect(delivery.inFlight).toBeGreaterThanOrEqual(10)
  release.open()
  hanging.answer = () => undefined
  await delivery.settled()
  expect(lying.taken).toEqual([])
  await delivery.close()
})

test("two workers never have the same cursor, and together deliver everything once", async () => {
  const receivers = [testReceiver(), testReceiver()]
  const workers = receivers.map(receiver => testDelivery({ db, receivers: [receiver], clock }))
  for (const receiver of receivers) receiver.batching = { ...receiver.batching, mostEvents: 3 }
  const organizations = await Promise.all([
    organization,
    db.organization(),
    db.organization(),
    db.organization(),
  ])
  for (const each of organizations)
    for (let sink = 0; sink < 3; sink++) await makeSink(db, each, { at: clock.now() })
  const ids = new Map<string, readonly string[]>()
  for (const each of organizations) ids.set(each.id, await record(db, each, prepareTestEvents(each, 10)))
  await Promise.all(workers.map(worker => drain(worker, clock)))
  const batches = receivers.flatMap(({ arrived }) => arrived)
  expect(new Set(batches.map(({ id }) => id)).size).toBe(batches.length)
  for (const [id, wanted] of ids) {
    const own = batches.filter(batch => batch.organization.id === id)
    for (const sink of new Set(own.map(batch => batch.sink.id))) {
      const taken = own
        .filter(batch => batch.sink.id === sink)
        .toSorted((one, other) => one.first - other.first)
        .flatMap(({ events }) => events.map(({ event }) => event.id))
      expect(taken).toEqual(wanted)
    }
  }
})

test("a cursor is claimed by one of many who ask at once, and again when its lease has ended", async () => {
  await makeSink(db, organization, { at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 1))
  const ask = () => claimCursors(db.database, { at: clock.now(), most: 10, mostSlow: 10 })
  const claimed = await Promise.all(Array.from({ length: 8 }, ask))
  expect(claimed.flat().length).toBe(1)
  clock.pass(59_000)
  expect(await ask()).toEqual([])
  clock.pass(2_000)
  expect(await ask()).toMatchObject([{ claims: 2 }])
})

test("while one worker writes to the folder of a sink, no other does: a replay waits, and has its turn then", async () => {
  const [one, other] = [0, 1].map(() => testReceiver({ name: "local", reach: "server" }))
  if (one === undefined || other === undefined) throw new Error("two receivers")
  // What writes to the server itself is for an installation with one organization.
  const only = await createTestDatabase({ poolSize: 6 })
  try {
    const acme = await only.organization()
    const workers = [one, other].map(receiver => testDelivery({ db: only, receivers: [receiver], clock }))
    const sinkId = await makeSink(only, acme, { kind: "local", at: clock.now() })
    const ids = await record(only, acme, prepareTestEvents(acme, 3))
    const [arrived, release] = [gate(), gate()]
    one.answer = async () => {
      arrived.open()
      await release.opened
      return undefined
    }
    await workers[0]?.tick(clock.now())
    await arrived.opened
    await only.database.withOrganization(acme.id, tx =>
      beginReplay(
        tx,
        { sinkId, organizationId: acme.id },
        { first: 0, past: 3, by: "Ada" },
        { at: clock.now(), isPaused: false },
      ),
    )
    for (let turn = 0; turn < 3; turn++) {
      expect(await workers[1]?.tick(clock.now())).toBe(1)
      await workers[1]?.settled()
    }
    expect(other.arrived).toEqual([])
    release.open()
    await workers[0]?.settled()
    for (const worker of workers.toReversed()) await drain(worker, clock)
    expect([...one.taken, ...other.taken]).toEqual([...ids, ...ids])
    expect(other.taken).toEqual(ids)
  } finally {
    await only.close()
  }
})

test("the worker whose lease has ended stores nothing over the one that has the cursor now", async () => {
  const slow = testReceiver()
  const release = gate()
  const arrived = gate()
  slow.answer = async () => {
    arrived.open()
    await release.opened
    return undefined
  }
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 2))
  const late = testDelivery({ db, receivers: [slow], clock })
  await late.tick(clock.now())
  await arrived.opened
  clock.pass(61_000)
  await record(db, organization, prepareTestEvents(organization, 2))
  const quick = testReceiver()
  const second = testDelivery({ db, receivers: [quick], clock })
  await drain(second, clock)
  // The same range first, then what came meanwhile.
  expect(quick.arrived.map(({ first, past }) => [first, past])).toEqual([
    [0, 2],
    [2, 4],
  ])
  expect(quick.arrived[0]?.id).toBe(slow.arrived[0]?.id)
  release.open()
  await late.settled()
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ next: 4, taken: 4 })
})

test("large events of many sinks never take more memory than the budget", async () => {
  const receiver = testReceiver()
  receiver.batching = { ...receiver.batching, mostBytes: 64 * 1024 * 1024 }
  const delivery = testDelivery({ db, receivers: [receiver], clock })
  for (let sink = 0; sink < 6; sink++) await makeSink(db, organization, { at: clock.now() })
  const event = { metadata: { text: "x".repeat(256 * 1024) } }
  await record(
    db,
    organization,
    prepareTestEvents(organization, 40, () => event),
  )
  let inFlight = 0
  let most = 0
  receiver.answer = async ({ events }) => {
    const bytes = events.reduce((sum, { line }) => sum + line.length, 0)
    inFlight += bytes
    most = Math.max(most, inFlight)
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    inFlight -= bytes
    return undefined
  }
  await drain(delivery, clock)
  expect(receiver.taken.length).toBe(240)
  // Four forms of each batch are in memory at once: 64 MiB are 16 MiB of text.
  expect(most).toBeLessThanOrEqual(17 * 1024 * 1024)
  expect(most).toBeGreaterThan(4 * 1024 * 1024)
  expect(delivery.budget.held).toBe(0)
})

test("however many sinks are due at once, deliveries hold at most two transactions of the database", async () => {
  let running = 0
  let most = 0
  const database: TestDatabase["database"] = {
    ...db.database,
    withOrganization: async (...given) => {
      running += 1
      most = Math.max(most, running)
      return db.database.withOrganization(...given).finally(() => {
        running -= 1
      })
    },
  }
  const receiver = testReceiver({ name: "many" })
  const delivery = testDelivery({ db: { database }, receivers: [receiver], clock })
  for (let sink = 0; sink < 12; sink++) await makeSink(db, organization, { kind: "many", at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 3))
  await drain(delivery, clock)
  expect(receiver.arrived.length).toBeGreaterThanOrEqual(12)
  expect(most).toBe(2)
  await delivery.close()
})
