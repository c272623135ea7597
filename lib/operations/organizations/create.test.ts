import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { administratorRole, listAdministrators, listMembers } from "@/lib/access/directory"
import { permissions } from "@/lib/access/permissions"
import { jobPrincipal, principalOfSession } from "@/lib/access/principal"
import { createApp } from "@/lib/operations/apps/create"
import { listApps } from "@/lib/operations/apps/list"
import { execute } from "@/lib/operations/core/execute"
import {
  callerFor,
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  nobody,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { addMember } from "@/lib/operations/members/add"
import { db, platform } from "@/test/platform"
import { createOrganization } from "./create"

setUpHome(beforeAll)

function create(slug: string, name = "Another") {
  const intended = { id: randomUUID(), slug, name }
  return execute(createOrganization, callerFor(jobPrincipal("test", intended)), { slug, name })
}

describe("a new organization", () => {
  test("has its built-in app, three built-in roles, and a log that opens with its making", async () => {
    const made = await create("initech", "Initech")
    const apps = await execute(listApps, job(made), {})
    expect(apps).toMatchObject([{ slug: "auditorium", name: "Auditorium", builtIn: true, archivedAt: null }])
    const { rows } = await db.superuser.query(
      "SELECT name, built_in, permissions, app_ids FROM role WHERE organization_id = $1 ORDER BY name",
      [made.id],
    )
    expect(rows).toEqual([
      { name: "Auditor", built_in: true, permissions: ["LOG-MANAGEMENT"], app_ids: [] },
      { name: "Member", built_in: true, permissions: [], app_ids: [] },
      { name: administratorRole, built_in: true, permissions: [...permissions], app_ids: [] },
    ])
    expect(await readLog(db, made)).toMatchObject([
      {
        operation: "organization.create",
        status: "success",
        actor: { type: "system", id: "test" },
        targets: [{ type: "organization", id: made.id, name: "Initech" }],
        changes: [{ path: "", before: null, after: { slug: "initech", name: "Initech" } }],
      },
    ])
  })

  test("cannot take the slug of another, and leaves nothing behind when it tries", async () => {
    await create("hooli")
    await expect(create("hooli")).rejects.toMatchObject({ code: "conflict", faults: [{ pointer: "/slug" }] })
    const { rows } = await db.superuser.query(
      "SELECT count(*)::int AS n FROM organization WHERE slug = 'hooli'",
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  test.each([
    "a",
    "A",
    "Acme",
    "acme robotics",
    "-acme",
    "acme-",
    "ac--me",
    "4acme",
    "acme/x",
    "äcme",
    "a".repeat(41),
    "",
  ])("cannot be called %j in addresses", async slug => {
    await expect(create(slug)).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/slug" }] })
  })

  test.each(["api", "sign-in", "admin", "account", "invitations", "v2", "health"])(
    "cannot take the address %s, which means something else",
    async slug => {
      await expect(create(slug)).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/slug" }] })
    },
  )

  test("made by a person has them as its administrator, and both logs know", async () => {
    const { email, personId } = await makeAccount(home, [administratorRole])
    const session = await signIn(email)
    const administrator = await callerOf(platform, session, home.slug)
    const made = await execute(createOrganization, administrator, {
      slug: "from-a-page",
      name: "From a page",
    })
    const { principal } = await callerOf(platform, session, made.slug)
    expect([...principal.permissions].sort()).toEqual([...permissions].sort())
    for (const organization of [home, made]) {
      expect((await readLog(db, organization)).at(-1)).toMatchObject({
        operation: "organization.create",
        actor: { id: personId },
        targets: [{ type: "organization", id: made.id }],
      })
    }
    expect(await readLog(db, made)).toHaveLength(1)
  })

  test("is not made by somebody who may not, nor by nobody, nor half when its slug is taken", async () => {
    const input = { slug: "not-made", name: "Not made" }
    const { email } = await makeAccount(home, ["Auditor"])
    const auditor = await callerOf(platform, await signIn(email), home.slug)
    expect(await codeOf(execute(createOrganization, auditor, input))).toBe("forbidden")
    expect(await codeOf(execute(createOrganization, nobody(), input))).toBe("unauthenticated")
    const { email: chief, personId } = await makeAccount(home, [administratorRole])
    const administrator = await callerOf(platform, await signIn(chief), home.slug)
    const taken = { slug: home.slug, name: "Taken" }
    expect(await codeOf(execute(createOrganization, administrator, taken))).toBe("conflict")
    const { rows } = await db.superuser.query(
      "SELECT (SELECT count(*)::int FROM organization WHERE slug = 'not-made') AS made, (SELECT count(*)::int FROM membership WHERE person_id = $1) AS memberships",
      [personId],
    )
    expect(rows).toEqual([{ made: 0, memberships: 1 }])
  })
})

describe("members", () => {
  test("a new person becomes a member with roles, and has no password yet", async () => {
    const organization = await makeOrganization()
    const input = { email: " Grace@Acme.Example ", name: "Grace Hopper", roles: ["Auditor"] }
    const { person } = await execute(addMember, job(organization), input)
    expect(await listMembers(platform.database, organization.id)).toEqual([
      {
        personId: person.id,
        email: "grace@acme.example",
        name: "Grace Hopper",
        status: "active",
        hasPassword: false,
        roles: ["Auditor"],
      },
    ])
    expect((await readLog(db, organization)).at(-1)).toMatchObject({
      operation: "organization_member.add",
      operationCode: 100,
      targets: [{ type: "user", id: person.id, name: "Grace Hopper" }],
      changes: [{ path: "/roles", before: null, after: ["Auditor"] }],
    })
  })

  test("somebody known keeps their name and gets the roles on top", async () => {
    const { email, personId } = await makeAccount(home, ["Member"])
    const { person } = await execute(addMember, job(home), { email, name: "Impostor", roles: ["Auditor"] })
    expect(person).toEqual({ id: personId, email, name: "Ada Lovelace" })
    expect((await readLog(db, home)).at(-1)?.changes).toEqual([
      { path: "/roles", before: ["Member"], after: ["Auditor", "Member"] },
    ])
  })

  test("two commands that add the same person at once make one person", async () => {
    const input = { email: "twice@acme.example", name: "Twice", roles: ["Member"] }
    const added = await Promise.all([1, 2, 3].map(() => execute(addMember, job(home), input)))
    expect(new Set(added.map(({ person }) => person.id)).size).toBe(1)
  })

  test("a role that does not exist is named, with those that do", async () => {
    const input = { email: "x@acme.example", name: "X", roles: ["Member", "Auditr"] }
    await expect(execute(addMember, job(home), input)).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/roles/1", message: expect.stringContaining("Auditor, Member") }],
    })
  })

  test("nobody can give more than they hold", async () => {
    const { email, personId } = await makeAccount(home)
    const roleId = randomUUID()
    await platform.database.withOrganizationPrisma(home.id, async ({ prisma }) => {
      const role = {
        id: roleId,
        organizationId: home.id,
        name: "Recruiter",
        permissions: ["MEMBER-MANAGEMENT"],
      }
      await prisma.role.create({ data: { ...role, appIds: [] } })
      await prisma.membershipRole.create({ data: { organizationId: home.id, personId, roleId } })
    })
    const recruiter = await callerOf(platform, await signIn(email), home.slug)
    const add = (role: string) =>
      codeOf(execute(addMember, recruiter, { email: "new@acme.example", name: "New", roles: [role] }))
    expect(await add("Member")).toBe("accepted")
    expect(await add("Recruiter")).toBe("accepted")
    expect(await add("Auditor")).toBe("forbidden")
    expect(await add(administratorRole)).toBe("forbidden")
  })

  test("a suspended member is not brought back by being added again", async () => {
    const { email, personId } = await makeAccount(home)
    await platform.database.prisma.membership.updateMany({
      where: { personId },
      data: { status: "suspended" },
    })
    const again = execute(addMember, job(home), { email, name: "Ada", roles: ["Auditor"] })
    await expect(again).rejects.toMatchObject({ code: "conflict" })
  })

  test("a role given acts on the very next request of a session that is open", async () => {
    const { email } = await makeAccount(home, ["Member"])
    const sessionId = await signIn(email)
    const held = async () => {
      const context = { database: platform.database, at: new Date() }
      return (await principalOfSession(sessionId, home.slug, context)).permissions.has("LOG-MANAGEMENT")
    }
    expect(await held()).toBe(false)
    await execute(addMember, job(home), { email, name: "Ada", roles: ["Auditor"] })
    expect(await held()).toBe(true)
  })

  test("administrators are found across organizations, without the suspended", async () => {
    const organization = await makeOrganization()
    const [first, second] = [
      await makeAccount(organization, [administratorRole]),
      await makeAccount(organization, [administratorRole]),
    ]
    await platform.database.prisma.membership.updateMany({
      where: { personId: second.personId },
      data: { status: "suspended" },
    })
    const emails = (await listAdministrators(platform.database)).map(administrator => administrator.email)
    expect(emails).toContain(first.email)
    expect(emails).not.toContain(second.email)
  })
})

describe("apps", () => {
  test("are made by whoever may, once by each slug, and leave an event", async () => {
    const app = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    expect(app).toMatchObject({ slug: "billing", name: "Billing", builtIn: false, archivedAt: null })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "application.create",
      operationCode: 600,
      targets: [{ type: "application", id: app.id, name: "Billing" }],
      changes: [{ path: "", before: null, after: { slug: "billing", name: "Billing" } }],
    })
    for (const slug of ["billing", "auditorium"]) {
      const again = execute(createApp, job(home), { slug, name: "Again" })
      await expect(again).rejects.toMatchObject({ code: "conflict", faults: [{ pointer: "/slug" }] })
    }
    expect(
      await codeOf(execute(createApp, job(await makeOrganization()), { slug: "billing", name: "B" })),
    ).toBe("accepted")
  })

  test("are not shown to, nor made by, a member without the permission, nor seen from another organization", async () => {
    const auditor = await memberAs(["Auditor"])
    expect(await codeOf(execute(createApp, auditor, { slug: "sneaky", name: "Sneaky" }))).toBe("forbidden")
    expect(await codeOf(execute(listApps, auditor, {}))).toBe("forbidden")
    const other = await execute(listApps, job(await makeOrganization()), {})
    expect(other.map(app => app.slug)).toEqual(["auditorium"])
  })

  test.each([
    ["", "no name"],
    ["x".repeat(101), "too long"],
    ["a\nb", "two lines"],
    ["a\u0007", "a control character"],
  ])("cannot be named %j (%s)", async name => {
    const made = execute(createApp, job(home), { slug: "named", name })
    await expect(made).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/name" }] })
  })
})
