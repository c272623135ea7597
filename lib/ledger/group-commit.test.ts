import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AppendResult } from "@/lib/audit/event/event"
import type { Database } from "@/lib/database/database"
import type { Tx } from "@/lib/database/tx"
import { AppError } from "@/lib/errors"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvent, prepareTestEvents } from "@/test/events"
import { groupCommit } from "./group-commit"

let test: TestDatabase
let database: Database
beforeAll(async () => {
  test = await createTestDatabase()
  database = test.database
})
afterAll(() => test.close())

describe("a group commit", () => {
  it("makes one row of an event sent a thousand times at once, and gives everybody the same answer", async () => {
    const organization = await test.organization()
    const ledger = groupCommit(database)
    const event = prepareTestEvent(organization)
    const results = (
      await Promise.all(Array.from({ length: 1000 }, () => ledger.append(organization.id, [event])))
    ).flat()
    expect(results.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1)
    expect(results.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(999)
    expect(new Set(results.map(result => JSON.stringify({ ...result, outcome: "" }))).size).toBe(1)
    const other = prepareTestEvent(organization, { id: event.content.id, description: "Something else" })
    expect(await ledger.append(organization.id, [other])).toEqual([
      { outcome: "conflict", id: event.content.id },
    ])
    expect(await countRows(organization.id)).toBe(1)
  })

  it("keeps the same event single when it arrives through two processes", async () => {
    const organization = await test.organization()
    const processes = [groupCommit(database), groupCommit(database)]
    const events = prepareTestEvents(organization, 20)
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, turn) => processes[turn % 2]?.append(organization.id, events)),
    )
    expect(results.flat().filter(result => result?.outcome === "accepted")).toHaveLength(20)
    expect(await countRows(organization.id)).toBe(20)
  })

  it("gives each caller the results of its own events, in its order, numbered without a gap", async () => {
    const organization = await test.organization()
    const ledger = groupCommit(database, { maxBatchEvents: 50 })
    const calls = Array.from({ length: 60 }, (_, call) => prepareTestEvents(organization, 1 + (call % 7)))
    const answers = await Promise.all(calls.map(events => ledger.append(organization.id, events)))
    for (const [call, results] of answers.entries()) {
      expect(results.map(({ id }) => id)).toEqual(calls[call]?.map(({ content }) => content.id))
      const [first, ...others] = results.map(indexOf)
      expect(others).toEqual(others.map((_, position) => (first ?? 0) + position + 1))
    }
    const indexes = answers
      .flat()
      .map(indexOf)
      .toSorted((a, b) => a - b)
    expect(indexes).toEqual(indexes.map((_, position) => position))
  })

  it("shares commits: far fewer transactions than callers", async () => {
    const organization = await test.organization()
    const { counted, transactions } = countTransactions()
    const ledger = groupCommit(counted)
    await Promise.all(
      Array.from({ length: 200 }, () => ledger.append(organization.id, [prepareTestEvent(organization)])),
    )
    expect(await countRows(organization.id)).toBe(200)
    expect(transactions()).toBeLessThan(20)
  })

  it("fails only the caller whose data the database refuses", async () => {
    const organization = await test.organization()
    const ledger = groupCommit(database)
    const good = Array.from({ length: 5 }, () => prepareTestEvent(organization))
    const bad = prepareTestEvent(organization, { requestId: "a\u0000b" })
    const outcomes = await Promise.allSettled(
      [...good, bad, ...good].map(event => ledger.append(organization.id, [event])),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...good.map(() => "fulfilled"),
      "rejected",
      ...good.map(() => "fulfilled"),
    ])
    expect(await countRows(organization.id)).toBe(5)
  })

  it("refuses what goes beyond its bounds at once, keeps nothing of it, and goes on afterwards", async () => {
    const organization = await test.organization()
    const ledger = groupCommit(database, { maxQueueEvents: 100 })
    const offers = Array.from({ length: 30 }, () =>
      ledger.append(organization.id, prepareTestEvents(organization, 10)),
    )
    const outcomes = await Promise.allSettled(offers)
    const refusals = outcomes.filter(outcome => outcome.status === "rejected")
    expect(refusals).toHaveLength(25)
    for (const { reason } of refusals) {
      expect(reason).toBeInstanceOf(AppError)
      expect(reason).toMatchObject({ code: "unavailable", retryAfterSeconds: 1 })
    }
    expect(await countRows(organization.id)).toBe(50)
    await ledger.append(organization.id, prepareTestEvents(organization, 10))
    expect(await countRows(organization.id)).toBe(60)
  })

  it("bounds the bytes that wait as well as the events", async () => {
    const organization = await test.organization()
    const ledger = groupCommit(database, { maxQueueBytes: 100_000 })
    const large = () => prepareTestEvent(organization, { metadata: { text: "x".repeat(20_000) } })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => ledger.append(organization.id, [large()])),
    )
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
  })

  it("lets a quiet organization in while a noisy one fills its half, and serves it before the noisy one's backlog", async () => {
    const [noisy, quiet] = [await test.organization(), await test.organization()]
    const ledger = groupCommit(database, { maxQueueEvents: 2_000, maxBatchEvents: 50, maxTransactions: 1 })
    const finished: string[] = []
    const noise = Array.from({ length: 30 }, () =>
      ledger.append(noisy.id, prepareTestEvents(noisy, 50)).then(
        () => finished.push("noisy"),
        () => finished.push("refused"),
      ),
    )
    const whisper = ledger.append(quiet.id, [prepareTestEvent(quiet)]).then(() => finished.push("quiet"))
    await Promise.all([...noise, whisper])
    const served = finished.filter(name => name !== "refused")
    expect(finished.length - served.length).toBe(10)
    expect(served.indexOf("quiet")).toBeLessThanOrEqual(2)
  })

  it("writes for another organization while the log of a noisy one is held up, however much it sends", async () => {
    const [noisy, quiet] = [await test.organization(), await test.organization()]
    const ledger = groupCommit(database, { maxBatchEvents: 10, maxTransactions: 3 })
    await ledger.append(noisy.id, [prepareTestEvent(noisy)])
    await test.superuser.query("BEGIN")
    await test.superuser.query("SELECT FROM ledger.head WHERE organization_id = $1 FOR UPDATE", [noisy.id])
    let written = 0
    const noise = Array.from({ length: 20 }, () =>
      ledger.append(noisy.id, prepareTestEvents(noisy, 10)).then(() => written++),
    )
    try {
      for (let turn = 0; turn < 3; turn++) await ledger.append(quiet.id, [prepareTestEvent(quiet)])
      expect(written).toBe(0)
      expect(await countRows(quiet.id)).toBe(3)
    } finally {
      await test.superuser.query("ROLLBACK")
    }
    await Promise.all(noise)
    expect(await countRows(noisy.id)).toBe(201)
  })

  it("refuses a noisy organization only, and lets another in with events and bytes of its own", async () => {
    const [noisy, quiet] = [await test.organization(), await test.organization()]
    const ledger = groupCommit(database, { maxQueueEvents: 100, maxQueueBytes: 200_000 })
    const large = (organization: TestOrganization) =>
      prepareTestEvent(organization, { metadata: { text: "x".repeat(20_000) } })
    const noise = Array.from({ length: 20 }, () => ledger.append(noisy.id, [large(noisy)]))
    const whisper = ledger.append(quiet.id, [large(quiet), large(quiet)])
    const outcomes = await Promise.allSettled(noise)
    expect(outcomes.filter(({ status }) => status === "rejected").length).toBeGreaterThan(10)
    expect((await whisper).map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"])
  })

  it("tells every caller of a broken transaction to come again, and recovers", async () => {
    const organization = await test.organization()
    const { counted, breakNext } = countTransactions()
    const ledger = groupCommit(counted)
    breakNext()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 }, () => ledger.append(organization.id, [prepareTestEvent(organization)])),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"])
    expect(outcomes[0]).toMatchObject({ reason: { code: "unavailable" } })
    expect(await countRows(organization.id)).toBe(0)
    await ledger.append(organization.id, [prepareTestEvent(organization)])
    expect(await countRows(organization.id)).toBe(1)
  })

  it("answers an empty call with nothing", async () => {
    expect(await groupCommit(database).append(randomUUID(), [])).toEqual([])
  })
})

/** The real database with a counter, which can also terminate the connection of the next transaction. */
function countTransactions() {
  let transactions = 0
  let isBreaking = false
  const counted: Database = {
    ...database,
    withOrganization: (id, fn, options) => {
      transactions++
      return database.withOrganization(
        id,
        async (tx: Tx) => {
          if (isBreaking) {
            isBreaking = false
            await tx.query("SELECT pg_terminate_backend(pg_backend_pid())")
          }
          return fn(tx)
        },
        options,
      )
    },
  }
  return { counted, transactions: () => transactions, breakNext: () => (isBreaking = true) }
}

async function countRows(organizationId: string): Promise<number | undefined> {
  const [row] = await database.withOrganization(organizationId, tx =>
    tx.query<{ count: number }>("SELECT count(*) AS count FROM ledger.visible_event"),
  )
  return row?.count
}

function indexOf(result: AppendResult): number {
  if (result.outcome === "conflict") throw new Error("The event has no number.")
  return result.index
}
