import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AppendResult, EventContent, PreparedEvent } from "@/lib/audit/event/event"
import { eventBody, hashRaw, sealEvent } from "@/lib/audit/seal"
import type { Database } from "@/lib/database/database"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { instant, prepareTestEvent, prepareTestEvents } from "@/test/events"
import { postgres15, type TestServer } from "@/test/server"
import { append } from "./append"

const oldest: TestServer | null = await postgres15()
afterAll(() => oldest?.stop())

const servers = [
  { title: "the embedded PostgreSQL", server: undefined },
  { title: "PostgreSQL 15", server: oldest },
]

describe.each(servers.filter(({ server }) => server !== null))("the ledger on $title", ({ server }) => {
  let test: TestDatabase
  let database: Database
  let organization: TestOrganization

  beforeAll(async () => {
    test = await createTestDatabase({ server: server ?? undefined })
    database = test.database
  })
  afterAll(() => test.close())

  const store = (events: readonly PreparedEvent[], id = organization.id) =>
    database.withOrganization(id, tx => append(tx, id, events))
  const rowsOf = (id = organization.id) =>
    database.withOrganization(id, tx =>
      tx.query<{
        id: string
        index: number
        body: string
        leaf_hash: Buffer
        salt: Buffer
        raw: Buffer | null
      }>(
        `SELECT e.id, e.index, e.body, e.leaf_hash, n.salt, e.raw FROM ledger.visible_event e
         JOIN ledger.visible_entry n ON n.id = e.id AND n.index = e.index AND n.leaf_hash = e.leaf_hash ORDER BY e.index`,
      ),
    )

  it("numbers 50 concurrent appends without a gap, each batch in its own order", async () => {
    organization = await test.organization()
    const batches = Array.from({ length: 50 }, (_, batch) => prepareTestEvents(organization, 1 + (batch % 5)))
    const results = await Promise.all(batches.map(batch => store(batch)))
    const total = batches.flat().length
    expect(
      results
        .flat()
        .map(indexOf)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: total }, (_, index) => index))
    for (const batch of results) {
      const first = indexOf(batch[0])
      expect(batch.map(indexOf)).toEqual(batch.map((_, position) => first + position))
    }
    const rows = await rowsOf()
    expect(rows.map(row => row.index)).toEqual(Array.from({ length: total }, (_, index) => index))
    const [head] = await database.withOrganization(organization.id, tx =>
      tx.query("SELECT size FROM ledger.visible_head"),
    )
    expect(head).toEqual({ size: total })
  })

  it("answers the same event again with the seal of the first, and another body under its id with a conflict", async () => {
    organization = await test.organization()
    const event = prepareTestEvent(organization)
    const [first] = await store([event])
    const [again] = await store([event])
    const [other] = await store([
      prepareTestEvent(organization, { id: event.content.id, description: "Something else" }),
    ])
    expect(first).toEqual({
      outcome: "accepted",
      id: event.content.id,
      index: 0,
      leafHash: expect.any(String),
    })
    expect(again).toEqual({ ...first, outcome: "duplicate" })
    expect(other).toEqual({ outcome: "conflict", id: event.content.id })
    expect(await rowsOf()).toHaveLength(1)
  })

  it("answers what was sent again with the first seal, whatever the server makes of it today, and keeps the first content", async () => {
    organization = await test.organization()
    const raw = Buffer.from('{"a": 1}')
    const old = [
      prepareTestEvent(organization, { description: "In older words", family: "flows" }),
      prepareTestEvent(organization, { sourceId: "1", rawFormat: "x", status: "success" }, raw),
      prepareTestEvent(organization, { occurredAt: null, occurredAtAssumed: "received" }),
    ]
    const first = await store(old)
    const bodies = (await rowsOf()).map(row => row.body)
    const [one, two, three] = old.map(({ content }) => content.id)
    const receivedAt = instant(JSON.parse(bodies[2] ?? "").receivedAt)
    const today: PreparedEvent[] = [
      { ...prepareTestEvent(organization, { id: one }), derived: ["description", "family"] },
      prepareTestEvent(
        organization,
        { id: two, sourceId: "1", rawFormat: "x", status: "denied" },
        Buffer.from('{"a":1}'),
      ),
      prepareTestEvent(organization, { id: three, occurredAt: receivedAt }),
    ]
    expect(await store(today)).toEqual(first.map(result => ({ ...result, outcome: "duplicate" })))
    expect((await rowsOf()).map(row => row.body)).toEqual(bodies)
    const [conflict] = await store([
      prepareTestEvent(organization, { id: one, description: "In other words" }),
    ])
    expect(conflict?.outcome).toBe("conflict")
  })

  it("compares by what was sent within one call too, and however many of its events stand for others", async () => {
    organization = await test.organization()
    const events = prepareTestEvents(organization, 40)
    await store(events)
    const again = events.map(
      ({ content }, position): PreparedEvent =>
        position % 2 === 0
          ? { content: { ...content, description: "Today's words" }, raw: null, derived: ["description"] }
          : { content: { ...content, status: "denied" }, raw: null },
    )
    const added = prepareTestEvent(organization)
    const twice: PreparedEvent = {
      content: { ...added.content, family: "other" },
      raw: null,
      derived: ["family"],
    }
    const outcomes = (await store([...again, added, twice])).map(({ outcome }) => outcome)
    expect(outcomes).toEqual([
      ...events.map((_, position) => (position % 2 === 0 ? "duplicate" : "conflict")),
      ...["accepted", "duplicate"],
    ])
  })

  it("lets the id decide about an event whose content has expired", async () => {
    organization = await test.organization()
    const event = prepareTestEvent(organization)
    const [first] = await store([event])
    await test.superuser.query("SET session_replication_role = replica")
    await test.superuser.query("DELETE FROM ledger.event WHERE organization_id = $1", [organization.id])
    await test.superuser.query("RESET session_replication_role")
    const other = prepareTestEvent(organization, { id: event.content.id, status: "denied" })
    expect(await store([other])).toEqual([{ ...first, outcome: "duplicate" }])
  })

  it("takes an event without a time, sent twice, for the same event", async () => {
    organization = await test.organization()
    const event = prepareTestEvent(organization, { occurredAt: null, occurredAtAssumed: "received" })
    const [first] = await store([event])
    const [again] = await store([event])
    expect(again).toEqual({ ...first, outcome: "duplicate" })
  })

  it("answers an id that stands twice in one call in the order of the call", async () => {
    organization = await test.organization()
    const [a, b] = [prepareTestEvent(organization), prepareTestEvent(organization)]
    const other = prepareTestEvent(organization, { id: a.content.id, description: "Something else" })
    const results = await store([a, b, a, other])
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "duplicate", "conflict"])
    expect(results.slice(0, 3).map(indexOf)).toEqual([0, 1, 0])
    expect((await store([other, a])).map(({ outcome }) => outcome)).toEqual(["conflict", "duplicate"])
  })

  it("keeps numbers without a gap when only some events of a call are new", async () => {
    organization = await test.organization()
    const events = prepareTestEvents(organization, 6)
    await store(events.filter((_, position) => position % 2 === 0))
    const results = await store(events)
    expect(results.map(({ outcome }) => outcome)).toEqual([
      "duplicate",
      "accepted",
      "duplicate",
      "accepted",
      "duplicate",
      "accepted",
    ])
    expect(results.map(indexOf)).toEqual([0, 3, 1, 4, 2, 5])
  })

  it("lets two organizations use the same id, and neither learns of the other", async () => {
    const [one, two] = [await test.organization(), await test.organization()]
    const id = randomUUID()
    const [first] = await store([prepareTestEvent(one, { id })], one.id)
    const [second] = await store([prepareTestEvent(two, { id, description: "Of somebody else" })], two.id)
    expect([first?.outcome, second?.outcome]).toEqual(["accepted", "accepted"])
    expect([indexOf(first), indexOf(second)]).toEqual([0, 0])
  })

  it("stores the exact text that was sealed, from which the leaf can be made again", async () => {
    organization = await test.organization()
    const raw = Buffer.from([0, 255, 10, 13, 92, 34])
    const content = {
      description: 'Zeile\nmit "Zitat", \\ und 🜂 e\u0301 \u202e',
      metadata: { "€": [1e21, -0.5, null], __proto__x: { deep: ["\u0001", "\u2028"] } },
      actor: { type: "user", id: "a'b\"c\\", name: "%_" },
      targets: [
        { type: "x,y", id: '{"a",b}' },
        { type: "", id: "NULL" },
      ],
      source: { ip: "2001:db8::1", ipText: "2001:0db8::1" },
    } as const
    const event = prepareTestEvent(organization, content, raw)
    const [result] = await store([event])
    const [row] = await rowsOf()
    if (!row || result?.outcome !== "accepted") throw new Error("nothing was stored")
    const stored: EventContent = JSON.parse(row.body)
    expect(stored).toEqual({ ...event.content, receivedAt: stored.receivedAt })
    expect(eventBody(stored)).toBe(row.body)
    expect(row.raw).toEqual(raw)
    const { leafHash } = sealEvent(stored, hashRaw(raw), row.salt)
    expect(Buffer.from(leafHash).toString("base64url")).toBe(result.leafHash)
    expect(row.leaf_hash.toString("base64url")).toBe(result.leafHash)
  })

  it("fills the columns that filters look at", async () => {
    organization = await test.organization()
    await store([
      prepareTestEvent(organization, {
        targets: [
          { type: "user", id: "7" },
          { type: "team", id: "7" },
        ],
        status: "denied",
        source: { ip: null, ipText: "backoffice" },
        requestId: undefined,
      }),
    ])
    const [row] = await database.withOrganization(organization.id, tx =>
      tx.query(
        `SELECT operation, status, actor_id, source_ip, target_keys, request_id, search_text, app_id,
           to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS occurred_at FROM ledger.visible_event`,
      ),
    )
    expect(row).toEqual({
      operation: "workflow_version.create",
      status: "denied",
      actor_id: "ada",
      source_ip: null,
      target_keys: ["7", "user:7", "team:7"],
      request_id: null,
      search_text: expect.stringContaining("ada lovelace"),
      app_id: organization.appId,
      occurred_at: "2026-11-20 10:11:12.345678",
    })
  })

  it("takes the time of receipt from the database's clock, once for a call", async () => {
    organization = await test.organization()
    const clock = async () => {
      const [row] = await database.queryDirectly<{ now: string }>(
        `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now`,
      )
      return row?.now ?? ""
    }
    const before = await clock()
    await store(prepareTestEvents(organization, 3))
    const after = await clock()
    const times = (await rowsOf()).map(row => JSON.parse(row.body).receivedAt)
    expect(new Set(times).size).toBe(1)
    expect([before, times[0], after].toSorted()).toEqual([before, times[0], after])
  })

  it("keeps the sums of days and hours equal to the rows", async () => {
    organization = await test.organization()
    const times = [
      "2026-11-20T23:59:59.999999Z",
      "2026-11-21T00:00:00.000000Z",
      "1999-02-03T04:05:06.000000Z",
      "2150-01-01T00:00:00.000000Z",
    ]
    const events = prepareTestEvents(organization, 40, position => ({
      occurredAt: instant(times[position % 4] ?? ""),
      operation: position % 3 === 0 ? "key.create" : "key.delete",
      status: position % 5 === 0 ? "failure" : "success",
    }))
    await store(events.slice(0, 25))
    await store(events)
    const counted = await database.withOrganization(organization.id, tx =>
      tx.query(
        `SELECT (occurred_at AT TIME ZONE 'UTC')::date::text AS day, dimension, value, count(*) AS events FROM ledger.visible_event,
           LATERAL (VALUES ('all', ''), ('app', app_id::text), ('operation', operation), ('status', status)) d (dimension, value)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      ),
    )
    const summed = await database.withOrganization(organization.id, tx =>
      tx.query(
        "SELECT day::text, dimension, value, events FROM ledger.visible_rollup_day ORDER BY day, dimension, value",
      ),
    )
    expect(counted.length).toBeGreaterThan(20)
    expect(summed).toEqual(counted)
    const hours = await database.withOrganization(organization.id, tx =>
      tx.query(
        `SELECT r.hour, r.events, e.events AS counted FROM ledger.visible_rollup_hour r FULL JOIN
           (SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, count(*) AS events FROM ledger.visible_event GROUP BY 1) e USING (hour)`,
      ),
    )
    expect(hours).toHaveLength(4)
    expect(hours.every(row => "events" in row && "counted" in row && row.events === row.counted)).toBe(true)
  })

  it("appends within Prisma's transaction too, to several logs, and nothing of it stays when it fails", async () => {
    const [one, two] = [await test.organization(), await test.organization()]
    const results = await database.withOrganizationPrisma(one.id, async ({ prisma, tx, enter }) => {
      await prisma.app.update({ where: { id: one.appId }, data: { name: "Renamed" } })
      const first = await append(tx, one.id, [prepareTestEvent(one)])
      await enter(two.id)
      return [...first, ...(await append(tx, two.id, [prepareTestEvent(two)]))]
    })
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted"])
    const failed = database.withOrganizationPrisma(one.id, async ({ prisma, tx }) => {
      await prisma.app.update({ where: { id: one.appId }, data: { name: "Never" } })
      await append(tx, one.id, [prepareTestEvent(one)])
      throw new Error("changed my mind")
    })
    await expect(failed).rejects.toThrow("changed my mind")
    organization = one
    expect(await rowsOf()).toHaveLength(1)
    const [app] = await database.withOrganization(one.id, tx =>
      tx.query("SELECT name FROM app WHERE id = $1", [one.appId]),
    )
    expect(app).toEqual({ name: "Renamed" })
    const event = prepareTestEvent(one)
    await store([event])
    const [again] = await database.withOrganizationPrisma(one.id, ({ tx }) => append(tx, one.id, [event]))
    expect(again).toMatchObject({ outcome: "duplicate", index: 1 })
  })

  it("leaves no trace of a rolled back append, not even in the numbers", async () => {
    organization = await test.organization()
    const failed = database.withOrganization(organization.id, async tx => {
      await append(tx, organization.id, prepareTestEvents(organization, 3))
      throw new Error("changed my mind")
    })
    await expect(failed).rejects.toThrow("changed my mind")
    expect((await store(prepareTestEvents(organization, 2))).map(indexOf)).toEqual([0, 1])
  })

  it("refuses an event of another organization before it reaches the database", async () => {
    const [one, two] = [await test.organization(), await test.organization()]
    await expect(store([prepareTestEvent(two)], one.id)).rejects.toThrow("another organization")
  })

  it("refuses the log of an organization that does not exist", async () => {
    const unknown = { id: randomUUID(), appId: randomUUID() }
    await expect(store([prepareTestEvent(unknown)], unknown.id)).rejects.toMatchObject({ code: "23503" })
  })
})

function indexOf(result: AppendResult | undefined): number {
  if (!result || result.outcome === "conflict") throw new Error("The event has no number.")
  return result.index
}
