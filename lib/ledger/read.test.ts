import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Tx } from "@/lib/database/tx"
import { connect, createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { instant, prepareTestEvents } from "@/test/events"
import { append } from "./append"
import { readRecorded } from "./read"

let db: TestDatabase
let organization: TestOrganization
let other: TestOrganization
let ids: readonly string[]
beforeAll(async () => {
  db = await createTestDatabase()
  organization = await db.organization()
  other = await db.organization()
  // In several months, so in several partitions.
  const events = prepareTestEvents(organization, 12, position => ({
    occurredAt: instant(`2026-${String((position % 12) + 1).padStart(2, "0")}-03T04:05:06.123456Z`),
    metadata: { text: "x".repeat(1_000 * position) },
  }))
  ids = events.map(({ content }) => content.id)
  await within(organization, tx => append(tx, organization.id, events))
  await within(other, tx => append(tx, other.id, prepareTestEvents(other, 3)))
})
afterAll(() => db.close())

function within<Result>(each: TestOrganization, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.database.withOrganization(each.id, work)
}

const read = (first: number, past: number, mostBytes?: number) =>
  within(organization, tx => readRecorded(tx, { first, past }, mostBytes))

describe("reading by number", () => {
  test("returns exactly the events of the range, in the order of their numbers, as the store returns them", async () => {
    const entries = await read(2, 7)
    expect(entries.map(({ index }) => index)).toEqual([2, 3, 4, 5, 6])
    expect(entries.map(({ id }) => id)).toEqual(ids.slice(2, 7))
    const [row] = await within(organization, tx =>
      tx.query<{ body: string; hash: string; ms: number }>(
        `SELECT body, encode(leaf_hash, 'base64') AS hash, floor(extract(epoch FROM received_at) * 1000)::float8 AS ms
         FROM ledger.visible_event WHERE index = 4`,
      ),
    )
    const leafHash = Buffer.from(row?.hash ?? "", "base64").toString("base64url")
    expect(entries[2]).toEqual({
      ...{ index: 4, id: ids[4], receivedAtMs: row?.ms, bytes: row?.body.length },
      event: { ...JSON.parse(row?.body ?? ""), index: 4, leafHash },
    })
  })

  test.each([
    ["before the log", -5, 0],
    ["behind the log", 12, 20],
    ["reversed", 7, 2],
    ["empty", 3, 3],
  ])("a range %s has nothing", async (_, first, past) => {
    expect(await read(first, past)).toEqual([])
    expect(await read(first, past, 1_000_000)).toEqual([])
  })

  test("with a limit of bytes, the answer ends before the event that is too much, and has one at least", async () => {
    const all = await read(0, 12)
    expect(await read(0, 12, 100_000_000)).toEqual(all)
    for (const mostBytes of [1, 900, 3_000, 10_000, 30_000]) {
      const some = await read(2, 12, mostBytes)
      expect(some).toEqual(all.slice(2, 2 + some.length))
      const bytes = some.reduce((sum, entry) => sum + entry.bytes, 0)
      expect(bytes <= mostBytes || some.length === 1).toBe(true)
      expect(bytes + (all[2 + some.length]?.bytes ?? 0)).toBeGreaterThan(mostBytes)
    }
  })

  test("never reaches into another organization, whatever the range", async () => {
    const entries = await within(other, tx => readRecorded(tx, { first: 0, past: 1_000 }))
    expect(entries.map(({ event }) => event?.organizationId)).toEqual([other.id, other.id, other.id])
  })

  test("without an organization has nothing", async () => {
    const intruder = await connect(db.applicationUrl)
    for (const setting of ["", other.id.replace(/^./, "0").replace(/.$/, "0")]) {
      await intruder.query("SELECT set_config('app.organization', $1, false)", [setting])
      expect((await intruder.query("SELECT * FROM ledger.recorded(0, 1000)")).rows).toEqual([])
      expect((await intruder.query("SELECT * FROM ledger.recorded(0, 1000, 1000)")).rows).toEqual([])
    }
    await intruder.end()
  })

  test("makes its plan once, and looks events up by their whole key: no partition is read as a whole", async () => {
    const client = await connect(db.superuserUrl)
    const plans: string[] = []
    client.on("notice", ({ message }) => plans.push(message ?? ""))
    await client.query("LOAD 'auto_explain'")
    await client.query(
      "SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET client_min_messages = log",
    )
    await client.query("SELECT set_config('app.organization', $1, false)", [organization.id])
    await client.query("SELECT * FROM ledger.recorded(0, 12, 1000000)")
    const plan = plans.find(text => text.includes("event_")) ?? ""
    expect(plan).toContain("Index Scan")
    expect(plan).not.toContain("Seq Scan")
    expect(plan).toMatch(/\$\d/)
    await client.end()
  })
})

describe("the cursors that are due", () => {
  const sinkId = "33333333-3333-4333-8333-333333333333"
  const now = "2026-11-30T12:00:00Z"

  async function due(changes: string, most = 10, mostSlow: number | null = null) {
    await db.superuser.query("DELETE FROM sink_cursor")
    await db.superuser.query(
      `INSERT INTO sink_cursor (id, sink_id, organization_id, first_index, next_index, due_at, last_attempt_ms)
       VALUES (gen_random_uuid(), $1, $2, 0, 0, $3, 10)`,
      [sinkId, organization.id, now],
    )
    await db.superuser.query(`UPDATE sink_cursor SET ${changes}`)
    return db.database.queryDirectly<Record<string, unknown>>(
      `SELECT sink_id::text, organization_id::text, next_index, size, is_slow FROM ledger.due_sinks($1, $2, $3)`,
      [now, most, mostSlow],
    )
  }

  test("are ids and positions, across organizations, without any content", async () => {
    expect(await due("taken = 0")).toEqual([
      { sink_id: sinkId, organization_id: organization.id, next_index: 0, size: 12, is_slow: false },
    ])
    const [row] = await db.database.queryDirectly<Record<string, unknown>>(
      "SELECT * FROM ledger.due_sinks($1, 1)",
      [now],
    )
    expect(Object.keys(row ?? {})).toEqual([
      "cursor_id",
      "sink_id",
      "organization_id",
      "next_index",
      "size",
      "is_slow",
    ])
  })

  test.each([
    ["paused", "due_at = NULL", 0],
    ["paused, with a refused event", "due_at = NULL, refused_due_at = '2020-01-01'", 0],
    ["at the end of the log", "next_index = 12", 0],
    [
      "at the end, with a refused event whose time has come",
      "next_index = 12, refused_due_at = '2026-11-30T11:00:00Z'",
      1,
    ],
    [
      "at the end, with a refused event whose time has not come",
      "next_index = 12, refused_due_at = '2026-11-30T13:00:00Z'",
      0,
    ],
    ["waiting for its time", "due_at = '2026-11-30T12:00:01Z'", 0],
    ["waiting, and full", "due_at = '2026-11-30T12:00:01Z', full_at_size = 12", 1],
    ["waiting, and not full", "due_at = '2026-11-30T12:00:01Z', full_at_size = 13", 0],
    ["claimed", "leased_until = '2026-11-30T12:00:01Z'", 0],
    ["claimed by a worker that was killed", "leased_until = '2026-11-30T12:00:00Z'", 1],
    ["a replay within the log", "past = 5", 1],
    ["a replay that has come to its end", "past = 5, next_index = 5", 0],
  ])("%s", async (_, changes, count) => {
    expect((await due(changes)).length).toBe(count)
  })

  test.each([
    ["failed", "failures = 1", true],
    ["took over five seconds", "last_attempt_ms = 5001", true],
    ["took five seconds", "last_attempt_ms = 5000", false],
    ["was not made yet", "last_attempt_ms = NULL", true],
  ])("count as slow when the last attempt %s: %s -> %s", async (_, changes, isSlow) => {
    expect(await due(changes)).toMatchObject([{ is_slow: isSlow }])
    expect((await due(changes, 10, 0)).length).toBe(isSlow ? 0 : 1)
  })
})
