import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { EventContent } from "@/lib/audit/event/event"
import { searchText } from "@/lib/audit/event/search-text"
import { foldText } from "@/lib/audit/fold"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import { hashRaw, sealEvent } from "@/lib/audit/seal"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { createDatabase, type Database } from "@/lib/database/database"
import { migrate } from "@/lib/database/migrations/run"
import { append } from "@/lib/ledger/append"
import { postgresStore } from "@/lib/stores/postgres/store"
import { connect } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import {
  type Copy,
  copiesOf,
  createEarlierDatabase,
  type EarlierDatabase,
  startOfMonth,
  store,
  storedEvents,
} from "./fixtures/earlier-version"
import { rebuildText } from "./rebuild"

const eventCount = 100_000
const organizationIds = [1, 2, 3].map(n => `00000000-0000-4000-8000-00000000000${n}`)
const appId = "00000000-0000-4000-9000-00000000000a"
/** Nothing here holds a lock for ever, unless a test says so: it is acquired in the end, also on a slow machine. */
const patient = { lockMs: 1_000, pausesMs: Array(600).fill(100) }
const impatient = { lockMs: 1_000, pausesMs: [] }

/** Returns the outcome, also when it is an error that nobody awaits yet. */
function settled<Value>(work: Promise<Value>): Promise<Value | Error> {
  return work.catch((error: Error) => error)
}

