import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  connect,
  createTestDatabase,
  prepareTemplate,
  type TestDatabase,
  type TestOrganization,
} from "@/test/database"
import { instant, prepareTestEvents } from "@/test/events"
import { append } from "./append"
import { maintainPartitions } from "./partitions"

let test: TestDatabase
let organization: TestOrganization

/** Without any partition, and as the maintenance of 2026-11-21 leaves such a database: the run's template was migrated today. */
let bare: Awaited<ReturnType<typeof prepareTemplate>>
let maintained: Awaited<ReturnType<typeof prepareTemplate>>

beforeAll(async () => {
  const dropAll = ({ superuser }: TestDatabase) =>
    superuser.query(
      `SET session_replication_role = replica;
       DO $$ DECLARE p regclass; BEGIN
         FOR p IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'ledger.event'::regclass LOOP EXECUTE 'DROP TABLE ' || p; END LOOP;
       END $$`,
    )
  bare = await prepareTemplate(dropAll)
  maintained = await prepareTemplate(async made => {
    await dropAll(made)
    await maintain("2026-11-21", made)
  })
})
afterAll(async () => {
  await bare?.drop()
  await maintained?.drop()
})

beforeEach(() => begin(maintained.template))

async function begin(template: string): Promise<void> {
  test = await createTestDatabase({ template })
  organization = await test.organization()
  await test.superuser.query("SET session_replication_role = replica")
}
afterEach(() => test.close())

describe("the partitions", () => {
  it("begin 25 months back and reach 3 months ahead, with one for the past and one for the future", async () => {
    const partitions = await listPartitions()
    expect(partitions).toHaveLength(31)
    expect(partitions[0]).toBe("event_past MINVALUE 2024-10-01")
    expect(partitions[1]).toBe("event_2024_10 2024-10-01 2024-11-01")
    expect(partitions.at(-2)).toBe("event_2027_02 2027-02-01 2027-03-01")
    expect(partitions.at(-1)).toBe("event_future 2027-03-01 MAXVALUE")
  })

  it("stay as they are when nothing is due, and when the clock goes back", async () => {
    const partitions = await listPartitions()
    await maintain("2026-11-30")
    await maintain("2026-10-01")
    expect(await listPartitions()).toEqual(partitions)
  })

  it("take every event of 1970 to 2199, and none beside", async () => {
    await store([
      "1970-01-01T00:00:00.000000Z",
      "2024-09-30T23:59:59.999999Z",
      "2024-10-01T00:00:00.000000Z",
      "2199-12-31T23:59:59.999999Z",
    ])
    expect(await placeOfRows()).toEqual(["event_past", "event_past", "event_2024_10", "event_future"])
    await expect(store(["1969-12-31T23:59:59.999999Z"])).rejects.toMatchObject({ code: "23514" })
    await expect(store(["2200-01-01T00:00:00.000000Z"])).rejects.toMatchObject({ code: "23514" })
  })

  it("take over what waited in the future, when its month comes near", async () => {
    await store([
      "2027-03-01T00:00:00.000000Z",
      "2027-05-31T23:59:59.999999Z",
      "2027-06-01T00:00:00.000000Z",
      "2190-01-01T00:00:00.000000Z",
    ])
    expect(await placeOfRows()).toEqual(["event_future", "event_future", "event_future", "event_future"])
    await maintain("2027-02-05")
    expect(await placeOfRows()).toEqual(["event_2027_03", "event_2027_05", "event_future", "event_future"])
    const rows = await test.database.withOrganization(organization.id, tx =>
      tx.query("SELECT id FROM ledger.visible_event"),
    )
    expect(rows).toHaveLength(4)
  })

  it("keep an old month that holds events, and fold an empty one into the past", async () => {
    await store(["2024-12-15T00:00:00.000000Z", "2025-02-15T00:00:00.000000Z"])
    await maintain("2027-04-21")
    expect((await listPartitions()).slice(0, 4)).toEqual([
      "event_past MINVALUE 2024-12-01",
      "event_2024_12 2024-12-01 2025-01-01",
      "event_2025_01 2025-01-01 2025-02-01",
      "event_2025_02 2025-02-01 2025-03-01",
    ])
    expect(await placeOfRows()).toEqual(["event_2024_12", "event_2025_02"])
  })

  it("are mended when a month of the past was dropped: no event falls into a hole", async () => {
    await test.superuser.query("DROP TABLE ledger.event_2024_10, ledger.event_2024_11")
    await expect(store(["2024-11-01T00:00:00.000000Z"])).rejects.toMatchObject({ code: "23514" })
    await maintain("2026-11-21")
    await store(["2024-11-01T00:00:00.000000Z"])
    expect(await placeOfRows()).toEqual(["event_2024_11"])
  })

  it("are all walled off and refuse to be truncated, also the ones made later", async () => {
    await maintain("2028-01-01")
    const { rows } = await test.superuser.query(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'ledger.event'::regclass
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_truncate')
           AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_change'))`,
    )
    expect(rows).toEqual([])
  })

  it("have every index of the whole table, also the ones made later", async () => {
    await test.close()
    await begin(bare.template)
    await test.superuser.query("CREATE INDEX event_later_idx ON ledger.event (organization_id, request_id)")
    await maintain("2026-11-21")
    await maintain("2027-01-21")
    const { rows } = await test.superuser.query(
      `SELECT p.inhrelid::regclass AS partition, count(i.*)::int AS indexes FROM pg_inherits p
         LEFT JOIN pg_index i ON i.indrelid = p.inhrelid AND i.indisvalid AND EXISTS (SELECT FROM pg_inherits x WHERE x.inhrelid = i.indexrelid)
       WHERE p.inhparent = 'ledger.event'::regclass GROUP BY 1
       HAVING count(i.*) <> (SELECT count(*) FROM pg_index WHERE indrelid = 'ledger.event'::regclass)`,
    )
    expect(rows).toEqual([])
  })

  it("can be maintained while events are appended", async () => {
    const work = Array.from({ length: 40 }, () => store(["2026-11-20T00:00:00.000000Z"]))
    await maintain("2027-02-21")
    await Promise.all(work)
    expect(await placeOfRows()).toHaveLength(40)
  })
})

