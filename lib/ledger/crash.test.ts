import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { AppendResult, PreparedEvent } from "@/lib/audit/event/event"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { startTestServer, type TestServer } from "@/test/server"
import { groupCommit } from "./group-commit"

let server: TestServer
let test: TestDatabase
beforeAll(async () => {
  // With the settings as shipped, because the test is about durability.
  server = await startTestServer({ settings: {} })
  test = await createTestDatabase({ server })
})
afterAll(async () => {
  await test.close()
  await server.stop()
})

it("no acknowledged event is lost or doubled when PostgreSQL is killed while events come in", async () => {
  const organizations = [await test.organization(), await test.organization()]
  const ledger = groupCommit(test.database)
  const acknowledged = new Map<string, AppendResult>()
  const unknown: { readonly organization: TestOrganization; readonly events: readonly PreparedEvent[] }[] = []
  const send = async (organization: TestOrganization, events: readonly PreparedEvent[]) => {
    try {
      for (const result of await ledger.append(organization.id, events)) acknowledged.set(result.id, result)
    } catch (error) {
      expect(error).toMatchObject({ code: "unavailable" })
      unknown.push({ organization, events })
      await sleep(20)
    }
  }
  for (let round = 0; round < 3; round++) {
    let isOver = false
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      const organization = organizations[writer % 2]
      while (!isOver && organization) await send(organization, prepareTestEvents(organization, 5))
    })
    const moreAreAcknowledged = async () => {
      for (const enough = acknowledged.size + 100; acknowledged.size < enough; ) await sleep(5)
    }
    await moreAreAcknowledged()
    await server.kill()
    await server.restart()
    await moreAreAcknowledged()
    isOver = true
    await Promise.all(writers)
  }

  expect(unknown.length).toBeGreaterThan(0)
  // A sender without a response sends again, and gets the number that the lost response contained.
  for (const { organization, events } of unknown.splice(0)) await send(organization, events)
  expect(unknown).toEqual([])
  for (const organization of organizations) {
    const rows = await test.database.withOrganization(organization.id, tx =>
      tx.query<{ id: string; index: number }>(
        "SELECT e.id, e.index FROM ledger.visible_event e JOIN ledger.visible_entry n USING (id, index, leaf_hash) ORDER BY e.index",
      ),
    )
    expect(rows.map(({ index }) => index)).toEqual(rows.map((_, position) => position))
    const stored = new Map(rows.map(({ id, index }) => [id, index]))
    expect(stored.size).toBe(rows.length)
    for (const [id, index] of stored) expect(acknowledged.get(id)).toMatchObject({ index })
    for (const id of stored.keys()) acknowledged.delete(id)
  }
  expect([...acknowledged.keys()]).toEqual([])
})
