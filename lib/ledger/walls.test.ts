import { randomUUID } from "node:crypto"
import type pg from "pg"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Database } from "@/lib/database/database"
import { connect, createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { prepareTestEvent, prepareTestEvents } from "@/test/events"
import { append } from "./append"

const views = ["event", "entry", "head", "rollup_day", "rollup_hour"]
const refused = { code: "42501" }

let test: TestDatabase
let database: Database
let one: TestOrganization
let two: TestOrganization
/** A plain connection as the application role, as an attacker with its credentials would use it. */
let intruder: pg.Client

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 4 })
  database = test.database
  one = await test.organization()
  two = await test.organization()
  for (const organization of [one, two]) {
    await database.withOrganization(organization.id, tx =>
      append(tx, organization.id, prepareTestEvents(organization, 3)),
    )
  }
  intruder = await connect(test.applicationUrl)
})
afterAll(async () => {
  await intruder.end()
  await test.close()
})
beforeEach(() => intruder.query("ROLLBACK; RESET ALL"))

describe("the application role", () => {
  it.each([
    "ledger.event",
    "ledger.entry",
    "ledger.head",
    "ledger.rollup_day",
    "ledger.rollup_hour",
    // The partition of this month.
    `ledger.event_${new Date().toISOString().slice(0, 7).replace("-", "_")}`,
  ])("cannot touch %s itself", async table => {
    for (const statement of [
      `SELECT count(*) FROM ${table}`,
      `INSERT INTO ${table} (organization_id) VALUES ('${one.id}')`,
      `UPDATE ${table} SET organization_id = organization_id`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
      `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
      `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`,
      `DROP TABLE ${table}`,
    ]) {
      await expect(intruder.query(statement), statement).rejects.toMatchObject(refused)
    }
  })

  it.each(views)("cannot write through the view of %s", async view => {
    await actAs(one.id)
    for (const statement of [
      `DELETE FROM ledger.visible_${view}`,
      `UPDATE ledger.visible_${view} SET organization_id = NULL`,
    ]) {
      await expect(intruder.query(statement), statement).rejects.toMatchObject(refused)
      await intruder.query("ROLLBACK")
    }
  })

  it.each([
    "SET ROLE auditorium_owner",
    "SET ROLE auditorium_writer",
    "SET ROLE auditorium_reader",
    "SET ROLE auditorium_maintenance",
    "SET session_replication_role = replica",
  ])("cannot help itself by %s", async statement => {
    await expect(intruder.query(statement)).rejects.toMatchObject(refused)
  })

  it("cannot create anything: no table, function, schema or temporary table", async () => {
    for (const statement of [
      "CREATE TABLE public.mine (id int)",
      "CREATE TABLE ledger.mine (id int)",
      "CREATE TEMPORARY TABLE mine (id int)",
      "CREATE SCHEMA mine",
      "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "CREATE ROLE mine",
    ]) {
      await expect(intruder.query(statement), statement).rejects.toMatchObject(refused)
    }
  })

  it("can run five functions of the ledger, to append, to ask whether texts and codes are complete and to read for deliveries, and none of the owner's", async () => {
    const { rows } = await test.superuser.query<{ name: string; types: readonly string[] }>(
      `SELECT proname AS name, ARRAY(SELECT format_type(t, NULL) FROM unnest(proargtypes) t) AS types
       FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND proname <> ALL ('{append,text_is_complete,codes_are_complete,recorded,due_sinks}')`,
    )
    expect(rows.length).toBeGreaterThan(10)
    for (const { name, types } of rows) {
      const call = `SELECT ledger.${name}(${types.map(type => `NULL::${type}`).join(", ")})`
      await expect(intruder.query(call), call).rejects.toMatchObject(refused)
    }
  })

  it("cannot change what identifies or secures: only columns meant to change", async () => {
    for (const statement of [
      "UPDATE organization SET id = id",
      "UPDATE api_key SET secret_hash = secret_hash",
      "UPDATE api_key SET organization_id = organization_id",
      "UPDATE api_key SET scopes = scopes",
      "UPDATE app SET built_in = true",
      "UPDATE session SET id_hash = id_hash",
      "UPDATE session SET person_id = person_id",
      "DELETE FROM organization",
      "DELETE FROM person",
      "DELETE FROM app",
      "DELETE FROM api_key",
      "UPDATE role SET built_in = true",
      "UPDATE invitation SET email = email",
      "DELETE FROM invitation",
      "UPDATE identity SET subject = subject",
      "UPDATE mail_message SET recipient = recipient",
      "UPDATE group_member SET person_id = person_id",
      "UPDATE _prisma_migrations SET checksum = ''",
    ]) {
      await expect(intruder.query(statement), statement).rejects.toMatchObject(refused)
    }
  })
})

describe("without an organization", () => {
  it.each([
    ["never set", "SELECT 1"],
    [
      "empty, as it is after a transaction on a pooled connection",
      "SELECT set_config('app.organization', '', false)",
    ],
  ])("and the setting %s, nothing is visible and nothing can be appended", async (_, prepare) => {
    await intruder.query(prepare)
    for (const view of views) {
      const { rows } = await intruder.query(`SELECT * FROM ledger.visible_${view}`)
      expect(rows, view).toEqual([])
    }
    for (const table of ["app", "role", "membership_role"]) {
      expect((await intruder.query(`SELECT * FROM ${table}`)).rows, table).toEqual([])
    }
    await expect(
      intruder.query("SELECT * FROM ledger.append($1, now(), '[]')", [one.id]),
    ).rejects.toMatchObject(refused)
    await expect(intruder.query("SELECT * FROM ledger.append(NULL, now(), '[]')")).rejects.toMatchObject(
      refused,
    )
    await expect(
      intruder.query(
        "INSERT INTO app (id, organization_id, slug, name) VALUES (gen_random_uuid(), $1, 'x', 'x')",
        [one.id],
      ),
    ).rejects.toMatchObject(refused)
  })

  it("the setting is gone after each transaction of the pool", async () => {
    const seen = await Promise.all(
      Array.from({ length: 12 }, async () => {
        await database.withOrganization(one.id, tx => tx.query("SELECT 1"))
        await database.withOrganizationPrisma(two.id, ({ tx }) => tx.query("SELECT 1"))
        const [row] = await database.queryDirectly<{ value: string | null }>(
          "SELECT current_setting('app.organization', true) AS value",
        )
        return row?.value || null
      }),
    )
    expect(seen).toEqual(seen.map(() => null))
  })
})

describe("acting for one organization", () => {
  it("no append to the log of another is possible", async () => {
    await actAs(one.id)
    await expect(
      intruder.query("SELECT * FROM ledger.append($1, now(), $2)", [two.id, "[]"]),
    ).rejects.toMatchObject(refused)
  })

  it.each([
    ["'-infinity'", false],
    ["now() - interval '2 minutes'", false],
    ["now() + interval '2 minutes'", false],
    ["NULL", false],
    ["now() - interval '30 seconds'", true],
    ["now() + interval '30 seconds'", true],
  ])("an event received at %s is taken: %s", async (receivedAt, isTaken) => {
    await actAs(one.id)
    const call = intruder.query(`SELECT * FROM ledger.append($1, ${receivedAt}, $2)`, [one.id, rowOf({})])
    if (isTaken) expect((await call).rows).toMatchObject([{ outcome: "new" }])
    else await expect(call).rejects.toMatchObject({ code: "22023" })
    await intruder.query("ROLLBACK")
  })

  it.each([
    ["of zeros", "00".repeat(32)],
    ["that is too short", "ab".repeat(31)],
    ["that is too long", "ab".repeat(33)],
  ])("a hash %s is refused", async (_, hash) => {
    await actAs(one.id)
    const events = rowOf({ leaf_hash: `\\x${hash}` })
    const call = intruder.query("SELECT * FROM ledger.append($1, now(), $2)", [one.id, events])
    await expect(call).rejects.toMatchObject({ code: "23514" })
    await intruder.query("ROLLBACK")
  })

  it("a query that forgets the organization returns only the current one's rows", async () => {
    for (const organization of [one, two]) {
      const seen = await database.withOrganization(organization.id, async tx => ({
        events: await tx.query<{ organization_id: string }>(
          "SELECT organization_id FROM ledger.visible_event",
        ),
        entries: await tx.query<{ organization_id: string }>(
          "SELECT organization_id FROM ledger.visible_entry",
        ),
        apps: await tx.query<{ organization_id: string }>("SELECT organization_id FROM app"),
      }))
      expect(seen.events).toHaveLength(3)
      expect(seen.entries).toHaveLength(3)
      expect(seen.apps).toHaveLength(2)
      for (const rows of Object.values(seen)) {
        expect(new Set(rows.map(row => row.organization_id))).toEqual(new Set([organization.id]))
      }
    }
  })

  it("a row of another organization can be neither added nor changed", async () => {
    await actAs(one.id)
    await expect(
      intruder.query("INSERT INTO role (id, organization_id, name) VALUES (gen_random_uuid(), $1, 'Spy')", [
        two.id,
      ]),
    ).rejects.toMatchObject(refused)
    await actAs(one.id)
    const changed = await intruder.query("UPDATE app SET name = 'Mine' WHERE organization_id = $1", [two.id])
    expect(changed.rowCount).toBe(0)
  })

  it("a key cannot be given an app, nor a member a role, of another organization", async () => {
    const roleId = randomUUID()
    const personId = randomUUID()
    await database.withOrganizationPrisma(two.id, ({ prisma }) =>
      prisma.role.create({
        data: { id: roleId, organizationId: two.id, name: "Administrator", permissions: [] },
      }),
    )
    await database.withOrganizationPrisma(one.id, async ({ prisma }) => {
      await prisma.person.create({ data: { id: personId, email: `${personId}@example.com`, name: "Eve" } })
      await prisma.membership.create({ data: { organizationId: one.id, personId } })
    })
    const violation = { code: "P2003" }
    const key = {
      id: randomUUID(),
      organizationId: one.id,
      appId: two.appId,
      name: "key",
      prefix: "aud_",
      lastFour: "abcd",
    }
    await expect(
      database.prisma.apiKey.create({ data: { ...key, secretHash: Buffer.alloc(32), scopes: [] } }),
    ).rejects.toMatchObject(violation)
    await expect(
      database.withOrganizationPrisma(one.id, ({ prisma }) =>
        prisma.membershipRole.create({ data: { organizationId: one.id, personId, roleId } }),
      ),
    ).rejects.toMatchObject(violation)
  })

  it("200 transactions of two organizations through a pool of four never see each other's rows", async () => {
    const before = await Promise.all([one, two].map(countEvents))
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, turn) => {
        const organization = turn % 2 === 0 ? one : two
        const read =
          "SELECT organization_id FROM ledger.visible_event UNION ALL SELECT organization_id FROM app"
        const rows =
          turn % 3 === 0
            ? await database.withOrganizationPrisma(organization.id, ({ tx }) =>
                tx.query<{ organization_id: string }>(read),
              )
            : await database.withOrganization(organization.id, async tx => {
                if (turn % 5 === 0) await append(tx, organization.id, [prepareTestEvent(organization)])
                return tx.query<{ organization_id: string }>(read)
              })
        return {
          rows: rows.length,
          foreign: rows.filter(row => row.organization_id !== organization.id).length,
        }
      }),
    )
    expect(seen.reduce((sum, { foreign }) => sum + foreign, 0)).toBe(0)
    expect(Math.min(...seen.map(({ rows }) => rows))).toBeGreaterThanOrEqual(5)
    const after = await Promise.all([one, two].map(countEvents))
    const written = Array.from({ length: 200 }, (_, turn) => turn).filter(
      turn => turn % 3 !== 0 && turn % 5 === 0,
    ).length
    expect(after.reduce((a, b) => a + b) - before.reduce((a, b) => a + b)).toBe(written)
  })
})

describe("row-level security", () => {
  const tables = ["event", "entry", "head", "rollup_day", "rollup_hour"] as const
  /** A row of organization two with every column that the table requires. */
  const foreignRow: Readonly<Record<(typeof tables)[number], string>> = {
    event: `(organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, target_keys, search_text, leaf_hash, body)
      VALUES ($1, gen_random_uuid(), gen_random_uuid(), 99, '2026-11-20', now(), 'a', 'success', 'a', '{}', '', '', '')`,
    entry: `(organization_id, id, app_id, index, occurred_at, received_at, leaf_hash, salt)
      VALUES ($1, gen_random_uuid(), gen_random_uuid(), 99, '2026-11-20', now(), sha256('a'), substr(sha256('b'), 1, 16))`,
    head: "(organization_id, size) VALUES ($1, 99)",
    rollup_day: "(organization_id, day, dimension, value, events) VALUES ($1, '2026-11-20', 'all', 'x', 1)",
    rollup_hour: "(organization_id, hour, events) VALUES ($1, '2026-11-20', 1)",
  }

  it.each(tables)("lets the role that appends write nothing of another organization to %s", async table => {
    await test.superuser.query("BEGIN")
    try {
      await test.superuser.query("SELECT set_config('app.organization', $1, true)", [one.id])
      await test.superuser.query("SET LOCAL ROLE auditorium_writer")
      const insert = test.superuser.query(`INSERT INTO ledger.${table} ${foreignRow[table]}`, [two.id])
      await expect(insert).rejects.toThrow("violates row-level security policy")
    } finally {
      await test.superuser.query("ROLLBACK")
    }
  })

  it.each(tables)("hides the rows of %s from their owner too", async table => {
    expect((await test.superuser.query(`SELECT FROM ledger.${table}`)).rowCount).toBeGreaterThan(0)
    expect((await test.owner.query(`SELECT FROM ledger.${table}`)).rowCount).toBe(0)
  })

  it("stands on every table of the ledger and every partition, forced", async () => {
    const { rows } = await test.superuser.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p')
         AND NOT (relrowsecurity AND relforcerowsecurity)`,
    )
    expect(rows).toEqual([])
  })
})

/** The JSON of the call for one event, as somebody with the application's role but without its code would write it. */
function rowOf(changes: Readonly<Record<string, string>>): string {
  const event = {
    id: randomUUID(),
    app_id: one.appId,
    occurred_at: "2026-11-20T00:00:00Z",
    operation: "a",
    status: "success",
    actor_id: "a",
    target_keys: [],
    search_text: "",
    leaf_hash: `\\x${"ab".repeat(32)}`,
    salt: `\\x${"cd".repeat(16)}`,
    body: "",
  }
  return JSON.stringify([{ ...event, ...changes }])
}

async function actAs(organizationId: string): Promise<void> {
  await intruder.query("ROLLBACK")
  await intruder.query("BEGIN")
  await intruder.query("SELECT set_config('app.organization', $1, true)", [organizationId])
}

async function countEvents(organization: TestOrganization): Promise<number> {
  const [row] = await database.withOrganization(organization.id, tx =>
    tx.query<{ count: number }>("SELECT count(*) AS count FROM ledger.visible_event"),
  )
  return row?.count ?? 0
}
