import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createDatabase } from "@/lib/database/database"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { makeMember, makeSession } from "./fixtures/people"
import { permissions } from "./permissions"
import { anonymous, jobPrincipal, membersHolding, principalOfSession } from "./principal"
import { hashSessionId, revokeSession } from "./sign-in/sessions"

let db: TestDatabase
let home: TestOrganization
let foreign: TestOrganization
beforeAll(async () => {
  db = await createTestDatabase()
  home = await db.organization()
  foreign = await db.organization()
})
afterAll(() => db.close())

const at = new Date("2026-05-04T12:00:00.000Z")
const principalOf = (sessionId: string | null, slug: string | null) =>
  principalOfSession(sessionId, slug, { database: db.database, at })

/** Returns what the roles of a new member give in their organization. */
async function grantedBy(...roles: Parameters<typeof makeMember>[2][]) {
  const { personId } = await makeMember(db, home.id, ...roles)
  const { permissions, scope } = await principalOf(await makeSession(db, personId, at), home.slug)
  return { personId, permissions: [...permissions].sort(), scope }
}

describe("who", () => {
  test("without a session, or with one that is over, it is nobody", async () => {
    const { personId } = await makeMember(db, home.id)
    const sessionId = await makeSession(db, personId, at)
    expect(await principalOf(null, home.slug)).toBe(anonymous)
    expect(await principalOf("AAAAAAAAAAAAAAAAAAAAAA", home.slug)).toBe(anonymous)
    await revokeSession(db.database.prisma, hashSessionId(sessionId), at)
    expect(await principalOf(sessionId, home.slug)).toBe(anonymous)
  })

  test("nobody does not learn which organizations there are", async () => {
    expect(await principalOf(null, "no-such-organization")).toBe(anonymous)
    expect(await principalOf(null, home.slug)).toBe(anonymous)
  })

  test("outside an organization a person has a name and no permission", async () => {
    const { personId } = await makeMember(db, home.id, { permissions: ["LOG-MANAGEMENT"] })
    const sessionId = await makeSession(db, personId, at)
    expect(await principalOf(sessionId, null)).toEqual({
      kind: "person",
      personId,
      name: "Ada Lovelace",
      email: `${personId}@acme.example`,
      sessionHash: hashSessionId(sessionId),
      provenAt: at,
      organization: null,
      permissions: new Set(),
      scope: null,
    })
  })

  test("an unknown, a foreign and a suspended organization are the same refusal", async () => {
    const { personId } = await makeMember(db, home.id, { permissions: ["LOG-MANAGEMENT"] })
    const sessionId = await makeSession(db, personId, at)
    const refusals = []
    for (const slug of ["no-such-organization", foreign.slug, "", "../etc"]) {
      refusals.push(await principalOf(sessionId, slug).catch(error => error))
    }
    const key = { organizationId: home.id, personId }
    await db.database.prisma.membership.update({
      where: { organizationId_personId: key },
      data: { status: "suspended" },
    })
    refusals.push(await principalOf(sessionId, home.slug).catch(error => error))
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1)
    expect(refusals[0]).toMatchObject({ code: "not-found" })
  })

  test("roles of one organization count for nothing in another", async () => {
    const { personId } = await makeMember(db, home.id, { permissions: [...permissions] })
    await db.database.prisma.membership.create({ data: { organizationId: foreign.id, personId } })
    const sessionId = await makeSession(db, personId, at)
    expect((await principalOf(sessionId, home.slug)).permissions.size).toBe(permissions.length)
    expect((await principalOf(sessionId, foreign.slug)).permissions.size).toBe(0)
  })

  test("a database that is away is said to be away, not taken for a wrong session", async () => {
    const away = createDatabase({
      databaseUrl: "postgresql://nobody:none@127.0.0.1:1/none",
      poolSize: 1,
      patienceMs: 5_000,
    })
    const answer = principalOfSession("AAAAAAAAAAAAAAAAAAAAAA", null, { database: away, at })
    await expect(answer).rejects.toMatchObject({ code: "unavailable" })
    await away.close()
  })
})

describe("what", () => {
  test("a member without roles may do nothing and see nothing", async () => {
    const { permissions, scope, personId } = await grantedBy()
    expect(permissions).toEqual([])
    expect(scope).toEqual({ organizationId: home.id, appIds: [], actorId: personId })
  })

  test("LOG-OWN sees one's own actions only", async () => {
    const { scope, personId } = await grantedBy({ permissions: ["LOG-OWN"] })
    expect(scope).toEqual({ organizationId: home.id, appIds: null, actorId: personId })
  })

  test("roles limited to apps see these apps, and one without limit sees all", async () => {
    const limited = { permissions: ["LOG-MANAGEMENT"], appIds: [home.appId] }
    const builtIn = { permissions: ["LOG-MANAGEMENT"], appIds: [home.builtInAppId] }
    const unlimited = { permissions: ["LOG-MANAGEMENT"] }
    expect((await grantedBy(limited)).scope).toMatchObject({ appIds: [home.appId], actorId: null })
    expect((await grantedBy(limited, builtIn)).scope?.appIds).toEqual([home.appId, home.builtInAppId].sort())
    expect((await grantedBy(limited, unlimited)).scope).toMatchObject({ appIds: null, actorId: null })
  })

  test("a change of role acts on the next request, and signs nobody out", async () => {
    const { personId, roleIds } = await makeMember(db, home.id, { permissions: ["LOG-MANAGEMENT"] })
    const sessionId = await makeSession(db, personId, at)
    expect((await principalOf(sessionId, home.slug)).permissions.has("LOG-MANAGEMENT")).toBe(true)
    await db.database.withOrganizationPrisma(home.id, ({ prisma }) =>
      prisma.role.update({ where: { id: roleIds[0] }, data: { permissions: ["APP-MANAGEMENT"] } }),
    )
    const next = await principalOf(sessionId, home.slug)
    expect(next.kind).toBe("person")
    expect([...next.permissions]).toEqual(["APP-MANAGEMENT"])
  })

  test("a job may do everything in its organization, and nothing is its own outside one", () => {
    const organization = { id: home.id, slug: home.slug, name: home.name }
    expect(jobPrincipal("seed", organization)).toMatchObject({
      permissions: new Set(permissions),
      scope: { organizationId: home.id, appIds: null, actorId: null },
    })
    expect(jobPrincipal("seed", null).scope).toBeNull()
  })
})

test("those who hold a permission for every app and are active are found, nobody else", async () => {
  const organization = await db.organization()
  const { personId } = await makeMember(db, organization.id, { permissions: ["ROLE-MANAGEMENT"] })
  await makeMember(db, organization.id, { permissions: ["LOG-MANAGEMENT"] })
  await makeMember(db, organization.id, { permissions: ["ROLE-MANAGEMENT"], appIds: [organization.appId] })
  await makeMember(db, foreign.id, { permissions: ["ROLE-MANAGEMENT"] })
  const suspended = await makeMember(db, organization.id, { permissions: ["ROLE-MANAGEMENT"] })
  await db.database.prisma.membership.updateMany({
    where: { personId: suspended.personId },
    data: { status: "suspended" },
  })
  expect(await membersHolding(db.database, organization.id, "ROLE-MANAGEMENT")).toEqual([
    { personId, name: "Ada Lovelace", email: `${personId}@acme.example` },
  ])
})
