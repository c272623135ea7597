import { randomBytes, randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import {
  deleteOldSessions,
  findLiveSession,
  hashSessionId,
  makeSessionId,
  openSession,
  revokeSession,
  revokeSessionsOf,
} from "./sessions"

let db: TestDatabase
let personId = ""
beforeAll(async () => {
  db = await createTestDatabase()
  personId = await makePerson("ada@acme.example")
})
afterAll(() => db.close())

const noon = new Date("2026-05-04T12:00:00.000Z")
const later = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000)
const find = (sessionId: string, at: Date) => findLiveSession(db.database.prisma, sessionId, at)

async function makePerson(email: string): Promise<string> {
  const id = randomUUID()
  await db.database.prisma.person.create({ data: { id, email, name: "Ada" } })
  return id
}

async function open(of = personId, at = noon): Promise<string> {
  const sessionId = makeSessionId(randomBytes)
  const from = { ip: "198.51.100.7", userAgent: "test" }
  await openSession(db.database.prisma, { id: randomUUID(), sessionId, personId: of, at, ...from })
  return sessionId
}

test("a session id is 128 random bits, and only its hash is stored", async () => {
  const sessionId = await open()
  expect(Buffer.from(sessionId, "base64url")).toHaveLength(16)
  const { rows } = await db.superuser.query("SELECT id_hash, session::text AS row FROM session")
  expect(rows.map(row => row.id_hash.toString("hex"))).toContain(hashSessionId(sessionId))
  expect(rows.map(row => row.row).join()).not.toContain(sessionId)
  expect(await find(sessionId, noon)).toEqual({
    sessionHash: hashSessionId(sessionId),
    provenAt: noon,
    person: { id: personId, name: "Ada", email: "ada@acme.example" },
  })
})

test("what stands in the table does not open the session", async () => {
  const hash = hashSessionId(await open())
  expect(await find(hash, noon)).toBeNull()
  expect(await find(Buffer.from(hash, "hex").toString("base64url"), noon)).toBeNull()
  expect(await find("", noon)).toBeNull()
})

test("a session idles out after thirty minutes without use", async () => {
  const sessionId = await open()
  expect(await find(sessionId, later(29.9))).not.toBeNull()
  const unused = await open()
  expect(await find(unused, later(30))).toBeNull()
  expect(await find(unused, later(31))).toBeNull()
})

test("use keeps a session alive, but not beyond twelve hours", async () => {
  const sessionId = await open()
  for (let minutes = 25; minutes < 12 * 60; minutes += 25) {
    expect(await find(sessionId, later(minutes)), `after ${minutes} minutes`).not.toBeNull()
  }
  expect(await find(sessionId, later(12 * 60 - 0.1))).not.toBeNull()
  expect(await find(sessionId, later(12 * 60))).toBeNull()
})

test("use is written at most once a minute", async () => {
  const sessionId = await open()
  const lastSeenAt = async () => {
    const { rows } = await db.superuser.query("SELECT last_seen_at FROM session WHERE id_hash = $1", [
      Buffer.from(hashSessionId(sessionId), "hex"),
    ])
    return rows[0].last_seen_at
  }
  await find(sessionId, later(0.9))
  expect(await lastSeenAt()).toEqual(noon)
  await find(sessionId, later(1))
  expect(await lastSeenAt()).toEqual(later(1))
  await find(sessionId, later(1.5))
  expect(await lastSeenAt()).toEqual(later(1))
})

test("a revoked session is refused at the next look", async () => {
  const sessionId = await open()
  const revoked = await revokeSession(db.database.prisma, hashSessionId(sessionId), noon)
  expect(revoked?.personId).toBe(personId)
  expect(await find(sessionId, noon)).toBeNull()
  expect(await revokeSession(db.database.prisma, hashSessionId(sessionId), noon)).toBeNull()
})

test("all sessions of a person end at once, the one to keep and those of others go on", async () => {
  const someone = await makePerson("grace@acme.example")
  const [kept, other, foreign] = [await open(someone), await open(someone), await open()]
  const ended = await revokeSessionsOf(db.database.prisma, someone, {
    at: noon,
    exceptHash: hashSessionId(kept),
  })
  expect(ended).toBe(1)
  expect(await find(kept, noon)).not.toBeNull()
  expect(await find(other, noon)).toBeNull()
  expect(await find(foreign, noon)).not.toBeNull()
  expect(await revokeSessionsOf(db.database.prisma, someone, { at: noon })).toBe(1)
  expect(await find(kept, noon)).toBeNull()
})

test("sessions that ended long ago are deleted, others stay", async () => {
  const old = await open(personId, new Date("2026-01-01T00:00:00Z"))
  const recent = await open()
  await deleteOldSessions(db.database.prisma, noon)
  const { rows } = await db.superuser.query("SELECT id_hash FROM session")
  const stored = rows.map(row => row.id_hash.toString("hex"))
  expect(stored).not.toContain(hashSessionId(old))
  expect(stored).toContain(hashSessionId(recent))
})
