import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { apiKeys, keyMemoryMs } from "@/lib/access/keys/key-principal"
import { createDatabase } from "@/lib/database/database"
import { archiveApp, restoreApp } from "@/lib/operations/apps/archive"
import { createApp } from "@/lib/operations/apps/create"
import { findAppUses } from "@/lib/operations/apps/find-uses"
import { listApps } from "@/lib/operations/apps/list"
import { updateApp } from "@/lib/operations/apps/update"
import { recentProofMs } from "@/lib/operations/core/authorise"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { job, makeAccount, makeOrganization, readLog } from "@/lib/operations/fixtures/access"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { testPatienceMs } from "@/test/database"
import { db, platform } from "@/test/platform"
import { createApiKey } from "./create"
import { listApiKeys } from "./list"
import { revokeApiKey } from "./revoke"
import { rotateApiKey } from "./rotate"
import { updateApiKey } from "./update"

setUpHome(beforeEach)

interface KeyText {
  readonly name: string
  readonly expiresAt: string | null
  readonly allowedNetworks: readonly string[]
}

beforeEach(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
})

const hourMs = 60 * 60 * 1000
const later = (ms: number) => new Date(Date.now() + ms)
const make = (allowedNetworks: readonly string[] = [], expiresAt: string | null = null) =>
  execute(createApiKey, job(home), {
    app: "billing",
    name: "production",
    scopes: ["LOG-INGESTION"],
    expiresAt,
    allowedNetworks,
  })
/** Changes a key as a form does that was opened just before. */
const edit = async (caller: Caller, { id, ...change }: { readonly id: string } & Partial<KeyText>) => {
  const [key] = (await execute(listApiKeys, job(home), {})).filter(each => each.id === id)
  if (!key) throw new Error(`There is no key ${id}.`)
  return execute(updateApiKey, caller, { id, ...change, expected: textOf(key) })
}
const textOf = ({ name, expiresAt, allowedNetworks }: KeyText): KeyText => ({
  ...{ name, expiresAt, allowedNetworks },
})
const use = (key: string, ip: string | null = null, at = new Date()) =>
  platform.keys.principalOf(key, ip, at).then(
    () => "works",
    error => error.code,
  )
const appOf = async (slug: string) => {
  const found = (await execute(listApps, job(home), {})).find(app => app.slug === slug)
  if (!found) throw new Error(`There is no app ${slug}.`)
  return found
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    error => error.code,
  )

describe("an app", () => {
  test("is renamed under the same slug, with the name before and after in its event", async () => {
    await execute(updateApp, job(home), { app: "billing", name: "Invoices" })
    expect(await execute(listApps, job(home), {})).toContainEqual(
      expect.objectContaining({ slug: "billing", name: "Invoices" }),
    )
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "application.update",
      changes: [{ path: "/name", before: "Billing", after: "Invoices" }],
    })
    expect(await codeOf(execute(updateApp, job(home), { app: "billing", name: "Invoices" }))).toBe("conflict")
  })

  test("that is archived has its keys refused within five seconds, and restored they work again", async () => {
    const { key } = await make()
    expect(await use(key)).toBe("works")
    await execute(archiveApp, job(home), { app: "billing" })
    expect(await use(key, null, later(keyMemoryMs))).toBe("unauthenticated")
    expect(await codeOf(execute(archiveApp, job(home), { app: "billing" }))).toBe("conflict")
    await execute(restoreApp, job(home), { app: "billing" })
    expect(await use(key, null, later(2 * keyMemoryMs))).toBe("works")
    expect(await codeOf(execute(restoreApp, job(home), { app: "billing" }))).toBe("conflict")
    expect((await readLog(db, home)).map(event => event.operation)).toEqual(
      expect.arrayContaining(["application.archive", "application.restore"]),
    )
  })

  test("tells beforehand what hangs on it: working keys, and roles, groups and collaborators limited to it", async () => {
    await make()
    await make([], later(hourMs).toISOString())
    const over = await make()
    await execute(revokeApiKey, job(home), { id: over.id })
    const other = await execute(createApp, job(home), { slug: "vision", name: "Vision" })
    const { id: appId } = await appOf("billing")
    const { personId } = await makeAccount(home)
    const [narrow, elsewhere, group] = [randomUUID(), randomUUID(), randomUUID()]
    const statements: readonly [string, readonly unknown[]][] = [
      [
        "INSERT INTO role (id, organization_id, name, app_ids) VALUES ($2, $1, 'Billing readers', $3)",
        [narrow, [other.id, appId]],
      ],
      [
        "INSERT INTO role (id, organization_id, name, app_ids) VALUES ($2, $1, 'Vision readers', $3)",
        [elsewhere, [other.id]],
      ],
      ["INSERT INTO member_group (id, organization_id, name) VALUES ($2, $1, 'Accountants')", [group]],
      ["INSERT INTO group_app (organization_id, group_id, app_id) VALUES ($1, $2, $3)", [group, appId]],
      [
        "INSERT INTO collaborator (organization_id, app_id, person_id, role_id) VALUES ($1, $2, $3, $4)",
        [appId, personId, elsewhere],
      ],
    ]
    for (const [text, values] of statements) await db.superuser.query(text, [home.id, ...values])
    expect(await execute(findAppUses, job(home), { app: "billing" })).toEqual({
      activeKeys: 2,
      roles: [{ id: narrow, name: "Billing readers" }],
      groups: [{ id: group, name: "Accountants" }],
      collaborators: [{ id: personId, name: expect.any(String) }],
    })
    const foreign = job(await makeOrganization())
    expect(await codeOf(execute(findAppUses, foreign, { app: "billing" }))).toBe("not-found")
  })

  test("that is built in, foreign or unknown is not changed", async () => {
    const foreign = job(await makeOrganization())
    expect(await codeOf(execute(archiveApp, job(home), { app: "auditorium" }))).toBe("conflict")
    expect(await codeOf(execute(updateApp, job(home), { app: "auditorium", name: "Mine" }))).toBe("conflict")
    expect(await codeOf(execute(archiveApp, foreign, { app: "billing" }))).toBe("not-found")
    expect(await codeOf(execute(archiveApp, foreign, { app: "none" }))).toBe("not-found")
  })
})

