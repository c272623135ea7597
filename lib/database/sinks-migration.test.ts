import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import path from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

const file = path.resolve(import.meta.dirname, "../../prisma/migrations/20261130100000_sinks/migration.sql")
/** The statements of the migration that change stored roles. */
const statements = readFileSync(file, "utf8")
  .replaceAll(/^--.*$/gm, "")
  .split(";")
  .filter(statement => /(?:TABLE|UPDATE) "role"/.test(statement))

const administrator = ["LOG-MANAGEMENT", "APP-MANAGEMENT", "ORGANIZATION-MANAGEMENT"]

test("administrators of organizations that exist get the permission for sinks, other roles do not, and twice is once", async () => {
  const organization = await db.organization()
  const roles = {
    administrator: { id: randomUUID(), builtIn: true, permissions: administrator },
    auditor: { id: randomUUID(), builtIn: true, permissions: ["LOG-MANAGEMENT"] },
    likeOne: { id: randomUUID(), builtIn: false, permissions: administrator },
  }
  for (const [name, { id, builtIn, permissions }] of Object.entries(roles)) {
    await db.superuser.query(
      "INSERT INTO role (id, organization_id, name, built_in, permissions) VALUES ($1, $2, $3, $4, $5)",
      [id, organization.id, name, builtIn, permissions],
    )
  }
  expect(statements).toHaveLength(3)
  for (const _ of ["once", "twice"]) for (const statement of statements) await db.owner.query(statement)
  const { rows } = await db.superuser.query("SELECT id, permissions FROM role WHERE organization_id = $1", [
    organization.id,
  ])
  const after = new Map(rows.map(row => [row.id, row.permissions]))
  expect(after.get(roles.administrator.id)).toEqual([...administrator, "SINK-MANAGEMENT"])
  expect(after.get(roles.auditor.id)).toEqual(["LOG-MANAGEMENT"])
  expect(after.get(roles.likeOne.id)).toEqual(administrator)
  const forced = await db.superuser.query(
    "SELECT relforcerowsecurity AS forced FROM pg_class WHERE oid = 'role'::regclass",
  )
  expect(forced.rows).toEqual([{ forced: true }])
})
