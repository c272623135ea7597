import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { SinkError } from "@/lib/sinks/sink"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvent, prepareTestEvents } from "@/test/events"
import { forgetSink, pauseCursors, restartCursors, resumeCursors } from "./cursors"
import type { SinkDelivery } from "./delivery"
import {
  drain,
  makeSink,
  progress,
  record,
  type TestClock,
  testClock,
  testDelivery,
} from "./fixtures/delivering"
import { gate, isDown, type TestReceiver, testReceiver } from "./fixtures/receiver"
import { beginReplay, cancelReplay } from "./replays"

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

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
  // What earlier tests left is due as well.
  await db.superuser.query("UPDATE sink_cursor SET due_at = NULL")
  organization = await db.organization()
  clock = testClock()
  receiver = testReceiver()
  delivery = testDelivery({ db, receivers: [receiver], clock })
})

const sinkOf = (sinkId: string) => ({ sinkId, organizationId: organization.id })
const within: TestDatabase["database"]["withOrganization"] = (...given) =>
  db.database.withOrganization(...given)
const receipts = (sinkId: string) =>
  within(organization.id, tx =>
    tx.query<{
      outcome: string
      first: number
      past: number
      batch: string
      taken: number
      answer: string | null
    }>(
      `SELECT outcome, first, past, batch_id::text AS batch, taken, answer FROM sink_delivery WHERE sink_id = $1 ORDER BY at, first`,
      [sinkId],
    ),
  )

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
    expect(await receipts(sinkId)).toMatchObject([
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
    expect(await receipts(sinkId)).toEqual([])
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
    await expire([ids[1], ids[4], ids[5]])
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

/** Removes the contents of events, as their expiry does; the entries stay. */
async function expire(ids: readonly (string | undefined)[]): Promise<void> {
  await db.superuser.query("ALTER TABLE ledger.event DISABLE TRIGGER ALL")
  await db.superuser.query("SET session_replication_role = replica")
  await db.superuser.query("DELETE FROM ledger.event WHERE id = ANY ($1::uuid[])", [ids])
  await db.superuser.query("RESET session_replication_role")
  await db.superuser.query("ALTER TABLE ledger.event ENABLE TRIGGER ALL")
}

describe("a receiver that is down", () => {
  test("gets everything after 72 hours, in order, nothing missing, the same batch again until then", async () => {
    receiver.batching = { ...receiver.batching, mostEvents: 7 }
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    receiver.answer = isDown
    const ids: string[] = []
    const downUntil = clock.now().getTime() + 72 * hour
    while (clock.now().getTime() < downUntil) {
      if (ids.length < 60) ids.push(...(await record(db, organization, prepareTestEvents(organization, 3))))
      await drain(delivery, clock)
      clock.pass(3 * hour)
    }
    expect(receiver.taken).toEqual([])
    expect(new Set(receiver.arrived.map(({ id }) => id)).size).toBe(1)
    expect(new Set(receiver.arrived.map(({ past }) => past))).toEqual(new Set([3]))
    const behind = await progress(db, organization, sinkId, clock.now())
    expect(behind).toMatchObject({
      next: 0,
      behindEvents: 60,
      lastError: { kind: "later", message: "The receiver is down." },
    })
    expect(behind.failures).toBe(receiver.arrived.length)
    expect(behind.behindSeconds).toBeGreaterThan(71 * 3600)

    receiver.answer = () => undefined
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      ...{ next: 60, taken: 60, missed: 0, failures: 0, firstFailureAt: null },
    })
  })

  test("is asked after the pause that it asks for, and not before", async () => {
    await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      throw new SinkError("later", "429", { retryAfterMs: 10 * minute })
    }
    await drain(delivery, clock)
    clock.pass(9 * minute)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    clock.pass(minute)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(2)
  })

  test("shows nothing of a credential that it sends back, and no secret of another kind", async () => {
    const token = 'mV7!x/+ token "with" marks'
    const sinkId = await makeSink(db, organization, { credentials: { token }, at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      const seen = [
        token,
        JSON.stringify(token),
        encodeURIComponent(token),
        Buffer.from(token).toString("base64"),
      ]
      throw new SinkError("later", `500: ${seen.join(" ")} password=hunter22 \u0000 ${"é".repeat(5_000)}`)
    }
    await drain(delivery, clock)
    const { lastError } = await progress(db, organization, sinkId, clock.now())
    const [receipt] = await receipts(sinkId)
    for (const text of [lastError?.message, receipt?.answer]) {
      expect(text).toContain("500: [token]")
      expect(text).not.toMatch(/mV7|hunter22/)
      expect(text).not.toContain("\u0000")
      expect(text).not.toContain(Buffer.from(token).toString("base64"))
    }
  })
})

