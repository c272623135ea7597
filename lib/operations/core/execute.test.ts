import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test, vi } from "vitest"
import { z } from "zod"
import { administratorRole } from "@/lib/access/directory"
import type { Permission } from "@/lib/access/permissions"
import { anonymous, type OrganizationRef, type PersonPrincipal } from "@/lib/access/principal"
import type { AuditEvent } from "@/lib/audit/event/event"
import { AppError, type ErrorCode } from "@/lib/errors"
import { createApp } from "@/lib/operations/apps/create"
import { callerFor, job, makeAccount, makeOrganization, readLog } from "@/lib/operations/fixtures/access"
import { home, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { execute } from "./execute"
import { type Caller, OperationFailure, operation, type ReadWork } from "./operation"

setUpHome(beforeAll)

function person(
  organization: OrganizationRef | null,
  held: readonly Permission[] = [],
  at = new Date(),
): Caller {
  const principal: PersonPrincipal = {
    kind: "person",
    personId: randomUUID(),
    name: "Grace Hopper",
    email: "grace@acme.example",
    sessionHash: "a".repeat(64),
    provenAt: new Date(),
    organization,
    permissions: new Set(held),
    scope: organization && { organizationId: organization.id, appIds: null, actorId: null },
  }
  return callerFor(principal, { at, ip: "198.51.100.9" })
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : "unknown"),
  )

async function newEvents(
  organization: OrganizationRef,
  work: () => Promise<unknown>,
): Promise<readonly AuditEvent[]> {
  const before = (await readLog(db, organization)).length
  await work()
  return (await readLog(db, organization)).slice(before)
}

const appNames = async (organization: OrganizationRef) =>
  (await db.superuser.query("SELECT slug FROM app WHERE organization_id = $1", [organization.id])).rows.map(
    row => row.slug,
  )

/** A write that creates an app and then ends as instructed. */
const troubled = (end: () => unknown) =>
  operation({
    name: "application.create",
    summary: "Makes an app, with trouble.",
    permission: "APP-MANAGEMENT",
    effect: "write",
    input: z.strictObject({ slug: z.string() }),
    run: async ({ organization, prisma }, { slug }) => {
      await prisma.app.create({
        data: { id: randomUUID(), organizationId: organization.id, slug, name: slug },
      })
      await end()
      return { value: slug, event: { targets: [{ type: "application", id: slug }] } }
    },
  })

