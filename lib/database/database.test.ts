import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { append } from "@/lib/ledger/append"
import { createTestDatabase, type TestDatabase, type TestOrganization, testPatienceMs } from "@/test/database"
import { prepareTestEvent, prepareTestEvents } from "@/test/events"
import { startTestServer, type TestServer } from "@/test/server"
import { createDatabase, type Database } from "./database"
import { databaseError } from "./errors"

let test: TestDatabase
let database: Database
let organization: TestOrganization

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 3 })
  database = test.database
  organization = await test.organization()
})
afterAll(() => test.close())

const unavailable = { code: "unavailable", retryAfterSeconds: 1 }

describe("a transaction of an organization", () => {
  it("is kept when its work resolves, and undone when it rejects, with the very error", async () => {
    const mine = new Error("mine")
    const rename = (name: string, error?: Error) =>
      database.withOrganization(organization.id, async tx => {
        await tx.query("UPDATE app SET name = $1 WHERE id = $2", [name, organization.appId])
        if (error) throw error
      })
    await rename("Kept")
    await expect(rename("Lost", mine)).rejects.toBe(mine)
    expect(await readName()).toBe("Kept")
  })

  it("is not reported as done when a failed statement was ignored", async () => {
    const ignore = database.withOrganization(organization.id, async tx => {
      await tx.query("UPDATE app SET name = 'Ignored'")
      await tx.query("SELECT 1 / 0").catch(() => {})
    })
    await expect(ignore).rejects.toMatchObject({ code: "internal" })
    const ignoreInPrisma = database.withOrganizationPrisma(organization.id, async ({ prisma, tx }) => {
      await prisma.app.updateMany({ data: { name: "Ignored" } })
      await tx.query("SELECT 1 / 0").catch(() => {})
    })
    await expect(ignoreInPrisma).rejects.toThrow()
    expect(await readName()).not.toBe("Ignored")
  })

  it("refuses to write when it was asked for reading only", async () => {
    const write = database.withOrganization(organization.id, tx => tx.query("UPDATE app SET name = 'x'"), {
      readOnly: true,
    })
    await expect(write).rejects.toThrow(/read-only transaction/)
  })

  it("for a search is one of half of the connections: one more of the organization is refused, and no other's", async () => {
    const own = createDatabase({ databaseUrl: test.applicationUrl, poolSize: 3, patienceMs: testPatienceMs })
    const searching = { readOnly: true, purpose: "search" } as const
    const other = randomUUID()
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    try {
      const slow = await new Promise<{ readonly ended: Promise<void> }>(resolve => {
        const ended = own.withOrganization(
          organization.id,
          () => {
            resolve({ ended })
            return held
          },
          searching,
        )
      })
      const search = () => own.withOrganization(organization.id, async () => "done", searching)
      const waiting = Array.from({ length: 100 }, search)
      await expect(search()).rejects.toMatchObject({ code: "rate-limited", retryAfterSeconds: 1 })
      await expect(own.withOrganization(other, async () => "other", searching)).resolves.toBe("other")
      await expect(own.withOrganization(organization.id, async () => "write")).resolves.toBe("write")
      release()
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(["done"]))
      await slow.ended
    } finally {
      release()
      await own.close()
    }
  })

  it("sees one state throughout when asked to", async () => {
    const seen = await database.withOrganization(
      organization.id,
      async tx => {
        const count = async () =>
          (await tx.query<{ size: number }>("SELECT count(*) AS size FROM ledger.visible_event"))[0]?.size
        const before = await count()
        await database.withOrganization(organization.id, other =>
          append(other, organization.id, [prepareTestEvent(organization)]),
        )
        return [before, await count()]
      },
      { readOnly: true, repeatableRead: true },
    )
    expect(seen[0]).toBe(seen[1])
  })

  it("gives numbers as numbers and times as text with their microseconds", async () => {
    const [row] = await database.withOrganization(organization.id, tx =>
      tx.query(
        "SELECT 9007199254740991::bigint AS number, '2026-01-02 03:04:05.678901+00'::timestamptz AS time",
      ),
    )
    expect(row).toEqual({ number: 9007199254740991, time: "2026-01-02 03:04:05.678901+00" })
    const numbers = await database.withOrganizationPrisma(null, ({ tx }) =>
      tx.query("SELECT 9007199254740991::bigint AS number"),
    )
    expect(numbers).toEqual([{ number: 9007199254740991 }])
    const tooLarge = database.withOrganizationPrisma(null, ({ tx }) =>
      tx.query("SELECT 9007199254740993::bigint AS number"),
    )
    await expect(tooLarge).rejects.toMatchObject({ code: "internal" })
    await expect(database.queryDirectly("SELECT 9007199254740993::bigint")).rejects.toMatchObject({
      code: "internal",
    })
  })

  it.each(["", "x'; DROP TABLE app; --", "00000000-0000-0000-0000-00000000000"])(
    "is refused for the id %j",
    async id => {
      await expect(database.withOrganization(id, tx => tx.query("SELECT 1"))).rejects.toMatchObject({
        code: "internal",
      })
      await expect(
        database.withOrganizationPrisma(id, ({ tx }) => tx.query("SELECT 1")),
      ).rejects.toMatchObject({ code: "internal" })
      await expect(database.openCursor(id, "SELECT 1", [])).rejects.toMatchObject({ code: "internal" })
    },
  )

  it("reads no row of an organization through Prisma while it has none, and the directory always", async () => {
    const seen = await database.withOrganizationPrisma(null, async ({ prisma, enter }) => {
      const none = await prisma.app.count()
      const directory = await prisma.organization.count()
      await enter(organization.id)
      return { none, directory, entered: await prisma.app.count() }
    })
    expect(seen).toEqual({ none: 0, directory: 1, entered: 2 })
  })

  it("becomes a timeout when a statement takes too long", async () => {
    const slow = database.withOrganization(organization.id, async tx => {
      await tx.query("SELECT set_config('statement_timeout', '30', true)")
      await tx.query("SELECT pg_sleep(5)")
    })
    await expect(slow).rejects.toMatchObject({ code: "timeout" })
    const slowInPrisma = database.withOrganizationPrisma(organization.id, async ({ tx }) => {
      await tx.query("SELECT set_config('statement_timeout', '30', true)")
      await tx.query("SELECT 1 AS one FROM pg_sleep(5)")
    })
    await expect(slowInPrisma).rejects.toMatchObject({ code: "timeout" })
  })

  it.each([
    ["off", "on"],
    ["local", "on"],
    ["remote_write", "on"],
    ["on", "on"],
    ["remote_apply", "remote_apply"],
  ])("commits durably when it writes, where the role is set to %s: %s", async (configured, expected) => {
    const { rows } = await test.superuser.query("SELECT current_database() AS name")
    const setting = `ALTER ROLE auditorium_app IN DATABASE ${rows[0].name}`
    await test.superuser.query(`${setting} SET synchronous_commit = ${configured}`)
    const fresh = createDatabase({
      databaseUrl: test.applicationUrl,
      poolSize: 1,
      patienceMs: testPatienceMs,
    })
    try {
      const show = "SHOW synchronous_commit"
      const written = await fresh.withOrganization(organization.id, tx => tx.query(show))
      const byPrisma = await fresh.withOrganizationPrisma(organization.id, ({ tx }) => tx.query(show))
      expect([written, byPrisma]).toEqual([
        [{ synchronous_commit: expected }],
        [{ synchronous_commit: expected }],
      ])
    } finally {
      await fresh.close()
      await test.superuser.query(`${setting} RESET synchronous_commit`)
    }
  })

  it("has limits of its own for reading and writing", async () => {
    const limit = (readOnly: boolean) =>
      database.withOrganization(organization.id, tx => tx.query("SHOW statement_timeout"), { readOnly })
    expect(await limit(true)).toEqual([{ statement_timeout: "10s" }])
    expect(await limit(false)).toEqual([{ statement_timeout: "30s" }])
  })

  it("stops on the server too when the caller goes away", async () => {
    const leaving = new AbortController()
    const work = database.withOrganization(
      organization.id,
      tx => tx.query("SELECT pg_sleep(60), 'left alone'"),
      {
        readOnly: true,
        signal: leaving.signal,
      },
    )
    const outcome = expect(work).rejects.toMatchObject({ name: "AbortError" })
    await waitFor(async () => (await countRunning("left alone")) === 1)
    leaving.abort()
    await outcome
    await waitFor(async () => (await countRunning("left alone")) === 0)
    const late = database.withOrganization(organization.id, tx => tx.query("SELECT 1"), {
      signal: leaving.signal,
    })
    await expect(late).rejects.toMatchObject({ name: "AbortError" })
  })
})

