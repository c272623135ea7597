import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { readEnv } from "@/lib/env"
import { createPlatform, usePlatform } from "@/lib/platform"
import { createTestDatabase, type TestDatabase } from "@/lib/testing/database"
import { claimMails, leaseMs, settleMail } from "./claims"
import { enqueueMail } from "./queue"

const at = new Date("2026-11-21T08:00:00Z")
const message = { subject: "Hello", text: "text", html: "<p>html</p>" }

let own: TestDatabase
beforeAll(async () => {
  own = await createTestDatabase()
  const env = readEnv({
    DATABASE_URL: own.applicationUrl,
    SECRET: "a secret of the claim tests, long enough",
  })
  usePlatform({ ...createPlatform(env), database: own.database })
})
beforeEach(async () => {
  await own.database.prisma.mailMessage.deleteMany()
  for (let count = 0; count < 20; count++)
    await own.database.withOrganizationPrisma(null, ({ prisma }) =>
      enqueueMail(prisma, { purpose: "password-reset", recipient: "nadia@acme.example", message, at }),
    )
})
afterAll(async () => {
  usePlatform(null)
  await own.close()
})

test("two workers never hold the same mail", async () => {
  const claims = await Promise.all([1, 2, 3, 4].map(() => claimMails(own.database, at, 8)))
  const ids = claims.flat().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const rest = await claimMails(own.database, at, 20)
  expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(20)
  expect(await claimMails(own.database, at, 20)).toEqual([])
})

test("a mail whose worker was killed is due again after the lease, and the old claim can say nothing any more", async () => {
  const [first] = await claimMails(own.database, at, 20)
  const later = new Date(at.getTime() + leaseMs)
  const again = (await claimMails(own.database, later, 20)).find(({ id }) => id === first?.id)
  expect(again?.attempts).toBe(2)
  const ended = { failedAt: later, lastError: "too late" }
  expect(await settleMail(own.database, first ?? { id: "", attempts: 0 }, ended)).toEqual({ settled: false })
})

test("a sent mail keeps no content", async () => {
  const [mail] = await claimMails(own.database, at, 1)
  expect(await settleMail(own.database, mail ?? { id: "", attempts: 0 }, { sentAt: at })).toEqual({
    settled: true,
  })
  const row = await own.database.prisma.mailMessage.findUniqueOrThrow({ where: { id: mail?.id ?? "" } })
  expect(row).toMatchObject({ sentAt: at, sealedContent: null, lastError: null })
})
