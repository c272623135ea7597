import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { resumeCursors } from "./cursors"
import { retryDeadLetters } from "./dead-letters"
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
import { isDown, refusesWhole, type TestReceiver, testReceiver } from "./fixtures/receiver"
import { beginReplay } from "./replays"

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
  // What earlier tests left is due as well.
  await db.superuser.query("UPDATE sink_cursor SET due_at = NULL")
  organization = await db.organization()
  clock = testClock()
  receiver = testReceiver()
  delivery = testDelivery({ db, receivers: [receiver], clock })
})

const sinkOf = (sinkId: string) => ({ sinkId, organizationId: organization.id })

interface Letter {
  readonly index: number
  readonly tries: number
  readonly isDead: boolean
  readonly reason: string
}

function letters(sinkId: string): Promise<readonly Letter[]> {
  return db.database.withOrganization(organization.id, tx =>
    tx.query<Letter>(
      `SELECT index, tries, dead_at IS NOT NULL AS "isDead", reason FROM sink_dead_letter WHERE sink_id = $1 ORDER BY index`,
      [sinkId],
    ),
  )
}

/** Every number is counted once: taken, passed over, refused, missed, or still tried. */
async function expectEverythingCounted(sinkId: string): Promise<void> {
  const { first, next, taken, passedOver, refused, missed } = await progress(
    db,
    organization,
    sinkId,
    clock.now(),
  )
  const tried = (await letters(sinkId)).filter(({ isDead }) => !isDead).length
  expect(taken + passedOver + refused + missed + tried).toBe(next - first)
}

test("an event that is refused for good is found by halving, tried three times within ten minutes, and dead; the others go on", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  const ids = await record(db, organization, prepareTestEvents(organization, 9))
  const bad = new Set([ids[2], ids[7]])
  receiver.answer = refusesWhole(id => bad.has(id))
  const beganAt = clock.now().getTime()
  await drain(delivery, clock)
  expect(receiver.taken).toEqual(ids.filter(id => !bad.has(id)))
  // Each part has an id of its own, and all of them are parts of the range.
  expect(new Set(receiver.arrived.map(({ id }) => id)).size).toBe(receiver.arrived.length)
  expect(receiver.arrived.every(({ first, past }) => first >= 0 && past <= 9 && past > first)).toBe(true)
  expect(await letters(sinkId)).toMatchObject([
    { index: 2, tries: 1, isDead: false, reason: "400: one of the events does not fit" },
    { index: 7, tries: 1, isDead: false },
  ])
  await expectEverythingCounted(sinkId)

  const more = await record(db, organization, prepareTestEvents(organization, 1))
  await drain(delivery, clock)
  expect(receiver.taken.at(-1)).toBe(more[0])
  while ((await letters(sinkId)).some(({ isDead }) => !isDead)) {
    clock.pass(minute)
    await drain(delivery, clock)
  }
  expect(clock.now().getTime() - beganAt).toBeLessThanOrEqual(10 * minute)
  expect(await letters(sinkId)).toMatchObject([
    { index: 2, tries: 3 },
    { index: 7, tries: 3 },
  ])
  const arrived = receiver.arrived.length
  clock.pass(24 * 60 * minute)
  await drain(delivery, clock)
  expect(receiver.arrived.length).toBe(arrived)
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    taken: 8,
    refused: 2,
    failures: 0,
  })
  await expectEverythingCounted(sinkId)

  // Somebody raises the limit of the receiver and asks for another try.
  receiver.answer = () => undefined
  await db.database.withOrganization(organization.id, async tx => {
    expect(await retryDeadLetters(tx, sinkOf(sinkId), [2], clock.now())).toBe(1)
  })
  await drain(delivery, clock)
  expect(receiver.taken.at(-1)).toBe(ids[2])
  expect(await letters(sinkId)).toMatchObject([{ index: 7 }])
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ taken: 9, refused: 1 })
})

test("an event that is tried again alone is taken later, while a receiver that is down only makes it wait", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  const ids = await record(db, organization, prepareTestEvents(organization, 3))
  receiver.answer = refusesWhole(id => id === ids[1])
  await drain(delivery, clock)
  receiver.answer = isDown
  clock.pass(3 * minute)
  await drain(delivery, clock)
  expect(await letters(sinkId)).toMatchObject([{ index: 1, tries: 1, isDead: false }])
  receiver.answer = () => undefined
  clock.pass(20 * minute)
  await drain(delivery, clock)
  expect(receiver.taken).toEqual([ids[0], ids[2], ids[1]])
  expect(await letters(sinkId)).toEqual([])
  await expectEverythingCounted(sinkId)
})