describe("a write", () => {
  test("leaves its event: who, from where, on what, with which outcome", async () => {
    const { personId, ...caller } = await memberWith(["APP-MANAGEMENT"])
    const source = { ip: "198.51.100.9", ipText: "198.51.100.9", userAgent: "test" }
    const events = await newEvents(home, () =>
      execute(createApp, { ...caller, source }, { slug: "written", name: "Written" }),
    )
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      operation: "application.create",
      operationCode: 600,
      status: "success",
      actor: {
        type: "user",
        id: personId,
        name: "Ada Lovelace",
        sessionHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      source,
      targets: [{ type: "application", name: "Written" }],
      requestId: caller.requestId,
      occurredAtAssumed: "none",
    })
  })

  test("whose event cannot be written does not happen", async () => {
    const { rows } = await db.superuser.query(
      "SELECT oid::regprocedure AS name FROM pg_proc WHERE proname = 'append' AND pronamespace = 'ledger'::regnamespace",
    )
    const append = rows[0].name
    await db.superuser.query(`REVOKE EXECUTE ON FUNCTION ${append} FROM auditorium_application`)
    try {
      const call = execute(createApp, job(home), { slug: "unwitnessed", name: "Unwitnessed" })
      expect(await codeOf(call)).not.toBe("done")
    } finally {
      await db.superuser.query(`GRANT EXECUTE ON FUNCTION ${append} TO auditorium_application`)
    }
    expect(await appNames(home)).not.toContain("unwitnessed")
    expect(await codeOf(execute(createApp, job(home), { slug: "unwitnessed", name: "Witnessed" }))).toBe(
      "done",
    )
  })

  test("that fails is undone, and its failure is in the log with the reason", async () => {
    const failing = troubled(() => {
      throw new AppError("conflict", "There is one already.")
    })
    const events = await newEvents(home, async () => {
      expect(await codeOf(execute(failing, job(home), { slug: "undone" }))).toBe("conflict")
    })
    expect(events).toMatchObject([
      { operation: "application.create", status: "failure", statusMessage: "There is one already." },
    ])
    expect(await appNames(home)).not.toContain("undone")
  })

  test("that breaks says nothing of the inside in the log", async () => {
    const breaking = troubled(() => {
      throw new Error("secret detail at /srv/app.js:1")
    })
    const events = await newEvents(home, () => codeOf(execute(breaking, job(home), { slug: "broken" })))
    expect(events).toMatchObject([{ status: "failure", statusMessage: "An internal error." }])
    expect(JSON.stringify(events)).not.toContain("secret detail")
  })

  test("whose input is not understood was not tried, and leaves no event", async () => {
    const events = await newEvents(home, async () => {
      const call = execute(createApp, job(home), { slug: "x", name: "", organizationId: "other" })
      const faults = await call.then(
        () => [],
        (error: AppError) => error.faults,
      )
      expect(faults.map(fault => fault.pointer).sort()).toEqual(["/name", "/organizationId", "/slug"])
    })
    expect(events).toEqual([])
  })

  test("whose failure cannot be recorded either logs why it failed", async () => {
    const failing = troubled(() => {
      throw new AppError("conflict", "There is one already.")
    })
    const { rows } = await db.superuser.query(
      "SELECT oid::regprocedure AS name FROM pg_proc WHERE proname = 'append' AND pronamespace = 'ledger'::regnamespace",
    )
    vi.stubEnv("LOG_LEVEL", "error")
    const lines: string[] = []
    const written = vi.spyOn(process.stderr, "write").mockImplementation(line => lines.push(String(line)) > 0)
    await db.superuser.query(`REVOKE EXECUTE ON FUNCTION ${rows[0].name} FROM auditorium_application`)
    try {
      const code = await codeOf(execute(failing, job(home), { slug: "unrecorded" }))
      expect(code).not.toBe("done")
      expect(code).not.toBe("conflict")
    } finally {
      await db.superuser.query(`GRANT EXECUTE ON FUNCTION ${rows[0].name} TO auditorium_application`)
      written.mockRestore()
      vi.unstubAllEnvs()
    }
    const logged = lines.filter(line => line.includes("operation.not_recorded")).map(line => JSON.parse(line))
    expect(logged).toMatchObject([{ level: "error", operation: "application.create" }])
    expect(JSON.stringify(logged)).toContain("There is one already.")
  })

  test("that knows what its failure is about says it", async () => {
    const knowing = troubled(() => {
      throw new OperationFailure("conflict", "Too late.", {
        about: { targets: [{ type: "application", id: "x" }] },
      })
    })
    const events = await newEvents(home, () => codeOf(execute(knowing, job(home), { slug: "known" })))
    expect(events).toMatchObject([{ status: "failure", targets: [{ type: "application", id: "x" }] }])
  })

  test("of an organization that could not be made fails with its own reason, for want of a log", async () => {
    const slug = home.slug
    const intended = { id: randomUUID(), slug, name: "Twice" }
    const { createOrganization } = await import("@/lib/operations/organizations/create")
    expect(await codeOf(execute(createOrganization, job(intended), { slug, name: "Twice" }))).toBe("conflict")
  })
})

