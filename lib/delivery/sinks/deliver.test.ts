import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvent, prepareTestEvents } from "@/test/events"
import { forgetSink, pauseCursors, restartCursors } from "./cursors"
import type { SinkDelivery } from "./delivery"
import { drain, makeSink, progress, record, type TestClock, testDelivery } from "./fixtures/delivering"
import { gate, type TestReceiver, testReceiver } from "./fixtures/receiver"
import { beginTest, expire, receiptsOf, resumeSink } from "./fixtures/set-up"

const minute = 60_000

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

let organization: TestOrganization
let clock: TestClock
let receiver: TestReceiver
let delivery: SinkDelivery
beforeEach(async () => {
  ;({ organization, clock, receiver, delivery } = await beginTest(db))
})

describe("delivery", () => {
  test("brings every event once, in the order of the log, whole batches at a time, and leaves receipts", async () => {
    receiver.batching = { ...receiver.batching, mostEvents: 4 }
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 10))
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    expect(receiver.arrived.map(({ first, past }) => [first, past])).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ])
    expect(new Set(receiver.arrived.map(({ id }) => id)).size).toBe(3)
    expect(await receiptsOf(db, organization, sinkId)).toMatchObject([
      { outcome: "taken", first: 0, past: 4, taken: 4, batch: receiver.arrived[0]?.id, answer: null },
      { outcome: "taken", first: 4, past: 8, taken: 4 },
      { outcome: "taken", first: 8, past: 10, taken: 2 },
    ])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      ...{
        first: 0,
        next: 10,
        past: 10,
        behindEvents: 0,
        behindSeconds: null,
        taken: 10,
        passedOver: 0,
        missed: 0,
      },
      ...{ failures: 0, lastError: null, isReplay: false },
    })
    expect(receiver.opened).toBe(1)
  })

  test("begins now, at a time, or with the first event", async () => {
    const before = await record(db, organization, prepareTestEvents(organization, 3))
    const startedAt = clock.now()
    await makeSink(db, organization, { at: startedAt, begin: { kind: "now" } })
    const now = await record(db, organization, prepareTestEvents(organization, 2))
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(now)

    receiver.taken.length = 0
    await makeSink(db, organization, { at: clock.now(), begin: { kind: "time", at: new Date(0) } })
    await drain(delivery, clock)
    expect(receiver.taken).toEqual([...before, ...now])
  })

  test("that begins at a later time passes over what is received before it", async () => {
    // The times of receipt are the database's: the beginning must lie between two of them.
    const [row] = await db.database.queryDirectly<{ ms: number }>(
      "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 + 700 AS ms",
    )
    const begin = new Date(row?.ms ?? 0)
    const sinkId = await makeSink(db, organization, {
      at: new Date(begin.getTime() - 60_000),
      begin: { kind: "time", at: begin },
    })
    await record(db, organization, prepareTestEvents(organization, 3))
    await delivery.tick(new Date(begin.getTime() - 1))
    await delivery.settled()
    expect(receiver.arrived).toEqual([])
    expect(await progress(db, organization, sinkId, new Date(begin.getTime() - 1))).toMatchObject({
      isWaiting: true,
    })
    await db.database.queryDirectly(
      `SELECT pg_sleep(greatest(0, $1::float8 / 1000 - extract(epoch FROM clock_timestamp())))`,
      [begin.getTime()],
    )
    const ids = await record(db, organization, prepareTestEvents(organization, 2))
    clock.pass(minute)
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      first: 3,
      next: 5,
      taken: 2,
      passedOver: 0,
    })
  })

  test("sends what the query of the sink means, whenever it occurred, and counts the rest", async () => {
    const old = prepareTestEvent(organization, {
      operation: "user.delete",
      occurredAt: prepareTestEvent(organization).content.occurredAt,
    })
    const sinkId = await makeSink(db, organization, {
      query: "operation=user.delete&order=newest&limit=20",
      at: clock.now(),
    })
    await record(db, organization, [
      ...prepareTestEvents(organization, 5),
      old,
      ...prepareTestEvents(organization, 5),
    ])
    await drain(delivery, clock)
    expect(receiver.taken).toEqual([old.content.id])
    expect(receiver.arrived).toMatchObject([{ first: 0, past: 11 }])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      next: 11,
      taken: 1,
      passedOver: 10,
    })
  })

  test("passes over a long log without an event for the sink, without sending anything", async () => {
    receiver.batching = { ...receiver.batching, mostEvents: 2 }
    const sinkId = await makeSink(db, organization, { query: "operation=nothing.at_all", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 101))
    await drain(delivery, clock)
    expect(receiver.arrived).toEqual([])
    expect(await receiptsOf(db, organization, sinkId)).toEqual([])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      next: 101,
      passedOver: 101,
      behindEvents: 0,
    })
  })

  test("keeps a batch within its bytes, in the text of the log and as it is written", async () => {
    receiver.batching = { ...receiver.batching, mostBytes: 10_000 }
    await makeSink(db, organization, { at: clock.now() })
    const ids = await record(
      db,
      organization,
      prepareTestEvents(organization, 12, position => ({
        metadata: { text: "x".repeat(position === 5 ? 20_000 : 2_000) },
      })),
    )
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    for (const { events } of receiver.arrived) {
      const bytes = events.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0)
      expect(bytes <= 10_000 || events.length === 1).toBe(true)
    }
    expect(receiver.arrived.length).toBeGreaterThan(3)
  })

  test("waits until a batch is full or its oldest event has waited long enough", async () => {
    receiver.batching = { ...receiver.batching, least: 5, longestWaitMs: 10 * minute }
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = [...(await record(db, organization, prepareTestEvents(organization, 3)))]
    await drain(delivery, clock)
    expect(receiver.arrived).toEqual([])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      isWaiting: true,
      behindEvents: 3,
    })
    // Full before its time.
    ids.push(...(await record(db, organization, prepareTestEvents(organization, 2))))
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    // Its time before it is full.
    ids.push(...(await record(db, organization, prepareTestEvents(organization, 1))))
    await drain(delivery, clock)
    expect(receiver.taken.length).toBe(5)
    clock.pass(11 * minute)
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
  })

  test("counts events that have expired as missed, also one in the middle, and never waits for them", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 6))
    await expire(db, [ids[1], ids[4], ids[5]])
    await drain(delivery, clock)
    expect(receiver.taken).toEqual([ids[0], ids[2], ids[3]])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      next: 6,
      taken: 3,
      missed: 3,
      passedOver: 0,
    })
  })
})

