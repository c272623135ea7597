import { afterAll, beforeAll, expect, test } from "vitest"
import { createDatabase } from "@/lib/database/database"
import { stopPostgres } from "@/scripts/postgres.mjs"
import { createTestDatabase } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { startTestServer, type TestServer } from "@/test/server"
import { makeSink, progress, record, testClock, testDelivery } from "./fixtures/delivering"
import { testReceiver } from "./fixtures/receiver"
import { expectWholeLog, gotOf } from "./fixtures/whole-log"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

test("PostgreSQL that is stopped or killed while batches are under way, and started again, loses nothing; only whole batches come again, under the same id", async () => {
  const prepared = await createTestDatabase({ server })
  const organization = await prepared.organization()
  const clock = testClock()
  const taker = testReceiver()
  taker.batching = { ...taker.batching, mostEvents: 10 }
  const sinkId = await makeSink(prepared, organization, { at: clock.now() })
  const ids = await record(prepared, organization, prepareTestEvents(organization, 120))
  // Its other connections would end with the server.
  await prepared.disconnect()
  const db = {
    database: createDatabase({ databaseUrl: prepared.applicationUrl, poolSize: 4, patienceMs: 500 }),
  }
  const lines: string[] = []
  const delivery = testDelivery({ db, receivers: [taker], clock, lines })
  const outages = [() => server.kill(), () => stopPostgres(server.directory), () => server.kill()]
  let [isAway, outage] = [false, 0]
  taker.answer = async () => {
    const away = taker.arrived.length % 4 === 2 ? outages[outage] : undefined
    if (away !== undefined && !isAway) {
      outage += 1
      isAway = true
      // The receiver has taken the batch, and that cannot be stored.
      await away()
    }
    return undefined
  }
  while (taker.taken.at(-1) !== ids.at(-1)) {
    await delivery.tick(clock.now()).catch(() => 0)
    await delivery.settled()
    if (isAway) {
      // Nothing is due while there is no database, and nothing breaks.
      await expect(delivery.tick(clock.now())).rejects.toThrow()
      await server.restart()
      isAway = false
    }
    clock.pass(70_000)
  }
  await delivery.settled()
  expect(outage).toBe(outages.length)
  expectWholeLog(gotOf(taker), ids)
  expect(taker.arrived.length).toBe(12 + outages.length)
  expect(await progress(db, organization, sinkId, clock.now())).toMatchObject({
    next: 120,
    taken: 120,
    failures: 0,
  })
  await delivery.close()
  await db.database.close()
})
