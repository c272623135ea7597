import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/lib/testing/database"
import { prepareTestEvents } from "@/lib/testing/events"
import { append } from "./ledger"

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
      "TRUNCATE ledger.event_2026_11",
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
