import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import type { Database } from "./database"

let test: TestDatabase
let database: Database
let organization: TestOrganization

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 3 })
  database = test.database
  organization = await test.organization()
})
afterAll(() => test.close())

const unavailable = { code: "unavailable", retryAfterSeconds: 1 }

describe("a cursor", () => {
  const numbers = "SELECT generate_series(1, $1) AS number"

  it("gives all rows, a few at a time, of this organization only", async () => {
    const cursor = await database.openCursor<{ number: number }>(organization.id, numbers, [25])
    const sizes: number[] = []
    for (let rows = await cursor.read(10); rows.length > 0; rows = await cursor.read(10))
      sizes.push(rows.length)
    await cursor.close()
    await cursor.close()
    expect(sizes).toEqual([10, 10, 5])
    const other = await test.organization()
    const apps = await database.openCursor<{ organization_id: string }>(
      other.id,
      "SELECT organization_id FROM app",
      [],
    )
    expect((await apps.read(10)).map(row => row.organization_id)).toEqual([other.id, other.id])
    await apps.close()
  })

  it("frees its connection when closed early, and destroys it after an error", async () => {
    for (let turn = 0; turn < 9; turn++) {
      const cursor = await database.openCursor(organization.id, numbers, [1_000_000])
      expect(await cursor.read(3)).toHaveLength(3)
      await cursor.close(turn % 2 === 0 ? undefined : new Error("the client is gone"))
      await expect(cursor.read(1)).rejects.toThrow("closed")
    }
    await expect(database.queryDirectly("SELECT 1 AS one")).resolves.toEqual([{ one: 1 }])
  })

  it("stops the statement on the server when it is closed while it reads", async () => {
    const cursor = await database.openCursor(organization.id, "SELECT pg_sleep(60), 'still reading'", [])
    const reading = expect(cursor.read(1)).rejects.toMatchObject(unavailable)
    await waitFor(async () => (await countRunning("still reading")) === 1)
    await cursor.close()
    await reading
    await waitFor(async () => (await countRunning("still reading")) === 0)
  })

  it("reports a wrong statement at the first read, and frees its connection", async () => {
    for (let turn = 0; turn < 5; turn++) {
      const cursor = await database.openCursor(organization.id, "SELECT no_such_column", [])
      await expect(cursor.read(1)).rejects.toMatchObject({ code: "42703" })
    }
  })
})

async function countRunning(marker: string): Promise<number> {
  const { rows } = await test.superuser.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'",
    [marker],
  )
  return rows[0].count
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 30_000 }).toBe(true)
}
