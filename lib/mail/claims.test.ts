import { beforeEach, expect, test } from "vitest"
import { db, setUpPlatform } from "@/test/platform"
import { claimMails, leaseMs, settleMail } from "./claims"
import { enqueueMail } from "./queue"

const at = new Date("2026-11-21T08:00:00Z")
const message = { subject: "Hello", text: "text", html: "<p>html</p>" }

setUpPlatform()

beforeEach(async () => {
  await db.database.prisma.mailMessage.deleteMany()
  for (let count = 0; count < 20; count++)
    await db.database.withOrganizationPrisma(null, ({ prisma }) =>
      enqueueMail(prisma, { purpose: "password-reset", recipient: "nadia@acme.example", message, at }),
    )
})

test("two workers never hold the same mail", async () => {
  const claims = await Promise.all([1, 2, 3, 4].map(() => claimMails(db.database, at, 8)))
  const ids = claims.flat().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const rest = await claimMails(db.database, at, 20)
  expect(new Set([...ids, ...rest.map(({ id }) => id)]).size).toBe(20)
  expect(await claimMails(db.database, at, 20)).toEqual([])
})

test("a mail whose worker was killed is due again after the lease, and the old claim can say nothing any more", async () => {
  const [first] = await claimMails(db.database, at, 20)
  const later = new Date(at.getTime() + leaseMs)
  const again = (await claimMails(db.database, later, 20)).find(({ id }) => id === first?.id)
  expect(again?.attempts).toBe(2)
  const ended = { failedAt: later, lastError: "too late" }
  expect(await settleMail(db.database, first ?? { id: "", attempts: 0 }, ended)).toEqual({ settled: false })
})

test("a sent mail keeps no content", async () => {
  const [mail] = await claimMails(db.database, at, 1)
  expect(await settleMail(db.database, mail ?? { id: "", attempts: 0 }, { sentAt: at })).toEqual({
    settled: true,
  })
  const row = await db.database.prisma.mailMessage.findUniqueOrThrow({ where: { id: mail?.id ?? "" } })
  expect(row).toMatchObject({ sentAt: at, sealedContent: null, lastError: null })
})
