import { randomBytes } from "node:crypto"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readMigrations } from "@/lib/database/migrations/files"
import { createEmptyDatabase, createTestDatabase, type TestDatabase, testPatienceMs } from "@/test/database"
import { createDatabase, type Database } from "./database/database"
import { readMigrationLevel, runStartupChecks, StartupError } from "./startup-checks"

let test: TestDatabase
const opened: Database[] = []
const createdRoles: string[] = []

beforeEach(async () => {
  test = await createTestDatabase()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(database => database.close()))
  for (const role of createdRoles.splice(0))
    await test.superuser.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  await test.close()
})

describe("the start", () => {
  it("passes on a migrated database reached as the application role", async () => {
    await expect(runStartupChecks(test.database)).resolves.toBeUndefined()
  })

  it("refuses a superuser, whom no wall stops", async () => {
    await expectRefusal(open(test.superuserUrl), "The role postgres is a superuser")
  })

  it("refuses the owner of the tables, in the words of the two addresses", async () => {
    await expectRefusal(open(test.ownerUrl), "DATABASE_URL must name another role than DATABASE_OWNER_URL")
  })

  it("refuses a role that bypasses row-level security, and says how to change it", async () => {
    const role = await createRole("BYPASSRLS")
    await expectRefusal(open(asRole(role)), `ALTER ROLE "${role}" NOBYPASSRLS`)
  })

  it.each(["auditorium_reader", "auditorium_writer", "auditorium_maintenance", "auditorium_owner"])(
    "refuses a role that can become %s",
    async group => {
      const role = await createRole()
      await test.superuser.query(`GRANT ${group} TO ${role} WITH INHERIT FALSE`)
      await expectRefusal(
        open(asRole(role)),
        group === "auditorium_owner" ? "is a member of their owner" : `REVOKE ${group} FROM "${role}"`,
      )
    },
  )

  it("refuses synchronous_commit = off, wherever it was set", async () => {
    const role = await createRole()
    await test.superuser.query(`ALTER ROLE ${role} SET synchronous_commit = off`)
    await expectRefusal(
      open(asRole(role)),
      "Its setting synchronous_commit is off: acknowledged events could be lost",
    )
    await test.superuser.query(`ALTER ROLE ${role} RESET synchronous_commit`)
    await test.superuser.query(`ALTER DATABASE ${await databaseName()} SET synchronous_commit = off`)
    await expectRefusal(open(asRole(role)), "Its setting synchronous_commit is off")
  })

  it("refuses a role without the settings that keep searches quick", async () => {
    const role = await createRole()
    await test.superuser.query(`ALTER ROLE ${role} RESET plan_cache_mode`)
    await expectRefusal(open(asRole(role)), "plan_cache_mode is auto")
  })

  it.each(["0", "60s", "1s"])(
    "refuses a role whose transactions that nobody goes on with end after %s: never, or while an export waits",
    async timeout => {
      const role = await createRole()
      await test.superuser.query(`ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '${timeout}'`)
      await expectRefusal(
        open(asRole(role)),
        "ALTER ROLE CURRENT_USER SET idle_in_transaction_session_timeout = '90s'",
      )
    },
  )

  it("refuses a database that was never migrated, or is older or newer than the program", async () => {
    const empty = await createEmptyDatabase()
    await expectRefusal(
      open(empty.applicationUrl.replace(/\/\/[^@]*@/, `//${await createRole()}:x@`)),
      "Run: npm run migrate",
    )
    await Promise.all(opened.splice(0).map(database => database.close()))
    await empty.drop()
    const [before, newest] = (await readMigrations()).slice(-2)
    await test.owner.query("DELETE FROM _prisma_migrations WHERE migration_name = $1", [newest?.name])
    await expectRefusal(test.database, "It lacks 1 migrations. Run: npm run migrate.")
    expect(await readMigrationLevel(test.database)).toEqual({
      applied: before?.name,
      pending: 1,
      problem: null,
    })
    await test.owner.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', '', '20991231000000_later', now())",
    )
    await expectRefusal(test.database, "a newer version was here")
  })

  it("names every reason at once", async () => {
    const role = await createRole("BYPASSRLS")
    await test.superuser.query(
      `ALTER ROLE ${role} SET synchronous_commit = off; ALTER ROLE ${role} RESET plan_cache_mode`,
    )
    const error: unknown = await runStartupChecks(open(asRole(role))).catch(reason => reason)
    expect(String(error).match(/^ {2}- /gm)).toHaveLength(3)
  })

  it("is told that the database is unavailable when nobody listens", async () => {
    const nowhere = open("postgresql://auditorium_app:x@127.0.0.1:1/none")
    await expect(runStartupChecks(nowhere)).rejects.toMatchObject({ code: "unavailable" })
  })
})

async function expectRefusal(database: Database, words: string): Promise<void> {
  const error: unknown = await runStartupChecks(database).catch(reason => reason)
  expect(error).toBeInstanceOf(StartupError)
  expect(String(error)).toContain(words)
}

function open(databaseUrl: string): Database {
  const database = createDatabase({ databaseUrl, poolSize: 2, patienceMs: testPatienceMs })
  opened.push(database)
  return database
}

/** A role like the application's, for this test only. */
async function createRole(attributes = ""): Promise<string> {
  const role = `role_${randomBytes(6).toString("hex")}`
  await test.superuser.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'x' ${attributes}; GRANT auditorium_application TO ${role}; ALTER ROLE ${role} SET plan_cache_mode = force_custom_plan;
     ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '90s'`,
  )
  createdRoles.push(role)
  return role
}

function asRole(role: string): string {
  return test.applicationUrl.replace(/\/\/[^@]*@/, `//${role}:x@`)
}

async function databaseName(): Promise<string> {
  return (await test.superuser.query("SELECT current_database() AS name")).rows[0].name
}
