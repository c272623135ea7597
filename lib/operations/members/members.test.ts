import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { searchEvents } from "@/lib/operations/events/search"
import { job, makeAccount, makeOrganization } from "@/lib/operations/fixtures/access"
import {
  as,
  home,
  makeGroup,
  makeRole,
  member,
  roleId,
  type Somebody,
  setUpHome,
} from "@/lib/operations/fixtures/home"
import { addGroupApps } from "@/lib/operations/groups/apps"
import { changeMember } from "./change"
import { endMemberSessions } from "./end-sessions"
import { findMember } from "./find"
import { listMembers } from "./list"
import { listMemberChoices } from "./member-choices"
import { removeMember } from "./remove"
import { reactivateMember, suspendMember } from "./status"

setUpHome(beforeEach)

describe("the list of members", () => {
  test("shows roles with every way in which they are held, and groups", async () => {
    const ada = await member("Auditor")
    const auditors = await roleId("Auditor")
    const groupId = await makeGroup("Finance", [ada.personId], [auditors])
    const { members, isCut, total } = await execute(listMembers, job(home), {})
    expect({ isCut, total }).toEqual({ isCut: false, total: 1 })
    expect(members).toMatchObject([
      {
        personId: ada.personId,
        status: "active",
        groups: ["Finance"],
        roles: [
          {
            name: "Auditor",
            through: [{ kind: "directly" }, { kind: "group", id: groupId, name: "Finance" }],
          },
        ],
      },
    ])
  })

  test("says when somebody was last seen, and that somebody never was", async () => {
    const [seen, unseen] = [await member(), await member()]
    const at = new Date()
    await as(seen, at)
    const { members } = await execute(listMembers, job(home), {})
    const lastSeenOf = ({ personId }: Somebody) =>
      members.find(each => each.personId === personId)?.lastSeenAt
    expect(lastSeenOf(seen)).toBe(at.toISOString())
    expect(lastSeenOf(unseen)).toBeNull()
  })

  test("finds by name, address, role and group, in any case, and takes every character as itself", async () => {
    const [ada, grace] = [await member("Auditor"), await member("Member")]
    await makeGroup("Field 100%", [grace.personId], [])
    const found = async (search: string) =>
      (await execute(listMembers, job(home), { search })).members.map(each => each.personId)
    expect(await found(ada.email.toUpperCase())).toEqual([ada.personId])
    expect(await found("auditor")).toEqual([ada.personId])
    expect(await found("100%")).toEqual([grace.personId])
    expect(await found("lovelace")).toHaveLength(2)
    expect(await found("%")).toEqual([grace.personId])
    expect(await found("nobody at all")).toEqual([])
  })

  test("shows nobody of another organization, nor do the choices of a dialog", async () => {
    const ada = await member()
    const other = await makeOrganization()
    await makeAccount(other)
    expect((await execute(listMembers, job(home), {})).members).toHaveLength(1)
    expect(await execute(listMemberChoices, job(home), {})).toMatchObject({
      members: [{ personId: ada.personId, email: ada.email, status: "active" }],
      isCut: false,
    })
  })
})

