import { afterAll, beforeAll, expect, it } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { matcher } from "@/lib/audit/query/matches"
import { append } from "@/lib/ledger/append"
import { readRecorded } from "@/lib/ledger/read"
import { everyPage, everything, scopeOf, streamed } from "@/lib/stores/contract/given.contract"
import {
  type MadeUpOrganization,
  madeUpEvents,
  madeUpSelection,
  pickFrom,
} from "@/lib/stores/contract/made-up-log.contract"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { postgresStore } from "./store"

const count = 300
const queries = 100
/** Numbers that a sink reads at once. */
const range = 64

let test: TestDatabase
let organization: MadeUpOrganization
let other: MadeUpOrganization
beforeAll(async () => {
  test = await createTestDatabase()
  organization = await test.organization()
  other = await test.organization()
  for (const each of [organization, other])
    await test.database.withOrganization(each.id, tx => append(tx, each.id, madeUpEvents(each, count)))
})
afterAll(() => test.close())

/** Returns the log as a sink reads it: by number, range after range, in a transaction of its organization. */
async function byNumber(): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = []
  for (let first = 0; first < count; first += range) {
    const past = Math.min(first + range, count)
    const entries = await test.database.withOrganization(organization.id, tx =>
      readRecorded(tx, { first, past }),
    )
    events.push(...entries.flatMap(({ event }) => event ?? []))
  }
  return events
}

it("page, export, sink and simulation give the same events for 100 random queries", async () => {
  const store = postgresStore(test.database)
  const scope = scopeOf(organization)
  const read = await byNumber()
  // A simulation looks at events as they were found without a condition.
  const found = await streamed(store, scope, { ...everything, order: "newest" })
  expect([read.length, found.length]).toEqual([count, count])
  const pick = pickFrom(7)
  let together = 0
  for (let time = 0; time < queries; time++) {
    const selection = madeUpSelection(organization, pick)
    const means = matcher(selection)
    const exported: string[] = []
    for await (const batch of store.streamStored(scope, selection, new AbortController().signal))
      exported.push(...batch.map(({ body }) => JSON.parse(body).id))
    const page = (await everyPage(store, scope, selection, 100)).map(({ id }) => id)
    const sink = read.filter(means).map(({ id }) => id)
    const simulation = found.filter(means).map(({ id }) => id)
    const said = JSON.stringify(selection)
    expect(exported, said).toEqual(page)
    expect([...sink].sort(), said).toEqual([...page].sort())
    expect([...simulation].sort(), said).toEqual([...page].sort())
    together += page.length
  }
  // Queries that mean nothing would all agree.
  expect(together).toBeGreaterThan(1_000)
})