describe("at the turn of a month, beside an export that stays open", () => {
  const future = ["2027-03-05T00:00:00.000000Z", "2027-08-05T00:00:00.000000Z"] as const

  it.each([
    ["with events in the future", future],
    ["without events in the future", []],
  ])("%s, others read and write on, and the lock is left to a later run", async (_, waiting) => {
    if (waiting.length > 0) await store(waiting)
    const before = await listPartitions()
    const readAll = await openExport()
    // Readers and writers that would have to wait for seconds are refused by these, and the test fails.
    await test.superuser.query(
      `ALTER ROLE auditorium_app IN DATABASE ${await databaseName()} SET lock_timeout = '5s'`,
    )
    const traffic = keepBusy(waiting.length > 0 ? future : ["2026-11-20T00:00:00.000000Z"])
    expect(await turn("2026-12-01", 2)).toEqual(["move-future", "fold-past"])
    const first = await traffic.end()
    expect(await listPartitions()).toEqual(before)
    expect(await readAll()).toBe(waiting.length)

    const again = keepBusy(future)
    expect(await turn("2026-12-01", 6)).toEqual([])
    const second = await again.end()
    expect((await listPartitions()).slice(-2)).toEqual([
      "event_2027_03 2027-03-01 2027-04-01",
      "event_future 2027-04-01 MAXVALUE",
    ])
    const places = new Map<string, number>()
    for (const place of await placeOfRows()) places.set(place, (places.get(place) ?? 0) + 1)
    const stored = waiting.length + first + second
    expect([...places.values()].reduce((sum, count) => sum + count, 0)).toBe(stored)
    expect([...places.keys()].filter(place => place !== "event_2026_11")).toEqual([
      "event_2027_03",
      "event_future",
    ])
  })

  it("an event that is committed while the lock is waited for is not left behind", async () => {
    await store(future)
    const release = await storeUncommitted(future)
    const turning = turn("2026-12-01", 6)
    await untilWaiting("Lock")
    await release()
    expect(await turning).toEqual([])
    expect(await placeOfRows()).toEqual(["event_2027_03", "event_2027_03", "event_future", "event_future"])
  })

  it("events that come during a pause are not left behind", async () => {
    await store(future)
    const readAll = await openExport()
    const turning = turn("2026-12-01", 6)
    await untilWaiting("Timeout")
    await store(future)
    expect(await readAll()).toBe(2)
    expect(await turning).toEqual([])
    expect(await placeOfRows()).toEqual(["event_2027_03", "event_2027_03", "event_future", "event_future"])
  })

  it("the former future is kept when an event of it is missing", async () => {
    await test.superuser.query(
      "CREATE TABLE ledger.event_future_former (LIKE ledger.event INCLUDING ALL); ALTER TABLE ledger.event_future_former OWNER TO auditorium_owner",
    )
    await test.superuser.query(
      `INSERT INTO ledger.event_future_former (organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, target_keys, search_text, leaf_hash, body)
       VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, '2027-05-01', now(), 'a', 'success', 'a', '{}', '', '', '')`,
    )
    await expect(turn("2026-11-21", 1)).rejects.toThrow("holds 1 events that ledger.event lacks")
    const { rows } = await test.superuser.query(
      "SELECT count(*)::int AS count FROM ledger.event_future_former",
    )
    expect(rows).toEqual([{ count: 1 }])
  })
})

