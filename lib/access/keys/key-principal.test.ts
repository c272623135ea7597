import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { makeKey } from "@/lib/access/fixtures/people"
import { createDatabase } from "@/lib/database/database"
import { createTestDatabase, type TestDatabase, type TestOrganization, testPatienceMs } from "@/test/database"
import { makeApiKey } from "./api-keys"
import { type ApiKeys, apiKeys, keyMemoryMs } from "./key-principal"

let db: TestDatabase
let home: TestOrganization
let keys: ApiKeys
beforeAll(async () => {
  db = await createTestDatabase()
  home = await db.organization()
  keys = apiKeys(db.database)
})
afterAll(() => db.close())

const noon = new Date("2026-05-04T12:00:00.000Z")
const later = (ms: number): Date => new Date(noon.getTime() + ms)
const ip = "198.51.100.7"

const ask = (key: string, at = noon, from: string | null = null, of = keys) => of.principalOf(key, from, at)

const make = (scopes: readonly string[], expiresAt?: Date) =>
  makeKey(db, { organizationId: home.id, appId: home.appId }, { scopes, expiresAt })

const refusal = (key: string, at = noon, from: string | null = null, of = keys) =>
  ask(key, at, from, of).then(
    () => "accepted",
    error => `${error.code}: ${error.message}`,
  )

const words =
  "unauthenticated: The API key is unknown, malformed, expired, revoked, or not allowed from this address."

describe("a good key", () => {
  test("stands for its organization and its app, with exactly its scopes", async () => {
    const { key, id } = await make(["LOG-INGESTION"])
    expect(await ask(key)).toEqual({
      kind: "api-key",
      keyId: id,
      name: "a key",
      organization: { id: home.id, slug: home.slug, name: home.name },
      app: { id: home.appId, slug: "shop", name: "Shop" },
      permissions: new Set(["LOG-INGESTION"]),
      scope: { organizationId: home.id, appIds: [], actorId: id },
    })
  })

  test("that may only write sees nothing, one that may read sees the whole organization", async () => {
    const writing = await ask((await make(["LOG-INGESTION"])).key)
    const reading = await ask((await make(["LOG-MANAGEMENT"])).key)
    expect(writing.permissions.has("LOG-OWN")).toBe(false)
    expect(writing.scope.appIds).toEqual([])
    expect(reading.permissions.has("LOG-EXPORT")).toBe(true)
    expect(reading.permissions.has("LOG-INGESTION")).toBe(false)
    expect(reading.scope).toEqual({ organizationId: home.id, appIds: null, actorId: null })
  })

  test("that comes many times at once is looked up once", async () => {
    const { key } = await make(["LOG-INGESTION"])
    let asked = 0
    const counted = new Proxy(db.database, {
      get(target, name) {
        if (name === "prisma") asked += 1
        return Reflect.get(target, name)
      },
    })
    const watched = apiKeys(counted)
    await Promise.all(Array.from({ length: 50 }, () => ask(key, noon, null, watched)))
    await watched.usesWritten()
    // One for the key, one to record its use.
    expect(asked).toBe(2)
  })

  test("leaves a trace of its use, at most once a minute, without being waited for", async () => {
    const { key, id } = await make(["LOG-INGESTION"])
    const used = async () => {
      await keys.usesWritten()
      const stored = await db.database.prisma.apiKey.findUniqueOrThrow({ where: { id } })
      return [stored.lastUsedAt, stored.lastUsedIp]
    }
    expect(await used()).toEqual([null, null])
    await ask(key, noon, ip)
    expect(await used()).toEqual([noon, ip])
    await ask(key, later(59_000), "203.0.113.9")
    expect(await used()).toEqual([noon, ip])
    await ask(key, later(60_000), "203.0.113.9")
    expect(await used()).toEqual([later(60_000), "203.0.113.9"])
  })
})