describe("what needs somebody", () => {
  test("is a sink whose receiver wants nothing more: it pauses", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 2))
    receiver.answer = () => {
      throw new SinkError("gone", "410 Gone")
    }
    await drain(delivery, clock)
    clock.pass(24 * hour)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    expect(await paused(sinkId)).toBe("gone")
    // Resumed, it goes on where it stopped.
    receiver.answer = () => undefined
    await resume(sinkId)
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
  })

  test("is a sink whose credentials cannot be opened, or are missing: it pauses, and nothing is sent", async () => {
    const sealed = await makeSink(db, organization, { credentials: "of another SECRET", at: clock.now() })
    const strict = testReceiver({
      name: "strict",
      credentials: [{ name: "token", label: "Token", required: true }],
    })
    delivery = testDelivery({ db, receivers: [receiver, strict], clock })
    const missing = await makeSink(db, organization, { kind: "strict", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    expect([...receiver.arrived, ...strict.arrived]).toEqual([])
    expect(await paused(sealed)).toBe("credentials")
    expect(await paused(missing)).toBe("credentials")
    expect((await progress(db, organization, missing, clock.now())).lastError?.message).toBe(
      "Enter the credentials: Token.",
    )
  })

  test.each([
    ["an unknown kind", { kind: "carrier-pigeon" }, /no sinks of the kind “carrier-pigeon”/],
    ["unknown settings", { settings: { speed: 9 } }, /settings do not fit/],
    ["an unreadable query", { query: "colour=red" }, /query of the sink cannot be read/],
    ["a query for an app that is not there", { query: "app=elsewhere" }, /"elsewhere" is no app here/],
  ])("is a sink with %s: it says so, sends nothing and is looked at again", async (_, given, message) => {
    const sinkId = await makeSink(db, organization, { ...given, at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    const stands = await progress(db, organization, sinkId, clock.now())
    expect(stands).toMatchObject({ next: 0, failures: 1, lastError: { kind: "configuration" } })
    expect(stands.lastError?.message).toMatch(message)
    expect(receiver.arrived).toEqual([])
    clock.pass(15 * minute)
    await drain(delivery, clock)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ failures: 2 })
  })

  test("is a sink with an unknown format, or whose events cannot be written: it shows so, and is looked at again", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await db.superuser.query("UPDATE sink SET format = 'telex' WHERE id = $1", [sinkId])
    await drain(delivery, clock)
    const stands = await progress(db, organization, sinkId, clock.now())
    expect(stands.lastError).toMatchObject({
      kind: "configuration",
      message: expect.stringContaining("telex"),
    })
    await db.superuser.query("UPDATE sink SET format = 'auditorium', omit = '{no-such-part}' WHERE id = $1", [
      sinkId,
    ])
    clock.pass(15 * minute)
    const lines: string[] = []
    await drain(testDelivery({ db, receivers: [receiver], clock, lines }), clock)
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
      ...{
        next: 0,
        failures: 2,
        lastError: { kind: "later", message: expect.stringMatching(/^Unexpected error/) },
      },
    })
    expect(lines.join("")).toContain("sink.not-settled")
    expect(receiver.arrived).toEqual([])
  })

  test("is a sink that writes to the server itself while there are several organizations", async () => {
    const local = testReceiver({ name: "local", reach: "server" })
    delivery = testDelivery({ db, receivers: [local], clock })
    await db.organization()
    const sinkId = await makeSink(db, organization, { kind: "local", at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 1))
    await drain(delivery, clock)
    expect(local.arrived).toEqual([])
    expect((await progress(db, organization, sinkId, clock.now())).lastError).toMatchObject({
      kind: "configuration",
    })
  })

  test("is not a kind that fails in its own way: that is tried again, and its message, which may quote events, is not shown", async () => {
    const lines: string[] = []
    delivery = testDelivery({ db, receivers: [receiver], clock, lines })
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 1))
    receiver.answer = () => {
      throw new TypeError(`cannot read ${ids[0]}`)
    }
    await drain(delivery, clock)
    const { lastError } = await progress(db, organization, sinkId, clock.now())
    expect(lastError).toMatchObject({ kind: "later", message: expect.stringMatching(/^Unexpected error/) })
    expect(lines.join("")).toContain("TypeError")
    expect(lines.join("")).not.toContain(ids[0])
    receiver.answer = () => undefined
    clock.pass(minute)
    await drain(delivery, clock)
    expect(receiver.taken).toEqual(ids)
  })
})