/** Runs the maintenance as the worker does, on its own connection; returns the steps that did not get their lock. */
async function turn(today: string, attempts: number): Promise<readonly string[]> {
  const client = await connect(test.ownerUrl)
  try {
    return (await maintainPartitions(client, { at: new Date(`${today}T00:00:00Z`), attempts })).delayed
  } finally {
    await client.end()
  }
}

/** Starts an export of everything and pauses it until the returned function reads it to its end. */
async function openExport(): Promise<() => Promise<number>> {
  const cursor = await test.database.openCursor(organization.id, "SELECT id FROM ledger.visible_event", [])
  const rows = [...(await cursor.read(1))]
  return async () => {
    for (let more = await cursor.read(100); more.length > 0; more = await cursor.read(100)) rows.push(...more)
    await cursor.close()
    return rows.length
  }
}

/**
 * Reads pages and appends events with these times, one after the other, until it is stopped; then returns how many it
 * stored.
 */
function keepBusy(times: readonly string[]): { end: () => Promise<number> } {
  const busy = { ending: false, stored: 0 }
  const write = async () => {
    for (; !busy.ending; busy.stored++) await store([times[busy.stored % times.length] ?? ""])
  }
  const read = async () => {
    while (!busy.ending) {
      await test.database.withOrganization(organization.id, tx =>
        tx.query("SELECT id FROM ledger.visible_event ORDER BY occurred_at DESC, id DESC LIMIT 50"),
      )
    }
  }
  const work = Promise.all([write(), read()])
  return {
    end: async () => {
      busy.ending = true
      await work
      return busy.stored
    },
  }
}

/** Appends events in a transaction that the returned function commits. */
async function storeUncommitted(times: readonly string[]): Promise<() => Promise<void>> {
  const events = prepareTestEvents(organization, times.length, position => ({
    occurredAt: instant(times[position] ?? ""),
  }))
  const client = await connect(test.applicationUrl)
  const tx = {
    query: async (sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rows,
  }
  await client.query("BEGIN")
  await client.query("SELECT set_config('app.organization', $1, true)", [organization.id])
  await append(tx, organization.id, events)
  return async () => {
    await client.query("COMMIT")
    await client.end()
  }
}

/** Resolves when the maintenance waits, for a lock or in a pause. */
async function untilWaiting(kind: "Lock" | "Timeout"): Promise<void> {
  for (;;) {
    const { rows } = await test.superuser.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%ledger.move_future%' AND pid <> pg_backend_pid() AND wait_event_type = $1",
      [kind],
    )
    if (rows.length > 0) return
    await sleep(5)
  }
}

async function databaseName(): Promise<string> {
  const { rows } = await test.superuser.query<{ name: string }>("SELECT current_database() AS name")
  return rows[0]?.name ?? ""
}

async function maintain(today: string, on: TestDatabase = test): Promise<void> {
  await on.owner.query("SELECT ledger.maintain_partitions($1::timestamptz)", [`${today}T12:00:00Z`])
}

async function store(times: readonly string[]): Promise<void> {
  const events = prepareTestEvents(organization, times.length, position => ({
    occurredAt: instant(times[position] ?? ""),
  }))
  await test.database.withOrganization(organization.id, tx => append(tx, organization.id, events))
}

async function listPartitions(): Promise<readonly string[]> {
  const { rows } = await test.superuser.query<{ name: string; bound: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'ledger.event'::regclass ORDER BY c.relname = 'event_future', c.relname <> 'event_past', c.relname`,
  )
  return rows.map(({ name, bound }) => {
    const [from, to] = [...bound.matchAll(/\((?:'(\d{4}-\d\d-\d\d) 00:00:00\+00'|(\w+))\)/g)].map(
      match => match[1] ?? match[2],
    )
    return `${name} ${from} ${to}`
  })
}

async function placeOfRows(): Promise<readonly string[]> {
  const { rows } = await test.superuser.query<{ place: string }>(
    "SELECT split_part(tableoid::regclass::text, '.', 2) AS place FROM ledger.event ORDER BY occurred_at",
  )
  return rows.map(({ place }) => place)
}
