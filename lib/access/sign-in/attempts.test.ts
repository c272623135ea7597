import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import {
  addressSubject,
  badKeys,
  badSignIns,
  countAttempt,
  deleteOldAttempts,
  forgetAttempts,
  withdrawAttempt,
} from "./attempts"

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.close())

const noon = new Date("2026-05-04T12:00:00.000Z")
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000)
const { account, address } = badSignIns
const count = (subject: string, at = noon, limit = account) =>
  countAttempt(db.database.prisma, limit, { subject, at })

async function use(subject: string, times: number, at = noon, limit = account): Promise<void> {
  for (let attempt = 0; attempt < times; attempt += 1)
    expect(await count(subject, at, limit)).toEqual({ allowed: true })
}

test("ten attempts are allowed, the eleventh must wait until the first leave the span", async () => {
  await use("ten", 10)
  expect(await count("ten")).toEqual({ allowed: false, retryAfterSeconds: 15 * 60 })
  expect(await count("ten", later(14 * 60))).toEqual({ allowed: false, retryAfterSeconds: 60 })
  expect(await count("ten", later(15 * 60))).toEqual({ allowed: true })
})

test("the wait is only as long as it takes for one attempt to become free", async () => {
  await use("spread", 3)
  await use("spread", 7, later(5 * 60))
  expect(await count("spread", later(6 * 60))).toEqual({ allowed: false, retryAfterSeconds: 9 * 60 })
  await use("spread", 3, later(15 * 60))
  expect(await count("spread", later(15 * 60))).toEqual({ allowed: false, retryAfterSeconds: 5 * 60 })
})

test("a refused attempt does not make the wait longer", async () => {
  await use("patient", 10)
  for (let minute = 1; minute < 15; minute += 1) await count("patient", later(minute * 60))
  expect(await count("patient", later(15 * 60))).toEqual({ allowed: true })
})

test("of attempts made at the same time no more than ten get through", async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => count("at once")))
  expect(answers.filter(answer => answer.allowed)).toHaveLength(10)
})

test("an attempt that turned out good does not count", async () => {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    expect(await count("good")).toEqual({ allowed: true })
    await withdrawAttempt(db.database.prisma, account, { subject: "good", at: noon })
  }
  await use("good", 9)
  await use("good", 1)
  await withdrawAttempt(db.database.prisma, account, { subject: "good", at: noon })
  await use("good", 1)
  expect((await count("good")).allowed).toBe(false)
})

test("an account, an address and a key are counted apart", async () => {
  await use("same text", 10)
  await use("same text", 10, noon, address)
  await use("same text", 50, noon, badKeys)
  expect((await count("same text", noon, badKeys)).allowed).toBe(false)
  await use("another text", 1)
})

test("fifty bad keys in a minute are allowed, and a minute later again", async () => {
  await use("keys", 50, noon, badKeys)
  expect(await count("keys", later(30), badKeys)).toEqual({ allowed: false, retryAfterSeconds: 30 })
  await use("keys", 50, later(60), badKeys)
})

test("what is forgotten is counted from nothing", async () => {
  await use("forgotten", 10)
  await forgetAttempts(db.database.prisma, account, "forgotten")
  await use("forgotten", 10)
})

test("neither the account nor the address can be read in the table", async () => {
  await use("ada@acme.example", 1)
  const { rows } = await db.superuser.query("SELECT * FROM attempt")
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain("ada@")
  expect(rows.every(row => /^[0-9a-f]{64}$/.test(row.key))).toBe(true)
})

test("counters that nothing looks at any more are deleted", async () => {
  await use("old", 3, new Date("2026-05-03T11:59:00.000Z"))
  await deleteOldAttempts(db.database.prisma, noon)
  const { rows } = await db.superuser.query("SELECT count(*)::int AS n FROM attempt WHERE started_at < $1", [
    new Date("2026-05-03T12:00:00.000Z"),
  ])
  expect(rows).toEqual([{ n: 0 }])
})

describe("addresses", () => {
  test.each([
    ["198.51.100.7", "198.51.100.7"],
    ["::ffff:198.51.100.7", "198.51.100.7"],
    ["2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"],
    ["2001:db8:1:3::1", "2001:db8:1:3::/64"],
  ])("%s counts as %s", (ip, subject) => {
    expect(addressSubject(ip)).toBe(subject)
  })
})