describe("the last administrator", () => {
  /** A write that takes every role from everybody and checks nothing. */
  const careless = operation({
    name: "organization_member.change",
    summary: "Takes all roles away.",
    permission: "ROLE-MANAGEMENT",
    effect: "write",
    input: z.strictObject({}),
    run: async ({ organization, prisma }) => {
      const { count } = await prisma.membershipRole.deleteMany({ where: { organizationId: organization.id } })
      return { value: count, event: { targets: [] } }
    },
  })
  const holders = async ({ id }: OrganizationRef) =>
    (await db.superuser.query("SELECT FROM membership_role WHERE organization_id = $1", [id])).rowCount

  test("stays when a new operation removes them without a check of its own", async () => {
    const organization = await makeOrganization()
    await makeAccount(organization, [administratorRole])
    const events = await newEvents(organization, async () => {
      await expect(execute(careless, job(organization), {})).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("the last administrator"),
      })
    })
    expect(events).toMatchObject([{ operation: "organization_member.change", status: "failure" }])
    expect(await holders(organization)).toBe(1)
  })

  test("stays when an operation from outside takes the lock and goes on to another organization", async () => {
    const [organization, other] = [await makeOrganization(), await makeOrganization()]
    await makeAccount(organization, [administratorRole])
    const outside = operation({
      name: "organization_member_invitation.accept",
      summary: "Takes all roles of an organization away.",
      permission: "public",
      effect: "write",
      input: z.strictObject({}),
      run: async ({ prisma, enter, administration }) => {
        const organizationId = organization.id
        await enter(organizationId)
        await administration.lock(organizationId)
        await prisma.membershipRole.deleteMany({ where: { organizationId } })
        // A second lock does not make a new beginning of it.
        await administration.lock(organizationId)
        await enter(other.id)
        return { value: null, event: { targets: [], organizationIds: [other.id] } }
      },
    })
    expect(await codeOf(execute(outside, callerFor(anonymous), {}))).toBe("conflict")
    expect(await holders(organization)).toBe(1)
  })

  test("is not missed where there never was one", async () => {
    const organization = await makeOrganization()
    await makeAccount(organization, ["Auditor"])
    expect(await execute(careless, job(organization), {})).toBe(1)
  })
})

describe("a refusal", () => {
  test("comes before the input is looked at", async () => {
    let asked = false
    const input = () => {
      asked = true
      return {}
    }
    expect(await codeOf(execute(createApp, person(home), input))).toBe("forbidden")
    expect(await codeOf(execute(createApp, callerFor(anonymous), input))).toBe("unauthenticated")
    expect(await codeOf(execute(createApp, person(null), input))).toBe("forbidden")
    expect(asked).toBe(false)
  })

  test("is one event at once and, when it was repeated, one more with the count", async () => {
    // Starts at the beginning of a minute, so that the minute does not change during the test.
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000)
    const organization = await makeOrganization()
    const caller = person(organization, [], at)
    const refuse = (who: Caller) => codeOf(execute(createApp, who, {}))
    const first = await newEvents(organization, () => refuse(caller))
    expect(first).toMatchObject([{ status: "denied", metadata: { owasp: "authz_fail", count: 1 } }])
    const repeated = await newEvents(organization, async () => {
      for (let round = 0; round < 41; round += 1) expect(await refuse(caller)).toBe("forbidden")
      await platform.refusals.flush()
      await platform.refusals.flush()
    })
    expect(repeated).toMatchObject([{ status: "denied", metadata: { count: 41 } }])
  })

  test("of another person, of another operation or in another minute is an event of its own", async () => {
    const at = new Date(Math.floor(Date.now() / 60_000) * 60_000)
    const organization = await makeOrganization()
    const caller = person(organization, [], at)
    const other = troubled(() => undefined)
    const events = await newEvents(organization, async () => {
      await codeOf(execute(createApp, caller, {}))
      await codeOf(execute(createApp, person(organization, [], at), {}))
      await codeOf(execute({ ...other, name: "application.other" }, caller, {}))
      await codeOf(execute(createApp, { ...caller, at: new Date(at.getTime() + 60_000) }, {}))
    })
    expect(events.map(event => event.status)).toEqual(["denied", "denied", "denied", "denied"])
  })
})

