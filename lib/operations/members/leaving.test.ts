import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { jobPrincipal } from "@/lib/access/principal"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { searchEvents } from "@/lib/operations/events/search"
import { callerFor, callerOf, job, makeOrganization, readLog, signIn } from "@/lib/operations/fixtures/access"
import { as, home, makeGroup, member, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { createInvitations } from "@/lib/operations/invitations/create"
import { listInvitations } from "@/lib/operations/invitations/list"
import { db, platform } from "@/test/platform"
import { addMember } from "./add"
import { removeMember } from "./remove"
import { reactivateMember, suspendMember } from "./status"

setUpHome(beforeEach)

describe("whoever has to leave", () => {
  const stateOf = async (email: string) =>
    (await execute(listInvitations, job(home), {})).find(invitation => invitation.email === email)?.state

  test("neither comes back nor brings others by an invitation that is open", async () => {
    const [suspended, removed] = [await member(administratorRole), await member(administratorRole)]
    await member(administratorRole)
    const invited = { roleIds: [await roleId("Auditor")] }
    await execute(createInvitations, await as(suspended), { ...invited, emails: ["one@acme.example"] })
    await execute(createInvitations, await as(removed), { ...invited, emails: ["two@acme.example"] })
    await execute(createInvitations, job(home), {
      ...invited,
      emails: ["three@acme.example", "own@acme.example"],
    })
    const own = { email: "own@acme.example", name: "Own", roles: ["Member"] }
    const { person } = await execute(addMember, job(home), own)
    await execute(suspendMember, job(home), { personId: suspended.personId })
    await execute(removeMember, job(home), { personId: removed.personId })
    expect((await readLog(db, home)).at(-1)?.details).toEqual([
      "Open invitations were revoked: two@acme.example.",
    ])
    await execute(removeMember, job(home), { personId: person.id })
    expect(await stateOf("one@acme.example")).toBe("revoked")
    expect(await stateOf("two@acme.example")).toBe("revoked")
    expect(await stateOf("own@acme.example")).toBe("revoked")
    expect(await stateOf("three@acme.example")).toBe("open")
  })
})

describe("a suspended member", () => {
  test("is refused at the next request of a session that is open, and let in again when reactivated", async () => {
    const ada = await member("Auditor")
    const other = await makeOrganization()
    await execute(addMember, callerFor(jobPrincipal("test", other)), {
      email: ada.email,
      name: "Ada Lovelace",
      roles: ["Member"],
    })
    await execute(suspendMember, job(home), { personId: ada.personId })
    expect(await codeOf(as(ada))).toBe("not-found")
    // They are members elsewhere too, so their sessions stay.
    expect((await callerOf(platform, ada.sessionId, other.slug)).principal.kind).toBe("person")
    await execute(reactivateMember, job(home), { personId: ada.personId })
    await execute(searchEvents, await as(ada), { parameters: {} })
    const events = (await readLog(db, home)).filter(({ operation }) => /suspend|reactivate/.test(operation))
    expect(events).toMatchObject([
      {
        operation: "organization_member.suspend",
        status: "success",
        targets: [{ type: "user", id: ada.personId, name: "Ada Lovelace" }],
        changes: [{ path: "/status", before: "active", after: "suspended" }],
        metadata: { endedSessions: 0 },
      },
      { operation: "organization_member.reactivate", changes: [{ before: "suspended", after: "active" }] },
    ])
  })

  test("who belongs nowhere else is signed out, and the API keys that they made are named in the event", async () => {
    const ada = await member(administratorRole)
    await member(administratorRole)
    await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const key = { app: "billing", name: "Nightly", scopes: ["LOG-INGESTION"], expiresAt: null }
    await execute(createApiKey, await as(ada), key)
    await execute(suspendMember, job(home), { personId: ada.personId })
    expect((await callerOf(platform, ada.sessionId)).principal.kind).toBe("anonymous")
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      details: ["The API key Nightly of the app Billing, which they made, stays."],
      metadata: { endedSessions: 1 },
    })
  })

  test("cannot be suspended twice, nor an active one reactivated", async () => {
    const ada = await member()
    const input = { personId: ada.personId }
    expect(await codeOf(execute(reactivateMember, job(home), input))).toBe("conflict")
    await execute(suspendMember, job(home), input)
    expect(await codeOf(execute(suspendMember, job(home), input))).toBe("conflict")
  })
})

describe("a removed member", () => {
  test("loses everything held here at once; the person and their name in old events stay", async () => {
    const [ada, administrator] = [await member("Auditor"), await member(administratorRole)]
    await execute(suspendMember, await as(administrator), { personId: ada.personId })
    await makeGroup("Finance", [ada.personId], [await roleId("Auditor")])
    const app = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    await platform.database.withOrganizationPrisma(home.id, async ({ prisma }) => {
      const collaborator = { organizationId: home.id, appId: app.id, personId: ada.personId }
      await prisma.collaborator.create({ data: { ...collaborator, roleId: await roleId("Auditor") } })
    })
    const before = await readLog(db, home)
    await execute(removeMember, await as(administrator), { personId: ada.personId })
    expect((await as(ada)).principal.kind).toBe("anonymous")
    const { rows } = await db.superuser.query(
      `SELECT (SELECT count(*)::int FROM held_role WHERE person_id = $1) AS held,
        (SELECT count(*)::int FROM membership WHERE person_id = $1) AS memberships,
        (SELECT name FROM person WHERE id = $1) AS name`,
      [ada.personId],
    )
    expect(rows).toEqual([{ held: 0, memberships: 0, name: "Ada Lovelace" }])
    const after = await readLog(db, home)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.at(-1)).toMatchObject({
      operation: "organization_member.remove",
      operationCode: 102,
      actor: { id: administrator.personId },
      targets: [{ type: "user", id: ada.personId, name: "Ada Lovelace" }],
      changes: [
        {
          path: "",
          before: {
            status: "suspended",
            roles: ["Auditor"],
            groups: ["Finance"],
            collaborations: ["Auditor in Billing"],
          },
          after: null,
        },
      ],
    })
  })

  test("can become one again, and holds only what is given then", async () => {
    const ada = await member("Auditor")
    await execute(removeMember, job(home), { personId: ada.personId })
    await execute(addMember, job(home), { email: ada.email, name: "Ada", roles: ["Member"] })
    const { permissions } = (await callerOf(platform, await signIn(ada.email), home.slug)).principal
    expect([...permissions]).toEqual([])
  })
})