describe("one member", () => {
  const makeApp = async (slug: string) => (await execute(createApp, job(home), { slug, name: slug })).id

  test("is explained: each permission with the role, the way it is held, what it is included in, and its apps", async () => {
    const ada = await member("Member")
    const billing = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const role = await makeRole("Billing readers", ["LOG-MANAGEMENT", "APP-MANAGEMENT"], [billing.id])
    const groupId = await makeGroup("Finance", [ada.personId], [role])
    const detail = await execute(findMember, job(home), { personId: ada.personId })
    const through = { kind: "group", id: groupId, name: "Finance" }
    expect(detail.effect.sees).toBe("Sees and exports every event of the app Billing.")
    expect(detail.effect.held.map(({ permission, reasons }) => [permission, reasons])).toEqual(
      [
        ["LOG-MANAGEMENT", null],
        ["LOG-EXPORT", "LOG-MANAGEMENT"],
        ["LOG-OWN", "LOG-MANAGEMENT"],
      ].map(([permission, includedIn]) => [
        permission,
        [{ role: { id: role, name: "Billing readers" }, through, includedIn, apps: ["Billing"] }],
      ]),
    )
    expect(detail.effect.withheld).toMatchObject([
      { permission: "APP-MANAGEMENT", reasons: [{ apps: ["Billing"] }] },
    ])
    expect(detail.groups).toEqual([{ id: groupId, name: "Finance", fromClaim: false }])
  })

  test("is explained: a role that is left no app takes nothing from another, and what it cannot give is named", async () => {
    const ada = await member("Member")
    const [billing, vision] = [await makeApp("billing"), await makeApp("vision")]
    const readers = await makeRole("Vision readers", ["LOG-MANAGEMENT"], [vision])
    const groupId = await makeGroup("Finance", [ada.personId], [await makeRole("Own", ["LOG-OWN"]), readers])
    await execute(addGroupApps, job(home), { id: groupId, appIds: [billing] })
    const { effect } = await execute(findMember, job(home), { personId: ada.personId })
    expect(effect.sees).toBe("Sees their own actions of the app billing.")
    expect(effect.held.map(({ permission }) => permission)).toEqual(["LOG-OWN"])
    expect(effect.withheld).toMatchObject([
      { permission: "LOG-MANAGEMENT", reasons: [{ role: { id: readers }, apps: [] }] },
      { permission: "LOG-EXPORT", reasons: [{ role: { id: readers }, apps: [] }] },
    ])
    await execute(searchEvents, await as(ada), { parameters: {} })
  })

  test("is explained: beside a role that shows every event of an app, one for their own actions adds nothing", async () => {
    const ada = await member("Member")
    const own = await makeRole("Own", ["LOG-OWN"])
    const readers = await makeRole("Billing readers", ["LOG-MANAGEMENT"], [await makeApp("billing")])
    let held: readonly string[] = [await roleId("Member")]
    const seesWith = async (...roleIds: readonly string[]) => {
      await execute(changeMember, job(home), { personId: ada.personId, roleIds, expected: { roleIds: held } })
      held = roleIds
      return (await execute(findMember, job(home), { personId: ada.personId })).effect.sees
    }
    expect(await seesWith(own)).toBe("Sees their own actions of this organization.")
    expect(await seesWith(readers)).toBe("Sees and exports every event of the app billing.")
    expect(await seesWith(own, readers)).toMatch(
      /^Sees and exports every event of the app billing. Not their own/,
    )
  })

  test("shows where they are signed in, and nothing that would let anybody be them", async () => {
    const ada = await member()
    const administrator = await member(administratorRole)
    const detail = await execute(findMember, await as(administrator), { personId: ada.personId })
    expect(detail.sessions).toMatchObject([{ userAgent: "test", isThisOne: false }])
    expect(detail).toMatchObject({ isSelf: false, refusal: null })
    expect(JSON.stringify(detail)).not.toContain(ada.sessionId)
    expect(JSON.stringify(detail)).not.toContain("argon2")
  })

  test("is not found when they are nobody, or somebody of another organization, in the same words", async () => {
    const stranger = await makeAccount(await makeOrganization())
    await member(administratorRole)
    const inputs = [stranger.personId, randomUUID()]
    for (const [operation, more] of [
      [findMember, {}],
      [suspendMember, {}],
      [reactivateMember, {}],
      [removeMember, {}],
      [endMemberSessions, {}],
      [changeMember, { roleIds: [], expected: { roleIds: [] } }],
    ] as const) {
      for (const personId of inputs) {
        const call = execute<unknown>(operation, job(home), { personId, ...more })
        await expect(call).rejects.toMatchObject({ code: "not-found", message: "There is no such member." })
      }
    }
  })
})