describe("a reading", () => {
  const inserting = (
    permission: "APP-MANAGEMENT" | "public",
    insert: (work: ReadWork<"public">) => Promise<unknown>,
  ) =>
    operation({
      name: "thing.read",
      summary: "Writes, where it may only read.",
      permission,
      effect: "read",
      input: z.strictObject({}),
      run: ({ read }) => read(work => insert({ enter: async () => {}, ...work })),
    })
  const row = () => ({ id: randomUUID(), slug: `s${randomUUID().slice(0, 8)}`, name: "Smuggled" })

  test.each<readonly [string, (work: ReadWork<"public">) => Promise<unknown>]>([
    ["Prisma", ({ prisma }) => prisma.app.create({ data: { ...row(), organizationId: home.id } })],
    [
      "SQL",
      ({ tx }) =>
        tx.query("INSERT INTO app (id, organization_id, slug, name) VALUES ($1::uuid, $2::uuid, $3, $4)", [
          ...[randomUUID(), home.id],
          ...[`s${randomUUID().slice(0, 8)}`, "Smuggled"],
        ]),
    ],
    [
      "SQL that first asks to write",
      async ({ tx, prisma }) => {
        await tx.query("SELECT set_config('transaction_read_only', 'off', true)")
        await prisma.app.create({ data: { ...row(), organizationId: home.id } })
      },
    ],
    [
      "another organization that it enters",
      async ({ prisma, enter }) => {
        await enter(home.id)
        await prisma.app.create({ data: { ...row(), organizationId: home.id } })
      },
    ],
  ])("that inserts fails in the database: through %s", async (_, insert) => {
    const names = await appNames(home)
    const caller = person(home, ["APP-MANAGEMENT"])
    await expect(execute(inserting("APP-MANAGEMENT", insert), caller, {})).rejects.toThrow(
      /read.only|read-write|enter another/i,
    )
    await expect(execute(inserting("public", insert), callerFor(anonymous), {})).rejects.toThrow()
    expect(await appNames(home)).toEqual(names)
  })

  test("sees its organization and no other", async () => {
    const other = await makeOrganization()
    const counting = operation({
      name: "thing.read",
      summary: "Counts the apps of another organization.",
      permission: "APP-MANAGEMENT",
      effect: "read",
      input: z.strictObject({}),
      run: ({ read }) => read(({ prisma }) => prisma.app.findMany({ select: { organizationId: true } })),
    })
    const seen = await execute(counting, person(other, ["APP-MANAGEMENT"]), {})
    expect(seen).toEqual([{ organizationId: other.id }])
  })

  const reading = (recorded: boolean, code: ErrorCode | null) => {
    const common = {
      name: "thing.read",
      summary: "Reads.",
      permission: "LOG-MANAGEMENT",
      effect: "read",
      input: z.strictObject({}),
    } as const
    const read = async () => {
      if (code) throw new AppError(code, "No.")
      return "read"
    }
    const event = { targets: [{ type: "thing", id: "1" }] }
    return recorded
      ? operation({ ...common, recorded, run: async () => ({ value: await read(), event }) })
      : operation({ ...common, run: read })
  }

  test("leaves an event when it says what it is about, and none otherwise", async () => {
    const caller = person(home, ["LOG-MANAGEMENT"])
    expect(await newEvents(home, () => execute(reading(false, null), caller, {}))).toEqual([])
    expect(await newEvents(home, () => codeOf(execute(reading(false, "unavailable"), caller, {})))).toEqual(
      [],
    )
    const read = await newEvents(home, () => execute(reading(true, null), caller, {}))
    expect(read).toMatchObject([{ operation: "thing.read", status: "success", targets: [{ id: "1" }] }])
    const failed = await newEvents(home, () => codeOf(execute(reading(true, "timeout"), caller, {})))
    expect(failed).toMatchObject([{ operation: "thing.read", status: "failure" }])
  })

  test("that is worth an event and cannot leave one gives nothing", async () => {
    const { rows } = await db.superuser.query(
      "SELECT oid::regprocedure AS name FROM pg_proc WHERE proname = 'append' AND pronamespace = 'ledger'::regnamespace",
    )
    await db.superuser.query(`REVOKE EXECUTE ON FUNCTION ${rows[0].name} FROM auditorium_application`)
    const outcome = await codeOf(execute(reading(true, null), person(home, ["LOG-MANAGEMENT"]), {}))
    await db.superuser.query(`GRANT EXECUTE ON FUNCTION ${rows[0].name} TO auditorium_application`)
    expect(outcome).not.toBe("done")
  })
})