test("items that are not surely stored are sent again, and nothing before them", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  const ids = await record(db, organization, prepareTestEvents(organization, 6))
  receiver.answer = ({ events }) => ({
    items: events.map(({ event }) =>
      event.index === 1 ? { refused: "400" } : event.index === 3 ? { retry: "429" } : "taken",
    ),
  })
  await drain(delivery, clock)
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    ...{ next: 3, taken: 2, failures: 1, lastError: { kind: "later", message: "429" } },
  })
  receiver.answer = () => undefined
  clock.pass(minute)
  await drain(delivery, clock)
  expect(receiver.arrived[1]).toMatchObject({ first: 3, past: 6 })
  expect(receiver.taken).toEqual([ids[0], ids[2], ids[4], ids[5], ids[3], ids[4], ids[5]])
  await expectEverythingCounted(sinkId)
})

test.each([
  ["fewer items than events", 2],
  ["more items than events", 5],
  ["no items", 0],
])("an answer with %s means that all are sent again", async (_, count) => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 3))
  receiver.answer = () => ({ items: Array.from({ length: count }, () => "taken" as const) })
  await drain(delivery, clock)
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    next: 0,
    taken: 0,
    failures: 1,
  })
})

test("a sink that refuses more than 100 events within an hour pauses; resumed, it goes on behind them", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 300))
  receiver.answer = ({ events }) => ({ items: events.map(() => ({ refused: "400: no mapping" })) })
  await drain(delivery, clock)
  const paused = () =>
    db.database.withOrganization(organization.id, tx =>
      tx.query("SELECT paused_reason AS reason FROM sink WHERE id = $1", [sinkId]),
    )
  expect(await paused()).toEqual([{ reason: "dead-letters" }])
  const before = receiver.arrived.length
  // Halving stops as well: 101 refused events need some 200 requests, 300 would need 600.
  expect(before).toBeLessThan(260)
  clock.pass(24 * 60 * minute)
  await drain(delivery, clock)
  expect(receiver.arrived.length).toBe(before)
  await expectEverythingCounted(sinkId)

  receiver.answer = () => undefined
  await db.database.withOrganization(organization.id, async tx => {
    await tx.query("UPDATE sink SET paused_at = NULL, paused_reason = NULL WHERE id = $1", [sinkId])
    await resumeCursors(tx, sinkOf(sinkId), clock.now())
  })
  await drain(delivery, clock)
  // The refused ones were tried again as well: their time had come.
  expect(new Set(receiver.taken).size).toBe(300)
  expect(await letters(sinkId)).toEqual([])
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    next: 300,
    taken: 300,
    refused: 0,
  })
})

test("a replay that brings a refused event makes it refused no longer, and one that refuses it again tells so", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  const ids = await record(db, organization, prepareTestEvents(organization, 4))
  receiver.answer = refusesWhole(id => id === ids[1] || id === ids[2])
  await drain(delivery, clock)
  receiver.answer = refusesWhole(id => id === ids[2])
  await db.database.withOrganization(organization.id, tx =>
    beginReplay(tx, sinkOf(sinkId), { first: 0, past: 4, by: "Ada" }, { at: clock.now(), isPaused: false }),
  )
  await drain(delivery, clock)
  expect(await letters(sinkId)).toMatchObject([{ index: 2 }])
})

test("a refused event that has expired, or that the query does not mean any more, is tried no longer", async () => {
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  const ids = await record(
    db,
    organization,
    prepareTestEvents(organization, 3, position => ({ requestId: `request-${position}` })),
  )
  receiver.answer = refusesWhole(id => id === ids[0] || id === ids[1])
  await drain(delivery, clock)
  await db.superuser.query("SET session_replication_role = replica")
  await db.superuser.query("DELETE FROM ledger.event WHERE id = $1", [ids[0]])
  await db.superuser.query("RESET session_replication_role")
  await db.database.withOrganization(organization.id, tx =>
    tx.query("UPDATE sink SET query = 'request=request-2' WHERE id = $1", [sinkId]),
  )
  clock.pass(5 * minute)
  await drain(delivery, clock)
  expect(await letters(sinkId)).toEqual([])
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    taken: 1,
    missed: 1,
    passedOver: 1,
  })
})
