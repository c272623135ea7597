import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { prismaDrift } from "@/test/schema-engine"

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.close())

it("the migrations make exactly the tables that Prisma's schema describes", async () => {
  expect(await prismaDrift(test.superuserUrl)).toBe("")
})

it("a column that only one of the two knows is noticed", async () => {
  await test.owner.query("ALTER TABLE person ADD COLUMN nickname text")
  expect(await prismaDrift(test.superuserUrl)).toContain('DROP COLUMN "nickname"')
})