describe("a key that is limited to networks", () => {
  test("works from there, and from elsewhere is refused like an unknown one", async () => {
    const { key } = await make(["192.0.2.0/24", "2001:db8::/32"])
    expect(await use(key, "192.0.2.9")).toBe("works")
    expect(await use(key, "2001:db8::9")).toBe("works")
    expect(await use(key, "198.51.100.1")).toBe("unauthenticated")
    expect(await use(key, null)).toBe("unauthenticated")
  })

  test("is kept in one spelling, and a network that is none is refused beside it", async () => {
    expect((await make(["192.0.2.77/24", "192.0.2.0/24"])).allowedNetworks).toEqual(["192.0.2.0/24"])
    await expect(make(["192.0.2.0/24", "office"])).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/allowedNetworks/1" }],
    })
  })

  test("asks for a fresh proof when it is widened, and for none when it is narrowed", async () => {
    const { id } = await make(["192.0.2.0/24"])
    const fresh = await memberAs([administratorRole])
    const caller = { ...fresh, at: new Date(fresh.at.getTime() + recentProofMs + 60_000) }
    const update = (allowedNetworks: readonly string[]) => codeOf(edit(caller, { id, allowedNetworks }))
    expect(await update(["192.0.2.0/25"])).toBe("done")
    expect(await update(["192.0.2.0/24"])).toBe("proof-required")
    expect(await update([])).toBe("proof-required")
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "api_key.update",
      changes: [{ path: "/allowedNetworks", before: ["192.0.2.0/24"], after: ["192.0.2.0/25"] }],
    })
  })
})

describe("a form that was opened before somebody else changed the key", () => {
  test("does not undo by a new name what they narrowed; who sent it is told what to do", async () => {
    const key = await make(["192.0.2.0/24"])
    const opened = textOf(key)
    const narrowed = { allowedNetworks: ["192.0.2.7"], expiresAt: later(hourMs).toISOString() }
    await edit(job(home), { id: key.id, ...narrowed })
    const late = execute(updateApiKey, job(home), {
      ...{ id: key.id, ...opened, name: "server", expected: opened },
    })
    await expect(late).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/changed the key production meanwhile\. Load the page again/),
    })
    expect(await execute(listApiKeys, job(home), {})).toMatchObject([{ name: "production", ...narrowed }])
  })

  test("at the same moment is refused too, so of two one counts", async () => {
    const key = await make()
    const expected = textOf(key)
    const changes = [{ name: "server" }, { allowedNetworks: ["192.0.2.0/24"] }]
    const codes = changes.map(change =>
      codeOf(execute(updateApiKey, job(home), { id: key.id, ...expected, ...change, expected })),
    )
    expect((await Promise.all(codes)).sort()).toEqual(["conflict", "done"])
  })

  test("is refused without what it began from", async () => {
    const { id } = await make()
    const silent = execute(updateApiKey, job(home), { id, name: "server" })
    await expect(silent).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/expected" }] })
  })
})

