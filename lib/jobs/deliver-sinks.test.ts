import { afterAll, beforeAll, expect, test } from "vitest"
import {
  makeSink,
  noOutbound,
  progress,
  record,
  testClock,
  testDelivery,
} from "@/lib/delivery/sinks/fixtures/delivering"
import { gate, testReceiver } from "@/lib/delivery/sinks/fixtures/receiver"
import { type ServerSink, serverSinkId } from "@/lib/sinks/server-sink"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { deliverSinksJob } from "./deliver-sinks"
import { sinkCleanUpJob } from "./sink-clean-up"

const day = 24 * 60 * 60 * 1000

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

test("the job does not wait for a slow sink, and its end gives back what is in flight", async () => {
  const organization = await db.organization()
  const clock = testClock()
  const receiver = testReceiver()
  const arrived = gate()
  receiver.answer = () => {
    arrived.open()
    return new Promise(() => {})
  }
  const delivery = testDelivery({ db, receivers: [receiver], clock })
  const job = deliverSinksJob(db.database, { delivery, hasServerSink: false })
  const sinkId = await makeSink(db, organization, { at: clock.now() })
  await record(db, organization, prepareTestEvents(organization, 1))
  expect(await job.run(clock.now())).toEqual({ outcome: "idle" })
  await arrived.opened
  expect(await job.run(clock.now())).toEqual({ outcome: "idle" })
  await delivery.close()
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({ next: 0, failures: 0 })
  expect(await job.run(clock.now())).toEqual({ outcome: "idle" })
  expect(receiver.arrived.length).toBe(1)
})

test("a new organization gets the cursor of the environment's sink within five seconds", async () => {
  const clock = testClock()
  const sink: ServerSink = {
    ...{
      id: serverSinkId,
      name: "logging",
      kind: "fluentd",
      settings: {},
      version: 1,
      setBy: [],
      operatorHosts: [],
    },
    ...{ format: "clearml", redactIdentity: false, omit: [] },
  }
  const delivery = testDelivery({ db, receivers: [], clock, serverSink: { sink, outbound: noOutbound } })
  const job = deliverSinksJob(db.database, { delivery, hasServerSink: true })
  await job.run(clock.now())
  const organization = await db.organization()
  clock.pass(5_000)
  await job.run(clock.now())
  expect(await progress(db, organization, serverSinkId, clock.now())).toMatchObject({ next: 0 })
  await delivery.close()
  // Started without the variable, the worker forgets it.
  const without = testDelivery({ db, receivers: [], clock })
  await deliverSinksJob(db.database, { delivery: without, hasServerSink: false }).run(clock.now())
  await expect(progress(db, organization, serverSinkId, clock.now())).rejects.toThrow("no cursor")
})

test("receipts, and replays that have ended, are deleted after 30 days; what is refused stays", async () => {
  const organization = await db.organization()
  const other = await db.organization()
  const at = new Date("2026-11-30T12:00:00Z")
  const sinkId = await makeSink(db, organization, { at })
  for (const [ageDays, isEnded] of [
    [29, true],
    [31, true],
    [400, false],
  ] as const) {
    const then = new Date(at.getTime() - ageDays * day).toISOString()
    for (const each of [organization, other])
      await db.superuser.query(
        `INSERT INTO sink_delivery (id, sink_id, organization_id, cursor_id, first, past, batch_id, at, duration_ms, outcome, events, taken, refused, bytes)
         VALUES (gen_random_uuid(), $1, $2, $1, 0, 1, $1, $3, 1, 'taken', 1, 1, 0, 1)`,
        [sinkId, each.id, then],
      )
    await db.superuser.query(
      `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, past, ended_at)
       VALUES (gen_random_uuid(), $1, $2, 0, 1, 1, $3)`,
      [sinkId, organization.id, isEnded ? then : null],
    )
  }
  await db.superuser.query(
    `INSERT INTO sink_dead_letter (id, sink_id, organization_id, index, event_id, tries, dead_at, first_refused_at, last_refused_at, reason)
     VALUES (gen_random_uuid(), $1, $2, 0, $1, 3, '2025-01-01', '2025-01-01', '2025-01-01', '400')`,
    [sinkId, organization.id],
  )
  expect(await sinkCleanUpJob(db.database).run(at)).toEqual({ outcome: "done", receipts: 4, replays: 1 })
  const left = await db.superuser.query(
    `SELECT (SELECT count(*)::int FROM sink_delivery) AS receipts, (SELECT count(*)::int FROM sink_dead_letter) AS letters,
       (SELECT count(*)::int FROM sink_cursor WHERE sink_id = $1) AS cursors`,
    [sinkId],
  )
  expect(left.rows).toEqual([{ receipts: 2, letters: 1, cursors: 3 }])
})