describe("a key that is refused", () => {
  test("is refused in the same words, whatever is wrong with it", async () => {
    const expired = await make(["LOG-INGESTION"], noon)
    const revoked = await make(["LOG-INGESTION"])
    await db.database.prisma.apiKey.update({ where: { id: revoked.id }, data: { revokedAt: noon } })
    const archived = await db.organization()
    const of = { organizationId: archived.id, appId: archived.appId }
    const orphan = await makeKey(db, of, { scopes: ["LOG-INGESTION"] })
    await db.database.withOrganizationPrisma(archived.id, ({ prisma }) =>
      prisma.app.update({ where: { id: archived.appId }, data: { archivedAt: noon } }),
    )
    const unknown = makeApiKey(randomBytes).key
    for (const key of [expired.key, revoked.key, orphan.key, unknown, "aud_live_x", "", "Bearer x"]) {
      expect(await refusal(key)).toBe(words)
    }
  })

  test("works up to the instant at which it expires, even while it is remembered", async () => {
    const { key } = await make(["LOG-INGESTION"], later(1_000))
    expect(await refusal(key, later(999))).toBe("accepted")
    expect(await refusal(key, later(1_000))).toBe(words)
  })

  test("is refused at the latest five seconds after it was revoked", async () => {
    const { key, id } = await make(["LOG-INGESTION"])
    await ask(key)
    await db.database.prisma.apiKey.update({ where: { id }, data: { revokedAt: later(1) } })
    expect(keyMemoryMs).toBeLessThanOrEqual(5_000)
    expect(await refusal(key, later(keyMemoryMs))).toBe(words)
    // Another process has nothing cached and refuses at once.
    const other = createDatabase({ databaseUrl: db.applicationUrl, poolSize: 2, patienceMs: testPatienceMs })
    expect(await refusal(key, later(1), null, apiKeys(other))).toBe(words)
    await other.close()
  })

  test("does not come from what the database holds", async () => {
    const { key } = await make(["LOG-INGESTION"])
    const { rows } = await db.superuser.query(
      "SELECT secret_hash, prefix, last_four, api_key::text AS row FROM api_key",
    )
    expect(rows.map(row => row.row).join()).not.toContain(key)
    expect(rows.map(row => row.row).join()).not.toContain(key.slice(13, -4))
    for (const { secret_hash: hash, prefix, last_four: lastFour } of rows) {
      for (const guess of [hash.toString("hex"), hash.toString("base64url"), `${prefix}${lastFour}`]) {
        expect(await refusal(guess)).toBe(words)
      }
    }
  })
})

describe("bad keys", () => {
  test("that are malformed never reach the database", async () => {
    const away = createDatabase({
      databaseUrl: "postgresql://nobody:none@127.0.0.1:1/none",
      poolSize: 1,
      patienceMs: 5_000,
    })
    const { key } = makeApiKey(randomBytes)
    const awayKeys = apiKeys(away)
    for (const malformed of [
      "",
      "x",
      key.slice(0, -1),
      `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}`,
    ]) {
      expect(await refusal(malformed, noon, ip, awayKeys)).toBe(words)
    }
    expect(await refusal(key, noon, ip, awayKeys)).toMatch(/^unavailable/)
    await away.close()
  })

  test("of form only are limited by address: fifty a minute, then 429 with the time to wait", async () => {
    const from = "203.0.113.50"
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(await refusal(makeApiKey(randomBytes).key, noon, from)).toBe(words)
    }
    const refused = ask(makeApiKey(randomBytes).key, later(20_000), from)
    await expect(refused).rejects.toMatchObject({ code: "rate-limited", retryAfterSeconds: 40 })
    expect(await refusal(makeApiKey(randomBytes).key, noon, "203.0.113.51")).toBe(words)
    expect(await refusal((await make(["LOG-INGESTION"])).key, noon, from)).toBe("accepted")
    expect(await refusal(makeApiKey(randomBytes).key, later(60_000), from)).toBe(words)
  })

  test("that are malformed are limited too", async () => {
    const from = "203.0.113.60"
    for (let attempt = 0; attempt < 50; attempt += 1)
      expect(await refusal("aud_live_x", noon, from)).toBe(words)
    const refused = ask("aud_live_x", later(20_000), from)
    await expect(refused).rejects.toMatchObject({ code: "rate-limited", retryAfterSeconds: 40 })
    expect(await refusal("aud_live_x", later(60_000), from)).toBe(words)
    expect(await refusal("aud_live_x", noon, "203.0.113.61")).toBe(words)
  })
})