describe("with a batch in flight", () => {
  /** Lets a batch arrive, changes something before its answer, then lets it be answered. */
  async function during(change: () => Promise<unknown>): Promise<void> {
    const arrived = gate()
    const answered = gate()
    receiver.answer = async () => {
      arrived.open()
      await answered.opened
      return undefined
    }
    await delivery.tick(clock.now())
    await arrived.opened
    await change()
    answered.open()
    await delivery.settled()
    receiver.answer = () => undefined
  }

  test("a sink that is deleted leaves nothing: no cursor, no receipt, and its settle changes nothing else", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const other = await makeSink(db, organization, { kind: "elsewhere", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 2))
    await during(() =>
      db.database.withOrganization(organization.id, async tx => {
        await forgetSink(tx, { sinkId, organizationId: organization.id })
        await tx.query("DELETE FROM sink WHERE id = $1", [sinkId])
      }),
    )
    await expect(progress(db, organization, sinkId, clock.now())).rejects.toThrow("no cursor")
    expect(await receiptsOf(db, organization, sinkId)).toEqual([])
    expect(await progress(db, organization, other, clock.now())).toMatchObject({ next: 0, taken: 0 })
  })

  test("a sink that is paused sends the same batch again after the pause, under the same id", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 2))
    await during(() =>
      db.database.withOrganization(organization.id, tx =>
        pauseCursors(tx, { sinkId, organizationId: organization.id }),
      ),
    )
    await record(db, organization, prepareTestEvents(organization, 2))
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    await resumeSink(db, organization, sinkId, clock.now())
    await drain(delivery, clock)
    expect(receiver.arrived.map(({ first, past }) => [first, past])).toEqual([
      [0, 2],
      [0, 2],
      [2, 4],
    ])
    expect(receiver.arrived[1]?.id).toBe(receiver.arrived[0]?.id)
  })

  test("a sink that is changed chooses its range anew, and its batches have other ids", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 2))
    await during(() =>
      db.database.withOrganization(organization.id, async tx => {
        await tx.query("UPDATE sink SET version = version + 1 WHERE id = $1", [sinkId])
        await restartCursors(tx, { sinkId, organizationId: organization.id }, clock.now())
      }),
    )
    await record(db, organization, prepareTestEvents(organization, 2))
    await drain(delivery, clock)
    expect(receiver.arrived.map(({ first, past }) => [first, past])).toEqual([
      [0, 2],
      [0, 4],
    ])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ next: 4, taken: 4 })
    // What was opened with the old settings is closed.
    expect([receiver.opened, receiver.closed]).toEqual([2, 1])
  })

  test("a worker that ends gives the range back as it is", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 2))
    const arrived = gate()
    receiver.answer = () => {
      arrived.open()
      return new Promise(() => {})
    }
    await delivery.tick(clock.now())
    await arrived.opened
    await delivery.close()
    expect(receiver.closed).toBe(1)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ next: 0, failures: 0 })
    const next = testReceiver()
    await drain(testDelivery({ db, receivers: [next], clock }), clock)
    expect(next.arrived.map(({ id }) => id)).toEqual(receiver.arrived.map(({ id }) => id))
  })
})

describe("two organizations", () => {
  test("with the same event id are both delivered, under different document ids, and neither sees rows of the other", async () => {
    const other = await db.organization()
    const id = randomUUID()
    const sinks = [
      await makeSink(db, organization, { at: clock.now() }),
      await makeSink(db, other, { at: clock.now() }),
    ]
    for (const each of [organization, other]) await record(db, each, [prepareTestEvent(each, { id })])
    await drain(delivery, clock)
    const documents = receiver.arrived.flatMap(({ events }) => events.map(({ documentId }) => documentId))
    expect(documents.toSorted()).toEqual([`${organization.id}:${id}`, `${other.id}:${id}`].toSorted())
    expect(new Set(receiver.arrived.map(batch => batch.id)).size).toBe(2)
    for (const [position, each] of [organization, other].entries()) {
      const seen = await db.database.withOrganization(each.id, tx =>
        tx.query("SELECT sink_id::text AS id FROM sink_delivery"),
      )
      expect(seen).toEqual([{ id: sinks[position] }])
      await expect(progress(db, each, sinks[1 - position] ?? "", clock.now())).rejects.toThrow("no cursor")
    }
  })
})
