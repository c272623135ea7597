import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type ServerSink, serverSinkId } from "@/lib/sinks/server-sink"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { drain, noOutbound, progress, record, testClock, testDelivery } from "./fixtures/delivering"
import { isDown, testReceiver } from "./fixtures/receiver"
import { ensureServerCursors, forgetServerSink } from "./server-cursors"

const sink: ServerSink = {
  ...{
    id: serverSinkId,
    name: "logging (environment)",
    kind: "fluentd",
    settings: {},
    version: 1,
    setBy: [],
  },
  ...{ operatorHosts: [], format: "clearml", redactIdentity: false, omit: [] },
}
const call = { metadata: { call: { endpoint: "users.get_all" } } }

let db: TestDatabase
let early: TestOrganization
beforeAll(async () => {
  db = await createTestDatabase()
})
beforeEach(async () => {
  await forgetServerSink(db.database, serverSinkId)
  early = await db.organization()
})
afterAll(() => db.close())

/** Recorded calls. */
const calls = (organization: TestOrganization, count: number) =>
  prepareTestEvents(organization, count, () => call)

test("the sink of the environment gets the recorded calls of every organization from now on, of a later one from its first", async () => {
  const clock = testClock()
  const receiver = testReceiver({ name: "fluentd" })
  const delivery = testDelivery({
    db,
    receivers: [receiver],
    clock,
    serverSink: { sink, outbound: noOutbound },
  })
  await record(db, early, calls(early, 2))
  await ensureServerCursors(db.database, serverSinkId, new Date())
  const wanted = [...(await record(db, early, [...prepareTestEvents(early, 2), ...calls(early, 2)]))].slice(2)
  const later = await db.organization()
  wanted.push(...(await record(db, later, calls(later, 3))))
  await ensureServerCursors(db.database, serverSinkId, new Date())
  await ensureServerCursors(db.database, serverSinkId, new Date())
  // Cursors are made by the time of the machine, as organizations are.
  clock.pass(3_600_000)
  await drain(delivery, clock)
  expect(receiver.taken.toSorted()).toEqual(wanted.toSorted())
  expect(receiver.arrived.every(batch => batch.sink.id === serverSinkId)).toBe(true)
  expect(new Set(receiver.arrived.map(({ organization }) => organization.slug))).toEqual(
    new Set([early.slug, later.slug]),
  )
  expect(await progress(db, later, serverSinkId, clock.now())).toMatchObject({ first: 0, taken: 3 })
})

test("taken out of the environment it is forgotten, and begins with the next event when it returns", async () => {
  const clock = testClock()
  const receiver = testReceiver({ name: "fluentd" })
  await ensureServerCursors(db.database, serverSinkId, new Date())
  await record(db, early, calls(early, 2))
  await forgetServerSink(db.database, serverSinkId)
  await expect(progress(db, early, serverSinkId, clock.now())).rejects.toThrow("no cursor")
  await ensureServerCursors(db.database, serverSinkId, new Date())
  const next = await record(db, early, calls(early, 1))
  clock.pass(3_600_000)
  await drain(
    testDelivery({ db, receivers: [receiver], clock, serverSink: { sink, outbound: noOutbound } }),
    clock,
  )
  expect(receiver.taken).toEqual(next)
})

test("down for many organizations, it is tried by one of them at a time, and all go on when it is back", async () => {
  const clock = testClock()
  const receiver = testReceiver({ name: "fluentd" })
  const delivery = testDelivery({
    db,
    receivers: [receiver],
    clock,
    serverSink: { sink, outbound: noOutbound },
  })
  const organizations = await Promise.all(Array.from({ length: 12 }, () => db.organization()))
  await ensureServerCursors(db.database, serverSinkId, new Date())
  const ids: string[] = []
  for (const each of organizations) ids.push(...(await record(db, each, calls(each, 1))))
  receiver.answer = isDown
  clock.pass(3_600_000)
  await drain(delivery, clock)
  const first = receiver.arrived.length
  expect(first).toBeGreaterThanOrEqual(5)
  for (let probe = 1; probe <= 4; probe++) {
    const before = receiver.arrived.length
    clock.pass(20 * 60_000)
    await drain(delivery, clock)
    expect(receiver.arrived.length - before).toBe(1)
  }
  receiver.answer = () => undefined
  clock.pass(20 * 60_000)
  // One of them is due; the others would wait for a quarter of an hour.
  const later = new Date(clock.now().getTime() + 15 * 60_000)
  await db.superuser.query("UPDATE sink_cursor SET due_at = $1", [later])
  await db.superuser.query("UPDATE sink_cursor SET due_at = $1 WHERE organization_id = $2", [
    clock.now(),
    organizations[5]?.id,
  ])
  await drain(delivery, clock)
  expect(receiver.taken.toSorted()).toEqual(ids.toSorted())
})
