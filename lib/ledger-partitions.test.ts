import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/lib/testing/database"
import { instant, prepareTestEvents } from "@/lib/testing/events"
import { append } from "./ledger"

let test: TestDatabase
let organization: TestOrganization

beforeEach(async () => {
  test = await createTestDatabase()
  organization = await test.organization()
  // The template was migrated today; the tests need a calendar of their own.
  await test.superuser.query("SET session_replication_role = replica")
  await test.superuser.query(
    `DO $$ DECLARE p regclass; BEGIN
       FOR p IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'ledger.event'::regclass LOOP EXECUTE 'DROP TABLE ' || p; END LOOP;
     END $$`,
  )
})
afterEach(() => test.close())

describe("the partitions", () => {
  it("begin 25 months back and reach 3 months ahead, with one for the past and one for the future", async () => {
    await maintain("2026-11-21")
    const partitions = await listPartitions()
    expect(partitions).toHaveLength(31)
    expect(partitions[0]).toBe("event_past MINVALUE 2024-10-01")
    expect(partitions[1]).toBe("event_2024_10 2024-10-01 2024-11-01")
    expect(partitions.at(-2)).toBe("event_2027_02 2027-02-01 2027-03-01")
    expect(partitions.at(-1)).toBe("event_future 2027-03-01 MAXVALUE")
  })

  it("stay as they are when nothing is due, and when the clock goes back", async () => {
    await maintain("2026-11-21")
    const partitions = await listPartitions()
    await maintain("2026-11-30")
    await maintain("2026-10-01")
    expect(await listPartitions()).toEqual(partitions)
  })

  it("take every event of 1970 to 2199, and none beside", async () => {
    await maintain("2026-11-21")
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
    await maintain("2026-11-21")
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
    await maintain("2026-11-21")
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
    await maintain("2026-11-21")
    await test.superuser.query("DROP TABLE ledger.event_2024_10, ledger.event_2024_11")
    await expect(store(["2024-11-01T00:00:00.000000Z"])).rejects.toMatchObject({ code: "23514" })
    await maintain("2026-11-21")
    await store(["2024-11-01T00:00:00.000000Z"])
    expect(await placeOfRows()).toEqual(["event_2024_11"])
  })

  it("are all walled off and refuse to be truncated, also the ones made later", async () => {
    await maintain("2026-11-21")
    await maintain("2028-01-01")
    const { rows } = await test.superuser.query(
      `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'ledger.event'::regclass
         AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_truncate')
           AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'refuse_change'))`,
    )
    expect(rows).toEqual([])
  })

  it("can be maintained while events are appended", async () => {
    await maintain("2026-11-21")
    const work = Array.from({ length: 40 }, () => store(["2026-11-20T00:00:00.000000Z"]))
    await maintain("2027-02-21")
    await Promise.all(work)
    expect(await placeOfRows()).toHaveLength(40)
  })
})

async function maintain(today: string): Promise<void> {
  await test.owner.query("SELECT ledger.maintain_partitions($1::timestamptz)", [`${today}T12:00:00Z`])
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
