import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { permissions } from "@/lib/access/permissions"
import type { ApiKeyPrincipal } from "@/lib/access/principal"
import { createApp } from "@/lib/operations/apps/create"
import { listApps } from "@/lib/operations/apps/list"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import {
  callerFor,
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { createApiKey } from "./create"
import { listApiKeys } from "./list"
import { revokeApiKey } from "./revoke"

setUpHome(beforeEach)

beforeEach(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
})

const dayMs = 24 * 60 * 60 * 1000
const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString()

interface Given {
  readonly app?: string
  readonly scopes?: readonly string[]
  readonly expiresAt?: string | null
}

function create(
  caller: Caller,
  { app = "billing", scopes = ["LOG-INGESTION"], expiresAt = null }: Given = {},
) {
  return execute(createApiKey, caller, { app, name: "production", scopes, expiresAt })
}

const faultsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "accepted",
    error => error.faults.map((fault: { pointer: string }) => fault.pointer),
  )

const principalOf = (key: string): Promise<ApiKeyPrincipal> =>
  platform.keys.principalOf(key, null, new Date())

describe("a new key", () => {
  test("works as the app it was made for, and is told once", async () => {
    const { personId, ...administrator } = await memberAs([administratorRole])
    const made = await create(administrator)
    const [listed] = await execute(listApiKeys, administrator, {})
    expect(listed).toMatchObject({
      id: made.id,
      app: { slug: "billing", name: "Billing" },
      scopes: ["LOG-INGESTION"],
      createdBy: { id: personId, name: "Ada Lovelace" },
      expiresAt: null,
      lastUsedAt: null,
      state: "active",
      isIdle: false,
    })
    expect(
      made.key.startsWith(listed?.prefix ?? "none") && made.key.endsWith(listed?.lastFour ?? "none"),
    ).toBe(true)
    expect(JSON.stringify(listed)).not.toContain(made.key)
    expect(await principalOf(made.key)).toMatchObject({
      keyId: made.id,
      organization: { slug: home.slug },
      app: { slug: "billing" },
      permissions: new Set(["LOG-INGESTION"]),
    })
  })

  test("leaves an event that says what it may do, and not what it is", async () => {
    const made = await create(job(home), { scopes: ["LOG-INGESTION", "LOG-MANAGEMENT"] })
    const [event] = (await readLog(db, home)).slice(-1)
    expect(event).toMatchObject({
      operation: "api_key.create",
      targets: [
        { type: "api_key", id: made.id, name: "production" },
        { type: "application", id: made.app.id, name: "Billing" },
      ],
      changes: [
        { before: null, after: { scopes: ["LOG-MANAGEMENT", "LOG-INGESTION"], lastFour: made.lastFour } },
      ],
    })
    expect(JSON.stringify(event)).not.toContain(made.key.slice(13, -4))
  })

  test("never may more than whoever makes it", async () => {
    const keeper = await memberWith(["APP-MANAGEMENT", "LOG-INGESTION"])
    expect(await faultsOf(create(keeper, { scopes: ["LOG-INGESTION", "APP-MANAGEMENT"] }))).toBe("accepted")
    expect(await faultsOf(create(keeper, { scopes: ["LOG-INGESTION", "LOG-MANAGEMENT"] }))).toEqual([
      "/scopes/0",
    ])
    expect(await faultsOf(create(keeper, { scopes: ["ROLE-MANAGEMENT"] }))).toEqual(["/scopes/0"])
    expect(await faultsOf(create(job(home), { scopes: [...permissions] }))).toBe("accepted")
  })

  test("that reads cannot be made by somebody who sees only a part of the log", async () => {
    const [billing] = (await execute(listApps, job(home), {})).filter(app => app.slug === "billing")
    const { email, personId } = await makeAccount(home)
    await platform.database.withOrganizationPrisma(home.id, async ({ prisma }) => {
      const given = [
        { permissions: ["LOG-MANAGEMENT"], appIds: [billing?.id ?? ""] },
        { permissions: ["APP-MANAGEMENT", "LOG-INGESTION"], appIds: [] },
      ]
      for (const role of given) {
        const id = randomUUID()
        await prisma.role.create({ data: { id, organizationId: home.id, name: id, ...role } })
        await prisma.membershipRole.create({ data: { organizationId: home.id, personId, roleId: id } })
      }
    })
    const narrow = await callerOf(platform, await signIn(email), home.slug)
    expect(narrow.principal.permissions.has("LOG-MANAGEMENT")).toBe(true)
    expect(await faultsOf(create(narrow, { scopes: ["LOG-MANAGEMENT"] }))).toEqual(["/scopes/0"])
    expect(await faultsOf(create(narrow, { scopes: ["LOG-INGESTION"] }))).toBe("accepted")
  })

  test("cannot be made by a member without APP-MANAGEMENT", async () => {
    const auditor = await memberWith(["LOG-MANAGEMENT"])
    for (const attempt of [create(auditor), execute(listApiKeys, auditor, {})]) {
      await expect(attempt).rejects.toMatchObject({ code: "forbidden" })
    }
  })

  test("expires within a year or never, and not in the past", async () => {
    const day = inDays(30).slice(0, 10)
    expect((await create(job(home), { expiresAt: day })).expiresAt).toBe(
      new Date(Date.parse(day) + dayMs).toISOString(),
    )
    expect((await create(job(home), { expiresAt: inDays(365) })).expiresAt).toBeTypeOf("string")
    expect((await create(job(home))).expiresAt).toBeNull()
    for (const expiresAt of [inDays(367), inDays(-1), "2020-01-01", "tomorrow", "2027-02-30", "2027-13-01"]) {
      expect(await faultsOf(create(job(home), { expiresAt })), expiresAt).toEqual(["/expiresAt"])
    }
  })

  test("needs scopes of the catalogue, an app of the organization, and not the built-in one", async () => {
    expect(await faultsOf(create(job(home), { scopes: [] }))).toEqual(["/scopes"])
    expect(await faultsOf(create(job(home), { scopes: ["LOG-MANAGMENT"] }))).toEqual(["/scopes/0"])
    for (const app of ["no-such-app", "auditorium", ""]) {
      expect(await faultsOf(create(job(home), { app })), app).toEqual(["/app"])
    }
    const other = await makeOrganization()
    await execute(createApp, job(other), { slug: "foreign", name: "Foreign" })
    expect(await faultsOf(create(job(home), { app: "foreign" }))).toEqual(["/app"])
    await platform.database.withOrganizationPrisma(home.id, ({ prisma }) =>
      prisma.app.updateMany({ where: { slug: "billing" }, data: { archivedAt: new Date() } }),
    )
    expect(await faultsOf(create(job(home)))).toEqual(["/app"])
  })
})