describe("a database of the version before, with 100,000 events", () => {
  const now = new Date()
  const endsAt = startOfMonth(now)
  let earlier: EarlierDatabase
  let superuser: pg.Client
  let database: Database
  let copies: readonly Copy[]
  /** Every column of every event and of its entry but the search text. */
  let before: string
  /** How many events were accepted since. */
  let sent = 0

  const rebuild = (more: object = {}) =>
    rebuildText({ ownerUrl: earlier.ownerUrl, patience: patient, ...more })
  const ask = async (sql: string, values: readonly unknown[] = []) =>
    (await superuser.query(sql, [...values])).rows
  const made = async () =>
    (await ask("SELECT count(*)::int AS n FROM ledger.event WHERE left(search_text, 1) = 'B'"))[0].n as number
  /** Other tests of the run may use the same server. */
  const rebuilder = "application_name = 'auditorium text' AND datname = current_database()"
  /** Resolves when it waits for this, which it does until the test releases it. */
  const untilItWaitsFor = (event: string) =>
    expect
      .poll(() => ask(`SELECT wait_event FROM pg_stat_activity WHERE ${rebuilder}`), { timeout: 600_000 })
      .toEqual([{ wait_event: event }])
  const isCopy = "e.id::text LIKE '00000000-0000-4000-b00_-%'"
  /** Resolves when its process has ended, and with it its locks. */
  const kill = async () => {
    const killed = await ask(
      `SELECT pg_terminate_backend(pid, 300000) AS gone FROM pg_stat_activity WHERE ${rebuilder}`,
    )
    expect(killed).toEqual([{ gone: true }])
  }
  const contents = async () =>
    (
      await ask(
        `SELECT md5(string_agg(md5(ROW(e.organization_id, e.id, e.app_id, e.index, e.occurred_at, e.received_at, operation, status,
           actor_id, source_ip, target_keys, request_id, e.leaf_hash, body, raw, n.index, n.app_id, n.occurred_at, n.received_at, n.leaf_hash, n.salt)::text), '' ORDER BY e.organization_id, e.index)) AS md5
         FROM ledger.event e JOIN ledger.entry n USING (organization_id, id) WHERE ${isCopy}`,
      )
    )[0].md5 as string
  const scope = (organizationId = organizationIds[0] ?? ""): Scope => ({
    organizationId,
    appIds: null,
    actorId: null,
  })
  const asked = (text: string): Selection => ({
    window: { from: addMicroseconds(endsAt, -800 * 86_400_000_000), before: endsAt },
    include: {},
    exclude: {},
    text,
    order: "newest",
    asOf: null,
  })
  const send = (organizationId: string, count: number) =>
    database.withOrganization(organizationId, tx =>
      append(
        tx,
        organizationId,
        prepareTestEvents({ id: organizationId, appId }, count, () => ({ id: randomUUID() })),
      ),
    )

  /** Sends some events, each of which is accepted. */
  const ingest = async (organizationId: string) => {
    const results = await send(organizationId, 20)
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(20).fill("accepted"))
    sent += results.length
    // Leaves a small machine to the work that runs in parallel.
    await sleep(50)
  }
  /**
   * Runs as the worker does, again and again while a partition lacks an index. Returns the result of the last run, and the
   * totals.
   */
  const rebuildUntilIndexed = async () => {
    let all = 0
    for (;;) {
      const { outcome, events, partitionsLeft } = await rebuild({ patience: impatient })
      all += events
      if (partitionsLeft === 0) return { outcome, events: all }
    }
  }

  beforeAll(async () => {
    earlier = await createEarlierDatabase(now)
    superuser = await connect(earlier.superuserUrl)
    for (const [n, id] of organizationIds.entries()) {
      await ask("INSERT INTO organization (id, slug, name) VALUES ($1, $2, $2)", [id, `earlier-${n}`])
    }
    copies = copiesOf(await storedEvents(), organizationIds, eventCount, endsAt)
    await store(earlier.superuserUrl, copies)
    before = await contents()
    database = createDatabase({ databaseUrl: earlier.applicationUrl, poolSize: 4, patienceMs: 60_000 })
  }, 1_800_000)
  afterAll(async () => {
    await database?.close()
    await superuser?.end()
    await earlier?.drop()
  })

  it("was sealed as today: the fixture's leaves, bodies and targets come out the same", async () => {
    for (const { content, raw, receivedAt, salt, leafHash, body } of await storedEvents()) {
      const bytes = raw === null ? null : Buffer.from(raw, "base64")
      const sealed = sealEvent({ ...content, receivedAt }, hashRaw(bytes), Buffer.from(salt, "hex"))
      expect(Buffer.from(sealed.leafHash).toString("hex")).toBe(leafHash)
      expect(sealed.body).toBe(body)
    }
  })

  it("is migrated without touching an event, takes events at once, and says that texts are not complete", async () => {
    await migrate({ ownerUrl: earlier.ownerUrl, applicationRole: "auditorium_app" })
    expect(await contents()).toBe(before)
    expect(await made()).toBe(0)
    await ingest(organizationIds[0] ?? "")
    expect(await made()).toBe(sent)
    const log = postgresStore(database)
    expect(await log.searchesWholeTexts()).toBe(false)
    expect(await log.count(scope(), asked("hidden-4711"), 10)).toEqual({ count: 0, exact: true })
    expect(
      (await log.search(scope(), asked("Workflows created"), { limit: 9, after: null })).events,
    ).toHaveLength(9)
  }, 600_000)

  it("killed while an index is built, and while texts are made, it goes on where it was; ingestion goes on meanwhile", async () => {
    // The build waits for this older snapshot to end, so it is killed in the middle.
    const reader = await connect(earlier.superuserUrl)
    await reader.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
    await reader.query("SELECT 1")
    const building = settled(rebuild())
    await untilItWaitsFor("virtualxid")
    await kill()
    expect(await building).toBeInstanceOf(Error)
    await reader.end()
    const invalid =
      "SELECT FROM pg_index WHERE NOT indisvalid AND indrelid IN (SELECT inhrelid FROM pg_inherits)"
    expect(await ask(invalid)).toHaveLength(1)

    // The texts of newer months are rebuilt, then it waits for one event of an older month, so it is killed in the middle.
    const held = copies[Math.floor(eventCount * 0.85)]?.event.content
    const holder = await connect(earlier.superuserUrl)
    await holder.query("BEGIN")
    await holder.query(
      `SELECT FROM ledger.event WHERE id = '${held?.id}' AND occurred_at = '${held?.occurredAt}' FOR UPDATE`,
    )
    const half = settled(rebuild())
    await untilItWaitsFor("transactionid")
    await ingest(organizationIds[1] ?? "")
    await kill()
    expect(await half).toBeInstanceOf(Error)
    await holder.end()
    const madeByHalf = (await made()) - sent
    expect(madeByHalf).toBeGreaterThan(eventCount / 20)
    expect(madeByHalf).toBeLessThan(eventCount)

    // A reader that stays blocks nobody: only what needs its lock is left for later.
    const staying = await connect(earlier.superuserUrl)
    await staying.query("BEGIN")
    await staying.query("SELECT FROM ledger.event WHERE search_text LIKE '%nowhere%'")
    let isEnded = false
    const [rest] = await Promise.all([
      rebuildUntilIndexed().finally(() => {
        isEnded = true
      }),
      (async () => {
        do await ingest(organizationIds[2] ?? "")
        while (!isEnded)
      })(),
    ])
    // What the earlier run had rebuilt is not rebuilt again.
    expect(rest).toEqual({ outcome: "unfinished", events: eventCount - madeByHalf })
    expect(await made()).toBe(eventCount + sent)
    await staying.end()
    expect(await rebuild()).toMatchObject({ outcome: "finished", events: 0 })
    expect(await rebuild()).toMatchObject({ outcome: "nothing" })
  }, 1_800_000)

  it("has then the indexes of a new database, on every partition, and no other", async () => {
    const rows = await ask(
      `SELECT c.relname AS name, x.indisvalid AS valid, (SELECT count(*)::int FROM pg_inherits WHERE inhparent = c.oid) AS parts
       FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid WHERE x.indrelid = 'ledger.event'::regclass ORDER BY 1`,
    )
    const [{ parts }] = await ask(
      "SELECT count(*)::int AS parts FROM pg_inherits WHERE inhparent = 'ledger.event'::regclass",
    )
    const names = ["actor_idx", "app_idx", "earlier_text_idx", "missing_code_idx", "not_success_idx"]
    const more = ["operation_code_idx", "operation_idx", "organization_target_idx", "organization_text_idx"]
    more.push("pkey", "source_ip_idx")
    expect(rows).toEqual([...names, ...more].map(name => ({ name: `event_${name}`, valid: true, parts })))
  })

  it("verifies at every leaf, and has of every event the search text of today and all else as it was", async () => {
    // Each copy was sealed when it was made, and since then no byte of it or of its entry has changed.
    expect(await contents()).toBe(before)
    // The text depends on nothing that differs between the copies of one event.
    const stored = await storedEvents()
    const texts = await ask(
      `SELECT substr(id::text, 23, 1)::int AS of, search_text AS text, count(*)::int AS events
       FROM ledger.event e WHERE ${isCopy} GROUP BY 1, 2 ORDER BY 1`,
    )
    expect(texts.map(({ of, text }) => ({ of, text }))).toEqual(
      stored.map(({ content }, of) => ({ of, text: searchText(content) })),
    )
    expect(texts.reduce((sum, { events }) => sum + events, 0)).toBe(eventCount)
    // All events that came since, and of the copies some, are read and sealed again.
    const rows = await ask(
      `SELECT e.body, e.raw, e.leaf_hash, e.search_text, n.leaf_hash AS entry_hash, n.salt
       FROM ledger.event e JOIN ledger.entry n USING (organization_id, id)
       WHERE CASE WHEN ${isCopy} THEN right(e.id::text, 12)::bigint % 23 = 0 ELSE true END`,
    )
    for (const row of rows) {
      const content: EventContent = JSON.parse(row.body)
      const { leafHash, body } = sealEvent(content, hashRaw(row.raw), row.salt)
      if (Buffer.compare(leafHash, row.leaf_hash) !== 0 || Buffer.compare(leafHash, row.entry_hash) !== 0) {
        expect.fail(`The leaf of ${content.id} does not verify.`)
      }
      if (body !== row.body || searchText(content) !== row.search_text) {
        expect.fail(`The text of ${content.id} is not the one of today.`)
      }
    }
    expect(rows).toHaveLength(Math.ceil(eventCount / 23) + sent)
    expect(await made()).toBe(eventCount + sent)
  }, 600_000)

  it("answers an old event sent again as a duplicate, and a changed one as a conflict", async () => {
    for (const organizationId of organizationIds) {
      const own = copies.filter(({ event }) => event.content.organizationId === organizationId)
      const again = own.filter((_, number) => number % 40 === 0).map(({ event }) => event)
      const results = await database.withOrganization(organizationId, tx => append(tx, organizationId, again))
      expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["duplicate"]))
      const [first] = again
      if (!first) throw new Error("there are events")
      const changed = { ...first, content: { ...first.content, description: "Changed" } }
      const [answer] = await database.withOrganization(organizationId, tx =>
        append(tx, organizationId, [changed]),
      )
      expect(answer?.outcome).toBe("conflict")
    }
  }, 600_000)

  it("finds what a long description hid, and spellings that never met", async () => {
    const log = postgresStore(database)
    expect(await log.searchesWholeTexts()).toBe(true)
    const own = copies.filter(({ event }) => event.content.organizationId === organizationIds[0])
    const texts = (await storedEvents()).map(({ content }) => searchText(content))
    for (const text of [
      "hidden-4711",
      "behind the description",
      "zo\u00eb m\u00fcller",
      "istanbul, strasse",
      "role-19-",
    ]) {
      const holding = own.filter(({ of }) => texts[of]?.includes(foldText(text))).length
      expect(holding, text).toBeGreaterThan(eventCount / 1_000)
      expect((await log.count(scope(), asked(text), 100_000)).count, text).toBe(holding)
    }
  }, 600_000)

  it("that a process of the version before still writes to says so again, and is brought up to date again", async () => {
    const [organizationId = ""] = organizationIds
    const [copy] = copies
    const row = { ...copy?.row(), id: randomUUID(), search_text: "written as before" }
    await database.withOrganization(organizationId, tx =>
      tx.query("SELECT * FROM ledger.append($1::uuid, now(), $2::json)", [
        organizationId,
        JSON.stringify([row]),
      ]),
    )
    expect(await postgresStore(database).searchesWholeTexts()).toBe(false)
    // While events move between partitions no text is changed: a row that is copied already would keep its former text.
    const moving = await connect(earlier.superuserUrl)
    await moving.query("BEGIN")
    await moving.query("SELECT pg_advisory_xact_lock(hashtext('ledger.maintain_partitions'))")
    let isEnded = false
    const rebuilt = rebuild().finally(() => {
      isEnded = true
    })
    const waits = async () =>
      isEnded
        ? "changed a text meanwhile"
        : (await ask(`SELECT wait_event FROM pg_stat_activity WHERE ${rebuilder}`))[0]?.wait_event
    await expect.poll(waits, { timeout: 300_000 }).toMatch(/^(advisory|changed a text meanwhile)$/)
    expect(await waits()).toBe("advisory")
    await moving.end()
    expect(await rebuilt).toMatchObject({ outcome: "finished", events: 1, indexes: 0 })
    expect(await postgresStore(database).searchesWholeTexts()).toBe(true)
  }, 600_000)
})