describe("when every connection is taken", () => {
  it("the next caller is told to come again instead of waiting for ever", async () => {
    const small = createDatabase({ databaseUrl: test.applicationUrl, poolSize: 3, patienceMs: 500 })
    const free = new AbortController()
    const holders = Array.from({ length: 3 }, () =>
      small
        .withOrganization(organization.id, () => sleep(60_000, undefined, { signal: free.signal }))
        .catch(() => {}),
    )
    const ask = () => small.withOrganization(organization.id, tx => tx.query("SELECT 1 AS one"))
    try {
      await expect(ask()).rejects.toMatchObject(unavailable)
      free.abort()
      await Promise.all(holders)
      await expect.poll(ask).toEqual([{ one: 1 }])
    } finally {
      free.abort()
      await small.close()
    }
  })
})

describe("a database that goes away", () => {
  let server: TestServer
  let own: TestDatabase
  const strays: Database[] = []
  beforeAll(async () => {
    server = await startTestServer()
    own = await createTestDatabase({ server, poolSize: 3 })
  })
  afterAll(async () => {
    await own.close()
    await server.stop()
  })
  afterEach(async () => {
    await Promise.all(strays.splice(0).map(stray => stray.close()))
  })

  it("is unavailable when nobody listens, whichever way it is asked", async () => {
    const stray = createDatabase({
      databaseUrl: "postgresql://auditorium_app:x@127.0.0.1:1/none",
      poolSize: 2,
      patienceMs: 5_000,
    })
    strays.push(stray)
    const id = organization.id
    await expect(stray.withOrganization(id, tx => tx.query("SELECT 1"))).rejects.toMatchObject(unavailable)
    await expect(stray.withOrganizationPrisma(id, ({ tx }) => tx.query("SELECT 1"))).rejects.toMatchObject(
      unavailable,
    )
    await expect(stray.openCursor(id, "SELECT 1", [])).rejects.toMatchObject(unavailable)
    await expect(stray.queryDirectly("SELECT 1")).rejects.toMatchObject(unavailable)
    const error: unknown = await stray.prisma.person.count().catch(reason => reason)
    expect(databaseError(error)).toMatchObject(unavailable)
  })

  it("cuts running transactions off as unavailable, and serves again without a new pool", async () => {
    const own1 = await own.organization()
    const events = prepareTestEvents(own1, 3)
    const cut = own.database.withOrganization(own1.id, async tx => {
      await append(tx, own1.id, events)
      await own.superuser.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'auditorium_app' AND datname = current_database()",
      )
      await sleep(50)
      await tx.query("SELECT 1")
    })
    await expect(cut).rejects.toMatchObject(unavailable)
    const results = await own.database.withOrganization(own1.id, tx => append(tx, own1.id, events))
    expect(results.map(({ outcome }) => outcome)).toEqual(["accepted", "accepted", "accepted"])
  })

  it("comes back without a restart of the application", async () => {
    const own1 = await own.organization()
    const ask = () => own.database.withOrganization(own1.id, tx => tx.query("SELECT name FROM app"))
    const askPrisma = () => own.database.withOrganizationPrisma(own1.id, ({ prisma }) => prisma.app.count())
    expect(await ask()).toHaveLength(2)
    await server.kill()
    for (const work of [ask, askPrisma, ask, askPrisma])
      await expect(work()).rejects.toMatchObject(unavailable)
    await server.restart()
    expect(await ask()).toHaveLength(2)
    expect(await askPrisma()).toBe(2)
  })
})

async function readName(): Promise<unknown> {
  const [row] = await database.withOrganization(organization.id, tx =>
    tx.query<{ name: string }>("SELECT name FROM app WHERE id = $1", [organization.appId]),
  )
  return row?.name
}

async function countRunning(marker: string): Promise<number> {
  const { rows } = await test.superuser.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%' || $1 || '%'",
    [marker],
  )
  return rows[0].count
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { timeout: 30_000 }).toBe(true)
}
