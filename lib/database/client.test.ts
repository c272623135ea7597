import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"

let db: TestDatabase
let organization: TestOrganization

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 })
  organization = await db.organization()
})
afterAll(() => db.close())

const warnings = () => vi.mocked(process.emitWarning).mock.calls.map(([warning]) => String(warning))

test("no connection is given a query while it works on another, however many relations Prisma asks for", async () => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => {})
  const read = await db.database.withOrganizationPrisma(organization.id, async ({ prisma, tx }) => {
    const found = await prisma.organization.findUniqueOrThrow({
      where: { id: organization.id },
      include: { apps: true, memberships: true, roles: true, groups: true, invitations: true, apiKeys: true },
    })
    const numbers = await Promise.all([1, 2, 3, 4].map(n => tx.query<{ n: number }>(`SELECT ${n} AS n`)))
    return { found, numbers: numbers.map(([row]) => row?.n) }
  })
  expect(read.numbers).toEqual([1, 2, 3, 4])
  expect(read.found.apps.length).toBeGreaterThan(0)
  await db.database
    .withOrganization(organization.id, async tx => {
      const failing = tx.query("SELECT 1 / 0").catch(error => error)
      const after = [1, 2, 3].map(n => tx.query(`SELECT ${n} AS n`).catch(error => error))
      expect(await failing).toBeInstanceOf(Error)
      // Later queries still run: the transaction reports the failure.
      for (const error of await Promise.all(after)) expect(error).toMatchObject({ code: "25P02" })
    })
    .catch(() => {})
  expect(warnings().filter(warning => /client\.query\(\)/.test(warning))).toEqual([])
})