describe("a revoked key", () => {
  test("is refused by a process that had not seen it, is listed as such, and leaves an event", async () => {
    const { key, id, app } = await create(job(home))
    const other = await create(job(home))
    await execute(revokeApiKey, job(home), { id })
    await expect(principalOf(key)).rejects.toMatchObject({ code: "unauthenticated" })
    await expect(principalOf(other.key)).resolves.toMatchObject({ keyId: other.id })
    const listed = await execute(listApiKeys, job(home), { app: "billing" })
    expect(listed.map(one => [one.id, one.state])).toEqual([
      [other.id, "active"],
      [id, "revoked"],
    ])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "api_key.revoke",
      targets: [
        { type: "api_key", id },
        { type: "application", id: app.id },
      ],
      changes: [{ path: "/revokedAt", before: null }],
    })
  })

  test("cannot be revoked again, nor one of another organization, nor one that does not exist", async () => {
    const { id } = await create(job(home))
    const foreign = job(await makeOrganization())
    const codes = []
    for (const [caller, which] of [
      [foreign, id],
      [foreign, randomUUID()],
      [job(home), id],
      [job(home), id],
      [job(home), "no uuid"],
    ] as const) {
      codes.push(
        await execute(revokeApiKey, caller, { id: which }).then(
          () => "done",
          error => error.code,
        ),
      )
    }
    expect(codes).toEqual(["not-found", "not-found", "done", "conflict", "invalid"])
  })
})

test("a key unused for more than ninety days is marked, a younger, used or revoked one is not", async () => {
  const age = (id: string, columns: { createdAt?: Date; lastUsedAt?: Date }) =>
    db.superuser.query(
      "UPDATE api_key SET created_at = coalesce($2, created_at), last_used_at = $3 WHERE id = $1",
      [id, columns.createdAt ?? null, columns.lastUsedAt ?? null],
    )
  const old = new Date(Date.now() - 91 * dayMs)
  const keys = await Promise.all([1, 2, 3, 4].map(() => create(job(home))))
  const [never, long, lately, gone] = keys.map(key => key.id)
  await age(never ?? "", { createdAt: old })
  await age(long ?? "", { createdAt: old, lastUsedAt: old })
  await age(lately ?? "", { createdAt: old, lastUsedAt: new Date(Date.now() - 89 * dayMs) })
  await age(gone ?? "", { createdAt: old })
  await execute(revokeApiKey, job(home), { id: gone })
  const listed = await execute(listApiKeys, job(home), {})
  const idle = listed.filter(key => key.isIdle).map(key => key.id)
  expect(new Set(idle)).toEqual(new Set([never, long]))
})

test("a key that may only write is refused with 403 where reading needs a permission", async () => {
  const writing = callerFor(await principalOf((await create(job(home))).key))
  const managing = callerFor(await principalOf((await create(job(home), { scopes: ["APP-MANAGEMENT"] })).key))
  await expect(execute(listApiKeys, writing, {})).rejects.toMatchObject({ code: "forbidden" })
  await expect(execute(listApps, writing, {})).rejects.toMatchObject({ code: "forbidden" })
  await expect(execute(listApps, managing, {})).resolves.toHaveLength(2)
})
