import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { execute } from "@/lib/operations/core/execute"
import { makeOrganization } from "@/lib/operations/fixtures/access"
import { again, eventsOf, home, makeRole, memberAs } from "@/lib/operations/fixtures/home"
import { refusalOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import { addGroupApps, removeGroupApps } from "./apps"
import { createGroup } from "./change"
import { deleteGroup } from "./delete"
import { findGroup } from "./find"
import {
  administrator,
  edit,
  give,
  idsOf,
  join,
  make,
  makeApp,
  seen,
  setUpAdministrator,
} from "./fixtures/groups"
import { listGroups } from "./list"
import { addGroupMembers, removeGroupMembers } from "./members"
import { addGroupRoles, removeGroupRoles } from "./roles"

setUpAdministrator()

describe("a group", () => {
  test("is made, changed and deleted, each an event with what was before and after", async () => {
    const id = await make("Auditors")
    await edit(id, { name: "Auditors" }, { name: "Reviewers", description: "They review." })
    await execute(deleteGroup, administrator, { id })
    const [made] = await eventsOf("organization_team.create")
    expect(made).toMatchObject({ operationCode: 107, targets: [{ type: "group", id, name: "Auditors" }] })
    const [changed] = await eventsOf("organization_team.update")
    expect(changed).toMatchObject({ operationCode: 108 })
    expect(changed?.changes).toEqual([
      { path: "/name", before: "Auditors", after: "Reviewers" },
      { path: "/description", before: "", after: "They review." },
    ])
    const [deleted] = await eventsOf("organization_team.delete")
    expect(deleted?.changes).toMatchObject([{ before: { name: "Reviewers", members: [] }, after: null }])
    expect(await refusalOf(seen(id))).toBe("not-found")
  })

  test("has a name and a claim value that no other group has, in whatever case the name is written", async () => {
    await execute(createGroup, administrator, { name: "Auditors", description: "", claimValue: "aud" })
    expect(await refusalOf(make("AUDITORS"))).toBe("invalid /name")
    const other = await make("Others")
    expect(await refusalOf(edit(other, { name: "Others" }, { claimValue: "aud" }))).toBe(
      "invalid /claimValue",
    )
    const both = await Promise.all([refusalOf(make("Twins")), refusalOf(make("twins"))])
    expect(both.sort()).toEqual(["accepted", "invalid /name"])
  })

  test("is not overwritten by a form that was opened before somebody else's change", async () => {
    const id = await make("Auditors")
    await edit(id, { name: "Auditors" }, { name: "Reviewers" })
    expect(await refusalOf(edit(id, { name: "Auditors" }, { name: "Readers" }))).toBe("conflict")
    expect((await seen(id)).name).toBe("Reviewers")
  })

  test("is listed with its members, roles and apps, and shows what could be added to it", async () => {
    const [id, app, member] = [await make("Auditors"), await makeApp(), await memberAs(["Member"])]
    const role = await makeRole("Readers", ["LOG-MANAGEMENT"])
    await join(id, member)
    await give(id, role)
    await execute(addGroupApps, administrator, { id, appIds: [app] })
    const [listed] = await execute(listGroups, administrator, {})
    expect(listed).toMatchObject({ id, members: 1, firstMembers: ["Ada Lovelace"], roles: [{ id: role }] })
    expect(listed?.apps).toMatchObject([{ id: app }])
    const found = await seen(id)
    expect(found.members).toMatchObject([{ personId: member.personId, status: "active", fromClaim: false }])
    expect(found.roleChoices.map(choice => choice.id)).not.toContain(role)
    expect(found.appChoices.map(choice => choice.id)).not.toContain(app)
  })

  test("of another organization is the same as none", async () => {
    const elsewhere = await makeOrganization()
    const stranger = await memberAs([administratorRole], elsewhere)
    const id = await make()
    const personIds = [stranger.personId]
    expect(await refusalOf(execute(findGroup, stranger, { id }))).toBe("not-found")
    expect(await refusalOf(execute(deleteGroup, stranger, { id }))).toBe("not-found")
    expect(await refusalOf(execute(addGroupMembers, stranger, { id, personIds }))).toBe("not-found")
    expect(await execute(listGroups, stranger, {})).toEqual([])
    expect(await refusalOf(execute(addGroupMembers, administrator, { id, personIds }))).toBe(
      "invalid /personIds/0",
    )
  })
})

describe("what a group gives", () => {
  test("acts at its members' next request, and is gone at the next one after it was taken away", async () => {
    const [id, role, member] = [
      await make(),
      await makeRole("Readers", ["LOG-MANAGEMENT"]),
      await memberAs(["Member"]),
    ]
    await execute(addGroupMembers, administrator, { id, personIds: [member.personId] })
    await execute(addGroupRoles, administrator, { id, roleIds: [role] })
    expect((await again(member)).principal.permissions).toContain("LOG-MANAGEMENT")
    await execute(removeGroupRoles, administrator, { id, roleIds: [role] })
    expect((await again(member)).principal.permissions).not.toContain("LOG-MANAGEMENT")
    const [added] = await eventsOf("organization_team_role.add")
    expect(added?.targets).toMatchObject([
      { type: "group", id },
      { type: "role", id: role },
    ])
    expect(await eventsOf("organization_team_role.remove")).toHaveLength(1)
  })

  test("reaches the apps of the group only, and every app again when the last one is taken out", async () => {
    const [id, role, member] = [
      await make(),
      await makeRole("Readers", ["LOG-MANAGEMENT"]),
      await memberAs(["Member"]),
    ]
    const [first, second] = [await makeApp(), await makeApp()]
    await join(id, member)
    await give(id, role)
    await execute(addGroupApps, administrator, { id, appIds: [first, second] })
    expect((await again(member)).principal.scope?.appIds).toEqual([first, second].sort())
    await execute(removeGroupApps, administrator, { id, appIds: [first] })
    expect((await again(member)).principal.scope?.appIds).toEqual([second])
    await execute(removeGroupApps, administrator, { id, appIds: [second] })
    expect((await again(member)).principal.scope?.appIds).toBeNull()
    expect(await eventsOf("organization_team_app.add")).toMatchObject([{ operationCode: 112 }])
    expect(await eventsOf("organization_team_app.remove")).toHaveLength(2)
  })

  test("goes with the group, from its members and from invitations that carried it", async () => {
    const [id, role, member] = [
      await make(),
      await makeRole("Readers", ["LOG-MANAGEMENT"]),
      await memberAs(["Member"]),
    ]
    await join(id, member)
    await give(id, role)
    const invitation = randomUUID()
    await db.superuser.query(
      `INSERT INTO invitation (id, organization_id, email, token_hash, expires_at)
       VALUES ($1, $2, 'new@acme.example', sha256($3::bytea), now() + interval '1 day')`,
      [invitation, home.id, invitation],
    )
    await db.superuser.query(
      "INSERT INTO invitation_group (organization_id, invitation_id, group_id) VALUES ($1, $2, $3)",
      [home.id, invitation, id],
    )
    expect((await seen(id)).invited).toEqual(["new@acme.example"])
    await execute(deleteGroup, administrator, { id })
    expect((await again(member)).principal.permissions).not.toContain("LOG-MANAGEMENT")
    const [event] = await eventsOf("organization_team.delete")
    expect(event?.details).toEqual(["1 invitation carries it no longer."])
  })
})

describe("several at once", () => {
  test("are put in and taken out in one event that names each; what is so already is said to be", async () => {
    const id = await make()
    const people = [await memberAs(["Member"]), await memberAs(["Member"]), await memberAs(["Member"])]
    const [first, second] = people
    if (!first || !second) throw new Error("there are three")
    await execute(addGroupMembers, administrator, { id, personIds: [first.personId] })
    const done = await execute(addGroupMembers, administrator, { id, personIds: idsOf(people) })
    expect(done.changed).toHaveLength(2)
    expect(done.unchanged).toEqual([{ id: first.personId, name: "Ada Lovelace" }])
    const [, added] = await eventsOf("organization_team_member.add")
    expect(added).toMatchObject({ operationCode: 110, details: ["Ada Lovelace was in it already."] })
    expect(added?.targets).toHaveLength(3)
    await execute(removeGroupMembers, administrator, { id, personIds: idsOf([first, second]) })
    expect((await seen(id)).members).toHaveLength(1)
    const [removed] = await eventsOf("organization_team_member.remove")
    expect(removed).toMatchObject({ operationCode: 111 })
    expect(removed?.changes).toHaveLength(2)
  })

  test("of the same thing twice change nothing the second time, and the event says so", async () => {
    const [id, member] = [await make(), await memberAs(["Member"])]
    const personIds = [member.personId, member.personId]
    const both = await Promise.all([
      execute(addGroupMembers, administrator, { id, personIds }),
      execute(addGroupMembers, administrator, { id, personIds }),
    ])
    expect(both.map(({ changed }) => changed.length).sort()).toEqual([0, 1])
    const group = (await seen(id)).name
    const said = (await eventsOf("organization_team_member.add")).map(event => event.description)
    expect(said.sort()).toEqual([
      `Nothing was added to the group ${group}.`,
      `The member Ada Lovelace was added to the group ${group}.`,
    ])
  })

  test("are at most a thousand, and all of them have to exist", async () => {
    const id = await make()
    const roleIds = Array.from({ length: 1_001 }, () => randomUUID())
    await expect(execute(addGroupRoles, administrator, { id, roleIds })).rejects.toMatchObject({
      faults: [{ pointer: "/roleIds", message: "Choose at most 1,000 roles at once." }],
    })
    expect(await refusalOf(execute(addGroupRoles, administrator, { id, roleIds: roleIds.slice(0, 2) }))).toBe(
      "invalid /roleIds/0 /roleIds/1",
    )
    expect(await refusalOf(execute(addGroupApps, administrator, { id, appIds: [randomUUID()] }))).toBe(
      "invalid /appIds/0",
    )
  })
})