describe("a rotation", () => {
  test("makes a key with the same app, scopes and networks; both work until the overlap is over", async () => {
    const old = await make(["192.0.2.0/24"])
    const made = await execute(rotateApiKey, job(home), { id: old.id, overlapHours: 2, expiresAt: null })
    expect(made).toMatchObject({ scopes: old.scopes, allowedNetworks: old.allowedNetworks, app: old.app })
    const ip = "192.0.2.9"
    expect([await use(old.key, ip), await use(made.key, ip)]).toEqual(["works", "works"])
    const over = later(2 * hourMs)
    expect([await use(old.key, ip, over), await use(made.key, ip, over)]).toEqual([
      "unauthenticated",
      "works",
    ])
    expect(await execute(listApiKeys, job(home), {})).toContainEqual(
      expect.objectContaining({ id: made.id, replacesId: old.id }),
    )
    const [event] = (await readLog(db, home)).slice(-1)
    expect(event).toMatchObject({
      operation: "api_key.rotate",
      targets: [{ id: made.id }, { id: old.id }, {}],
    })
    expect(JSON.stringify(event)).not.toContain(made.key.slice(13, -4))
  })

  test("never lets the old key live longer than it would have", async () => {
    const old = await make([], later(hourMs).toISOString())
    const made = await execute(rotateApiKey, job(home), { id: old.id, overlapHours: 24, expiresAt: null })
    expect(made.replaced.expiresAt).toBe(old.expiresAt)
  })

  test("is refused for a key that is foreign or unknown, and for an overlap beyond a week", async () => {
    const key = await make()
    const { id } = key
    const foreign = job(await makeOrganization())
    expect(await codeOf(execute(rotateApiKey, foreign, { id, expiresAt: null }))).toBe("not-found")
    expect(await codeOf(edit(foreign, { id, name: "x" }))).toBe("not-found")
    const expected = textOf(key)
    const unknown = execute(updateApiKey, job(home), { id: randomUUID(), name: "x", expected })
    expect(await codeOf(unknown)).toBe("not-found")
    expect(await codeOf(execute(rotateApiKey, job(home), { id, overlapHours: 169, expiresAt: null }))).toBe(
      "invalid",
    )
  })
})

describe("what ends a key", () => {
  const ends = [
    ["its revocation", (id: string) => execute(revokeApiKey, job(home), { id })],
    ["the archive of its app", () => execute(archiveApp, job(home), { app: "billing" })],
    [
      "networks that leave the address out",
      (id: string) => edit(job(home), { id, allowedNetworks: ["192.0.2.0/24"] }),
    ],
    [
      "a rotation at once",
      (id: string) => execute(rotateApiKey, job(home), { id, overlapHours: 0, expiresAt: null }),
    ],
  ] as const

  test.each(ends)(
    "%s, is seen within five seconds by two processes that have just used it",
    async (_, end) => {
      const { id, key } = await make()
      const other = createDatabase({
        databaseUrl: db.applicationUrl,
        poolSize: 2,
        patienceMs: testPatienceMs,
      })
      const processes = [platform.keys, apiKeys(other)]
      const at = new Date()
      const useEverywhere = (ms: number) =>
        Promise.all(
          processes.map(keys =>
            keys.principalOf(key, "198.51.100.1", new Date(at.getTime() + ms)).then(
              () => "works",
              error => error.code,
            ),
          ),
        )
      expect(await useEverywhere(0)).toEqual(["works", "works"])
      await end(id)
      const endedMs = Date.now() - at.getTime()
      expect(keyMemoryMs).toBeLessThanOrEqual(5_000)
      expect(await useEverywhere(endedMs + keyMemoryMs)).toEqual(["unauthenticated", "unauthenticated"])
      await Promise.all(processes.map(keys => keys.usesWritten()))
      await other.close()
    },
  )
})
