import { randomBytes, randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { PrismaTransaction } from "@/lib/database/database"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { createLink, type LinkKind, type LinkPurpose, redeemLink, voidLinks } from "./links"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

const noon = new Date("2026-05-04T12:00:00.000Z")
const later = (hours: number): Date => new Date(noon.getTime() + hours * 3_600_000)

function inTransaction<T>(work: (prisma: PrismaTransaction) => Promise<T>): Promise<T> {
  return db.database.withOrganizationPrisma(null, ({ prisma }) => work(prisma))
}

async function makePerson(): Promise<string> {
  const id = randomUUID()
  await db.database.prisma.person.create({ data: { id, email: `${id}@acme.example`, name: "Ada" } })
  return id
}

async function makeLink(personId: string, kind: LinkKind = "password-by-hand", at = noon): Promise<string> {
  const link = { kind, id: randomUUID(), personId, at, random: randomBytes }
  return (await inTransaction(prisma => createLink(prisma, link))).token
}

const redeem = (token: string, at = noon, purpose: LinkPurpose = "password") =>
  inTransaction(prisma => redeemLink(prisma, { token, purpose, at }))

test("a link works once", async () => {
  const personId = await makePerson()
  const token = await makeLink(personId)
  expect(await redeem(token)).toBe(personId)
  expect(await redeem(token)).toBeNull()
})

test("of two redemptions at the same time one succeeds", async () => {
  for (let round = 0; round < 10; round += 1) {
    const personId = await makePerson()
    const token = await makeLink(personId)
    const answers = await Promise.all([redeem(token), redeem(token)])
    expect(answers.filter(answer => answer === personId)).toHaveLength(1)
    expect(answers.filter(answer => answer === null)).toHaveLength(1)
  }
})

test("a link whose redemption was rolled back works still", async () => {
  const personId = await makePerson()
  const token = await makeLink(personId)
  const failed = inTransaction(async prisma => {
    await redeemLink(prisma, { token, purpose: "password", at: noon })
    throw new Error("too short")
  })
  await expect(failed).rejects.toThrow("too short")
  expect(await redeem(token)).toBe(personId)
})

test.each([
  ["password-by-hand", "password", 24],
  ["password-by-mail", "password", 1],
  ["sign-in-by-mail", "sign-in", 0.25],
] as const)("a link of the kind %s opens %s for %d hours, and nothing else", async (kind, purpose, hours) => {
  const personId = await makePerson()
  const other = purpose === "password" ? "sign-in" : "password"
  const token = await makeLink(personId, kind)
  expect(await redeem(token, noon, other)).toBeNull()
  expect(await redeem(token, later(hours - 0.01), purpose)).toBe(personId)
  expect(await redeem(await makeLink(personId, kind), later(hours), purpose)).toBeNull()
})

test("a link that anybody can ask for makes no other void", async () => {
  const personId = await makePerson()
  const byHand = await makeLink(personId)
  const mailed = [await makeLink(personId, "password-by-mail"), await makeLink(personId, "password-by-mail")]
  const signIn = await makeLink(personId, "sign-in-by-mail")
  await makeLink(personId, "sign-in-by-mail")
  for (const token of [byHand, ...mailed]) expect(await redeem(token)).toBe(personId)
  expect(await redeem(signIn, noon, "sign-in")).toBe(personId)
})

test("links are made void all together, or those of one purpose", async () => {
  const personId = await makePerson()
  const links = async () => [await makeLink(personId), await makeLink(personId, "sign-in-by-mail")] as const
  const [password, signIn] = await links()
  await inTransaction(prisma => voidLinks(prisma, { personId, at: noon, purpose: "sign-in" }))
  expect([await redeem(password), await redeem(signIn, noon, "sign-in")]).toEqual([personId, null])
  const [later, last] = await links()
  await inTransaction(prisma => voidLinks(prisma, { personId, at: noon }))
  expect([await redeem(later), await redeem(last, noon, "sign-in")]).toEqual([null, null])
})

test("a newer link makes the older ones void, those of others go on", async () => {
  const [personId, other] = [await makePerson(), await makePerson()]
  const [older, foreign] = [await makeLink(personId), await makeLink(other)]
  const newer = await makeLink(personId)
  expect(await redeem(older)).toBeNull()
  expect(await redeem(newer)).toBe(personId)
  expect(await redeem(foreign)).toBe(other)
})

test("of links made at the same time one works", async () => {
  const personId = await makePerson()
  const tokens = await Promise.all(Array.from({ length: 5 }, () => makeLink(personId)))
  const answers = []
  for (const token of tokens) answers.push(await redeem(token))
  expect(answers.filter(answer => answer !== null)).toEqual([personId])
})

test("what stands in the table is not enough to redeem", async () => {
  const token = await makeLink(await makePerson())
  const { rows } = await db.superuser.query("SELECT token_hash, sign_in_link::text AS row FROM sign_in_link")
  expect(rows.map(row => row.row).join()).not.toContain(token)
  for (const { token_hash: hash } of rows) {
    expect(await redeem(hash.toString("base64url"))).toBeNull()
    expect(await redeem(hash.toString("hex"))).toBeNull()
  }
})

test.each(["", "x", "../../etc", "a".repeat(43)])("%j is no link", async token => {
  expect(await redeem(token)).toBeNull()
})
