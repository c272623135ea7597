import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvents } from "@/test/events"
import { append } from "./append"

const forcedTables = [
  "app",
  "membership_role",
  "role",
  "ledger.entry",
  "ledger.event",
  "ledger.head",
  "ledger.rollup_day",
  "ledger.rollup_hour",
]
const refused = { code: "42501" }

let test: TestDatabase
let one: TestOrganization
beforeAll(async () => {
  test = await createTestDatabase()
  one = await test.organization()
  await test.database.withOrganization(one.id, tx => append(tx, one.id, prepareTestEvents(one, 3)))
})
afterAll(() => test.close())

describe("the owner of the tables", () => {
  it("meets forced row-level security: sees no row, adds none", async () => {
    for (const table of forcedTables) {
      expect((await test.owner.query(`SELECT * FROM ${table}`)).rows, table).toEqual([])
    }
    await expect(
      test.owner.query(
        "INSERT INTO app (id, organization_id, slug, name) VALUES (gen_random_uuid(), $1, 'x', 'x')",
        [one.id],
      ),
    ).rejects.toMatchObject(refused)
  })

  it("cannot change, remove or truncate an event, even with row-level security out of the way", async () => {
    await test.owner.query("BEGIN")
    await test.owner.query("ALTER TABLE ledger.entry NO FORCE ROW LEVEL SECURITY")
    await test.owner.query("ALTER TABLE ledger.event NO FORCE ROW LEVEL SECURITY")
    for (const statement of [
      "UPDATE ledger.event SET body = '{}'",
      "DELETE FROM ledger.event",
      "TRUNCATE ledger.event",
      `TRUNCATE ledger.event_${new Date().toISOString().slice(0, 7).replace("-", "_")}`,
      "UPDATE ledger.entry SET index = index + 1",
      "DELETE FROM ledger.entry",
      "TRUNCATE ledger.entry",
    ]) {
      await test.owner.query("SAVEPOINT before")
      await expect(test.owner.query(statement), statement).rejects.toMatchObject({
        ...refused,
        message: expect.stringContaining("events are never changed"),
      })
      await test.owner.query("ROLLBACK TO before")
    }
    await test.owner.query("ROLLBACK")
  })
})

describe("the maintenance role", () => {
  const columnsOfEvent = async () => {
    const { rows } = await test.superuser.query<{ name: string; other: string }>(
      `SELECT a.attname AS name, CASE format_type(a.atttypid, a.atttypmod)
         WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'bigint' THEN a.attname || ' + 1' WHEN 'integer' THEN a.attname || ' + 1' WHEN 'bytea' THEN $$'\\x00'$$
         WHEN 'timestamp with time zone' THEN a.attname || $$ + interval '1 second'$$ WHEN 'inet' THEN $$'192.0.2.99'$$
         WHEN 'text[]' THEN $$'{other}'$$ ELSE CASE a.attname WHEN 'status' THEN $$'unknown'$$ ELSE $$'other'$$ END END AS other
       FROM pg_attribute a WHERE a.attrelid = 'ledger.event'::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
    )
    return rows.filter(({ name }) => name !== "search_text")
  }
  const trying = async (role: string, statement: string, prepare = "") => {
    await test.superuser.query(`BEGIN; ${prepare} SET LOCAL ROLE ${role}`)
    try {
      return await test.superuser.query(statement)
    } finally {
      await test.superuser.query("ROLLBACK")
    }
  }

  it("changes the search text of an event, and no other role does", async () => {
    const statement = "UPDATE ledger.event SET search_text = search_text || 'more'"
    expect((await trying("auditorium_maintenance", statement)).rowCount).toBe(3)
    const others = ["auditorium_app", "auditorium_application", "auditorium_reader", "auditorium_writer"]
    for (const role of [...others, "auditorium_owner", "NONE"]) {
      // Row-level security hides every row from the owner; the trigger refuses where nothing hides them.
      const prepare =
        role === "auditorium_owner" ? "ALTER TABLE ledger.event NO FORCE ROW LEVEL SECURITY;" : ""
      await expect(trying(role, statement, prepare), role).rejects.toMatchObject(refused)
    }
  })

  it("changes nothing else of it, alone or beside the search text, for want of the right and by the trigger", async () => {
    const columns = await columnsOfEvent()
    expect(columns.length).toBeGreaterThan(12)
    const everything = "GRANT SELECT, UPDATE ON ledger.event TO auditorium_maintenance;"
    for (const { name, other } of columns) {
      for (const set of [`${name} = ${other}`, `search_text = 'more', ${name} = ${other}`]) {
        const statement = `UPDATE ledger.event SET ${set}`
        await expect(trying("auditorium_maintenance", statement), set).rejects.toMatchObject(refused)
        await expect(trying("auditorium_maintenance", statement, everything), set).rejects.toMatchObject({
          ...refused,
          message: expect.stringContaining("events are never changed"),
        })
      }
    }
  })

  it("reads no original bytes and changes no entry, head or sum", async () => {
    for (const statement of [
      "SELECT raw FROM ledger.event",
      "INSERT INTO ledger.event SELECT * FROM ledger.event",
      "DELETE FROM ledger.event",
      "UPDATE ledger.entry SET index = index",
      "SELECT FROM ledger.entry",
      "UPDATE ledger.head SET size = size",
      "UPDATE ledger.rollup_day SET events = events",
      "SELECT FROM ledger.event_future",
    ]) {
      await expect(trying("auditorium_maintenance", statement), statement).rejects.toMatchObject(refused)
    }
  })

  it("may remove events once it is granted to, and still change none", async () => {
    await test.superuser.query(`BEGIN;
      GRANT USAGE ON SCHEMA ledger TO auditorium_maintenance;
      GRANT SELECT, UPDATE, DELETE ON ledger.event TO auditorium_maintenance;
      CREATE POLICY expire ON ledger.event TO auditorium_maintenance USING (true);
      SET LOCAL ROLE auditorium_maintenance; SAVEPOINT before`)
    await expect(test.superuser.query("UPDATE ledger.event SET body = '{}'")).rejects.toMatchObject(refused)
    await test.superuser.query("ROLLBACK TO before")
    const removed = await test.superuser.query("DELETE FROM ledger.event WHERE organization_id = $1", [
      one.id,
    ])
    expect(removed.rowCount).toBeGreaterThan(0)
    await test.superuser.query("ROLLBACK")
  })
})
