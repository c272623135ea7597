import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import type { SinkDelivery } from "./delivery"
import { drain, makeSink, progress, record, type TestClock } from "./fixtures/delivering"
import type { TestReceiver } from "./fixtures/receiver"
import { beginTest, resumeSink } from "./fixtures/set-up"
import { beginReplay, cancelReplay } from "./replays"

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

describe("a replay", () => {
  test("sends its range once more under ids of its own, beside what is new, and ends", async () => {
    const sinkId = await makeSink(db, organization, { at: clock.now() })
    const ids = await record(db, organization, prepareTestEvents(organization, 6))
    await drain(delivery, clock)
    const before = new Set(receiver.arrived.map(({ id }) => id))
    receiver.taken.length = 0
    await db.database.withOrganization(organization.id, tx =>
      beginReplay(
        tx,
        { sinkId, organizationId: organization.id },
        { first: 2, past: 5, by: "Ada" },
        { at: clock.now(), isPaused: false },
      ),
    )
    await db.database.withOrganization(organization.id, tx =>
      beginReplay(
        tx,
        { sinkId, organizationId: organization.id },
        { first: 0, past: 6, by: "Ada" },
        { at: clock.now(), isPaused: false },
      ),
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
    const id = await db.database.withOrganization(organization.id, tx =>
      beginReplay(
        tx,
        { sinkId, organizationId: organization.id },
        { first: 0, past: 3, by: "Ada" },
        { at: clock.now(), isPaused: true },
      ),
    )
    expect(
      await db.database.withOrganization(organization.id, tx =>
        cancelReplay(tx, { sinkId, organizationId: organization.id }, id, clock.now()),
      ),
    ).toBe(true)
    expect(
      await db.database.withOrganization(organization.id, tx =>
        cancelReplay(tx, { sinkId, organizationId: organization.id }, id, clock.now()),
      ),
    ).toBe(false)
    await resumeSink(db, organization, sinkId, clock.now())
    await drain(delivery, clock)
    expect(receiver.arrived.length).toBe(1)
  })
})
