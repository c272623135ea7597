import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import type { Permission } from "@/lib/access/permissions"
import { anonymous, type OrganizationRef, type PersonPrincipal } from "@/lib/access/principal"
import type { AuditEvent } from "@/lib/audit/event/event"
import { AppError, type ErrorCode } from "@/lib/errors"
import { db, platform } from "@/lib/testing/platform"
import { createApp } from "./apps/apps"
import { execute } from "./execute"
import { callerFor, job, makeOrganization, readLog } from "./fixtures/access"
import { home, memberWith, setUpHome } from "./fixtures/home"
import { type Caller, OperationFailure, operation } from "./operation"

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
    const { createOrganization } = await import("./organizations/organizations")
    expect(await codeOf(execute(createOrganization, job(intended), { slug, name: "Twice" }))).toBe("conflict")
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