async function paused(sinkId: string): Promise<string | null | undefined> {
  const rows = await within(organization.id, tx =>
    tx.query<{ reason: string | null }>("SELECT paused_reason AS reason FROM sink WHERE id = $1", [sinkId]),
  )
  return rows[0]?.reason
}

async function resume(sinkId: string): Promise<void> {
  await within(organization.id, async tx => {
    await tx.query("UPDATE sink SET paused_at = NULL, paused_reason = NULL WHERE id = $1", [sinkId])
    await resumeCursors(tx, sinkOf(sinkId), clock.now())
  })
}

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
      within(organization.id, async tx => {
        await forgetSink(tx, sinkOf(sinkId))
        await tx.query("DELETE FROM sink WHERE id = $1", [sinkId])
      }),
    )
    await expect(progress(db, organization, sinkId, clock.now())).rejects.toThrow("no cursor")
    expect(await receipts(sinkId)).toEqual([])
    expect(await progress(db, organization, other, clock.now())).toMatchObject({ next: 0, taken: 0 })
  })

  test("a sink that is paused sends the same batch again after the pause, under the same id", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    await record(db, organization, prepareTestEvents(organization, 2))
    await during(() => within(organization.id, tx => pauseCursors(tx, sinkOf(sinkId))))
    await record(db, organization, prepareTestEvents(organization, 2))
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
    await resume(sinkId)
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
      within(organization.id, async tx => {
        await tx.query("UPDATE sink SET version = version + 1 WHERE id = $1", [sinkId])
        await restartCursors(tx, sinkOf(sinkId), clock.now())
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

describe("a replay", () => {
  test("sends its range once more under ids of its own, beside what is new, and ends", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 6))
    await drain(delivery, clock)
    const before = new Set(receiver.arrived.map(({ id }) => id))
    receiver.taken.length = 0
    await within(organization.id, tx =>
      beginReplay(tx, sinkOf(sinkId), { first: 2, past: 5, by: "Ada" }, { at: clock.now(), isPaused: false }),
    )
    await within(organization.id, tx =>
      beginReplay(tx, sinkOf(sinkId), { first: 0, past: 6, by: "Ada" }, { at: clock.now(), isPaused: false }),
    )
    await drain(delivery, clock)
    expect(receiver.taken.toSorted()).toEqual([...ids, ...ids.slice(2, 5)].toSorted())
    expect(receiver.arrived.slice(1).filter(({ id }) => before.has(id))).toEqual([])
    const rows = await db.superuser.query(
      "SELECT ended_at, due_at, taken FROM sink_cursor WHERE sink_id = $1 AND past IS NOT NULL",
      [sinkId],
    )
    expect(rows.rows).toEqual([
      { ended_at: expect.any(Date), due_at: null, taken: expect.any(String) },
      { ended_at: expect.any(Date), due_at: null, taken: expect.any(String) },
    ])
    expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ next: 6, taken: 6 })
  })

  test("that is cancelled sends nothing more", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now(), begin: { kind: "now" } })
    await record(db, organization, prepareTestEvents(organization, 3))
    const id = await within(organization.id, tx =>
      beginReplay(tx, sinkOf(sinkId), { first: 0, past: 3, by: "Ada" }, { at: clock.now(), isPaused: true }),
    )
    expect(await within(organization.id, tx => cancelReplay(tx, sinkOf(sinkId), id, clock.now()))).toBe(true)
    expect(await within(organization.id, tx => cancelReplay(tx, sinkOf(sinkId), id, clock.now()))).toBe(false)
    await resume(sinkId)
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
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
      const seen = await within(each.id, tx => tx.query("SELECT sink_id::text AS id FROM sink_delivery"))
      expect(seen).toEqual([{ id: sinks[position] }])
      await expect(progress(db, each, sinks[1 - position] ?? "", clock.now())).rejects.toThrow("no cursor")
    }
  })
})
