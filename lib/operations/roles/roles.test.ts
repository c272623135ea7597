import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import {
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { again, eventsOf, home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { refusalOf } from "@/lib/operations/fixtures/refusals"
import { db, platform } from "@/test/platform"
import { createRole, updateRole } from "./change"
import { deleteRole } from "./delete"
import { findRoleDetail } from "./find"
import { listRoles } from "./list"
import { listRoleOptions } from "./list-options"

setUpHome(beforeEach)

let administrator: Caller
beforeEach(async () => {
  administrator = await memberAs([administratorRole])
})

const empty = { description: "", permissions: [] as readonly string[], appIds: [] as readonly string[] }
type Given = Partial<typeof empty> & { readonly name: string; readonly sourceId?: string }

const make = (given: Given, caller = administrator) =>
  execute(createRole, caller, { ...empty, ...given }).then(({ id }) => id)

const give = (roleId: string, personId: string) =>
  platform.database.withOrganizationPrisma(home.id, ({ prisma }) =>
    prisma.membershipRole.create({ data: { organizationId: home.id, personId, roleId } }),
  )

/** A member, a group with that member, a collaborator and an invitation that all hold the role. */
async function holdEverywhere(roleId: string) {
  const { personId } = await makeAccount(home)
  const app = await execute(createApp, job(home), { slug: `a-${randomUUID().slice(0, 8)}`, name: "Billing" })
  const ids = { group: randomUUID(), invitation: randomUUID(), ended: randomUUID() }
  const organizationId = home.id
  await platform.database.withOrganizationPrisma(home.id, async ({ prisma }) => {
    await prisma.membershipRole.create({ data: { organizationId, personId, roleId } })
    await prisma.group.create({ data: { id: ids.group, organizationId, name: `Auditors ${ids.group}` } })
    await prisma.groupMember.create({ data: { organizationId, groupId: ids.group, personId } })
    await prisma.groupRole.create({ data: { organizationId, groupId: ids.group, roleId } })
    await prisma.collaborator.create({ data: { organizationId, appId: app.id, personId, roleId } })
    for (const id of [ids.invitation, ids.ended]) {
      const email = `${id}@acme.example`
      const expiresAt = new Date(Date.now() + 86_400_000)
      const tokenHash = Buffer.from(id.replaceAll("-", ""), "ascii")
      await prisma.invitation.create({ data: { id, organizationId, email, expiresAt, tokenHash } })
      await prisma.invitationRole.create({ data: { organizationId, invitationId: id, roleId } })
    }
    await prisma.invitation.update({ where: { id: ids.ended }, data: { revokedAt: new Date() } })
  })
  return { personId, app, ...ids }
}

describe("a new role", () => {
  test("is listed with what it says, and leaves an event with all of it", async () => {
    const id = await make({
      name: "  Log readers ",
      description: "Read the logs.",
      permissions: ["LOG-OWN", "LOG-MANAGEMENT"],
    })
    const listed = (await execute(listRoles, administrator, {})).find(role => role.id === id)
    // A permission that another one includes is not stored beside it.
    expect(listed).toMatchObject({
      name: "Log readers",
      description: "Read the logs.",
      permissions: ["LOG-MANAGEMENT"],
      apps: [],
      builtIn: false,
      heldBy: { members: 0, groups: 0, invitations: 0 },
    })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "role.create",
      status: "success",
      targets: [{ type: "role", id, name: "Log readers" }],
      changes: [{ path: "", before: null, after: { permissions: ["LOG-MANAGEMENT"], appIds: [] } }],
    })
  })

  test("needs a name that no other role of the organization has, in whatever case, two at once too", async () => {
    expect(await refusalOf(make({ name: "AUDITOR" }))).toBe("invalid /name")
    expect(await refusalOf(make({ name: "  " }))).toBe("invalid /name")
    const both = await Promise.all(["Doors", "doors"].map(name => refusalOf(make({ name }, administrator))))
    expect(both.sort()).toEqual(["accepted", "invalid /name"].sort())
    const other = await makeOrganization()
    expect(await refusalOf(execute(createRole, job(other), { ...empty, name: "Doors" }))).toBe("accepted")
  })

  test("limited to apps holds only what can be limited, and only apps of the organization", async () => {
    const app = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const foreign = await execute(createApp, job(await makeOrganization()), { slug: "far", name: "Far" })
    const limited = (permissions: readonly string[], appIds: readonly string[]) =>
      refusalOf(make({ name: randomUUID(), permissions, appIds }))
    expect(await limited(["LOG-MANAGEMENT"], [app.id])).toBe("accepted")
    expect(await limited(["LOG-MANAGEMENT", "APP-MANAGEMENT"], [app.id])).toBe("invalid /permissions")
    expect(await limited(["LOG-OWN"], [app.id, foreign.id])).toMatch(/^invalid \/appIds\/\d$/)
    expect(await limited(["LOG-OWN"], [randomUUID()])).toBe("invalid /appIds/0")
  })

  test("never holds more than whoever makes it, nor sees more apps", async () => {
    const billing = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
    const keeper = await memberWith(["ROLE-MANAGEMENT", "LOG-OWN"])
    expect(await refusalOf(make({ name: "one", permissions: ["LOG-OWN"] }, keeper))).toBe("accepted")
    expect(await refusalOf(make({ name: "two", permissions: ["LOG-EXPORT"] }, keeper))).toBe("forbidden")
    expect(await refusalOf(make({ name: "three", permissions: ["APP-MANAGEMENT"] }, keeper))).toBe(
      "forbidden",
    )
    const narrow = await memberWith(["ROLE-MANAGEMENT"])
    const limited = await make({ name: "four", permissions: ["LOG-MANAGEMENT"], appIds: [billing.id] })
    await give(limited, narrow.personId)
    const seesBilling = await again(narrow)
    const log = { permissions: ["LOG-MANAGEMENT"] }
    expect(await refusalOf(make({ name: "five", ...log }, seesBilling))).toBe("forbidden")
    expect(await refusalOf(make({ name: "six", ...log, appIds: [billing.id] }, seesBilling))).toBe("accepted")
    for (const permission of ["LOG-EXPORT", "LOG-OWN"]) {
      const own = { permissions: [permission], name: permission }
      expect(await refusalOf(make(own, seesBilling))).toBe("forbidden")
      expect(await refusalOf(make({ ...own, appIds: [billing.id] }, seesBilling))).toBe("accepted")
    }
  })

  test("with a powerful permission asks for a fresh proof of who one is, and another does not", async () => {
    const late = { ...administrator, at: new Date(administrator.at.getTime() + 6 * 60 * 1000) }
    expect(await refusalOf(make({ name: "one", permissions: ["ROLE-MANAGEMENT"] }, late))).toBe(
      "proof-required",
    )
    expect(await refusalOf(make({ name: "two", permissions: ["APP-MANAGEMENT"] }, late))).toBe("accepted")
  })

  test("made as a copy names in its event what it is a copy of", async () => {
    const [source] = (await execute(listRoles, administrator, {})).filter(role => role.name === "Auditor")
    const id = await make({ name: "Auditor 2", permissions: ["LOG-MANAGEMENT"], sourceId: source?.id })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "role.create",
      targets: [{ id }, { id: source?.id, name: "Auditor" }],
    })
  })
})

describe("a changed role", () => {
  const state = (name: string, permissions: readonly string[] = []) => ({ ...empty, name, permissions })
  const update = (
    id: string,
    expected: ReturnType<typeof state>,
    next: ReturnType<typeof state>,
    caller = administrator,
  ) => execute(updateRole, caller, { id, ...next, expected })

  test("acts at the next request of its holders, and its event says what changed and nothing else", async () => {
    const id = await make(state("Doors", ["LOG-OWN"]))
    const { email, personId } = await makeAccount(home)
    await give(id, personId)
    await update(id, state("Doors", ["LOG-OWN"]), state("Doors", ["LOG-MANAGEMENT"]))
    const holder = await callerOf(platform, await signIn(email), home.slug)
    expect(holder.principal.permissions.has("LOG-MANAGEMENT")).toBe(true)
    const updated = await eventsOf("role.update")
    expect(updated.map(event => event.changes)).toEqual([
      [{ path: "/permissions", before: ["LOG-OWN"], after: ["LOG-MANAGEMENT"] }],
    ])
  })

  test("by two at once is changed by one; the other is told", async () => {
    const id = await make(state("Doors"))
    const results = await Promise.all(
      ["Gates", "Windows"].map(name => refusalOf(update(id, state("Doors"), state(name)))),
    )
    expect(results.sort()).toEqual(["accepted", "conflict"])
  })

  test("may not be built in, unknown, foreign, or called like another", async () => {
    const [auditor] = (await execute(listRoles, administrator, {})).filter(role => role.name === "Auditor")
    const before = { ...state("Auditor", ["LOG-MANAGEMENT"]), description: auditor?.description ?? "" }
    expect(await refusalOf(update(auditor?.id ?? "", before, state("Readers")))).toBe("conflict")
    const other = await makeOrganization()
    const foreign = await execute(createRole, job(other), state("Doors"))
    expect(await refusalOf(update(foreign.id, state("Doors"), state("Gates")))).toBe("not-found")
    expect(await refusalOf(update(randomUUID(), state("Doors"), state("Gates")))).toBe("not-found")
    const id = await make(state("Doors"))
    expect(await refusalOf(update(id, state("Doors"), state("member")))).toBe("invalid /name")
    expect(await refusalOf(update(id, state("Doors"), state("DOORS")))).toBe("accepted")
  })

  test("is not touched by somebody who holds less than it, not even to take something away", async () => {
    const id = await make(state("Doors", ["LOG-MANAGEMENT"]))
    const keeper = await memberWith(["ROLE-MANAGEMENT"])
    expect(await refusalOf(update(id, state("Doors", ["LOG-MANAGEMENT"]), state("Doors"), keeper))).toBe(
      "forbidden",
    )
    expect(await refusalOf(execute(deleteRole, keeper, { id }))).toBe("forbidden")
  })
})

describe("a role that goes", () => {
  test("goes at once when nobody holds it, with an event that keeps what it said", async () => {
    const id = await make({ name: "Doors", permissions: ["LOG-OWN"] })
    await execute(deleteRole, administrator, { id })
    expect(await refusalOf(execute(findRoleDetail, administrator, { id }))).toBe("not-found")
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "role.delete",
      targets: [{ type: "role", id, name: "Doors" }],
      changes: [{ path: "", before: { name: "Doors", permissions: ["LOG-OWN"] }, after: null }],
    })
  })

  test("is refused while held, with who holds it in words, and stays", async () => {
    const id = await make({ name: "Doors", permissions: ["LOG-OWN"] })
    await holdEverywhere(id)
    await expect(execute(deleteRole, administrator, { id })).rejects.toMatchObject({
      code: "conflict",
      message:
        "Doors is held by 1 member, 1 group, 1 collaborator and 1 invitation. Choose a role that they get in its place, or take it away from them first.",
    })
    const { holders } = await execute(findRoleDetail, administrator, { id })
    expect(holders).toMatchObject({ members: [{}], groups: [{ members: 1 }], invitations: [{}] })
  })

  test("gives everybody its replacement in its place, also whoever had that already", async () => {
    const id = await make({ name: "Doors", permissions: ["LOG-OWN"] })
    const next = await make({ name: "Gates", permissions: ["LOG-EXPORT"] })
    const { personId, app, group, invitation } = await holdEverywhere(id)
    await give(next, personId)
    await execute(deleteRole, administrator, { id, replacementId: next })
    const { holders } = await execute(findRoleDetail, administrator, { id: next })
    expect(holders.members).toMatchObject([
      {
        personId,
        through: [{ kind: "directly" }, { kind: "app", slug: app.slug }, { kind: "group", id: group }],
      },
    ])
    expect(holders.groups.map(each => each.id)).toEqual([group])
    expect(holders.invitations.map(each => each.id)).toEqual([invitation])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "role.delete",
      targets: [{ id }, { id: next, name: "Gates" }],
      details: ["Given in its place: 1 member, 1 group, 1 collaborator and 1 invitation."],
      metadata: { replaced: { members: 1, groups: 1, collaborators: 1, invitations: 1 } },
    })
  })

  test("cannot be replaced by itself, by none, or by more than the caller holds", async () => {
    const id = await make({ name: "Doors" })
    const mighty = await make({ name: "Gates", permissions: ["APP-MANAGEMENT"] })
    const gone = (replacementId: string, caller = administrator) =>
      refusalOf(execute(deleteRole, caller, { id, replacementId }))
    expect(await gone(id)).toBe("invalid /replacementId")
    expect(await gone(randomUUID())).toBe("invalid /replacementId")
    expect(await gone(mighty, await memberWith(["ROLE-MANAGEMENT"]))).toBe("forbidden")
    const [auditor] = (await execute(listRoles, administrator, {})).filter(role => role.builtIn)
    expect(await refusalOf(execute(deleteRole, administrator, { id: auditor?.id }))).toBe("conflict")
  })
})

test("whoever holds less is told beside each permission that they cannot give it", async () => {
  const all = await execute(listRoleOptions, administrator, {})
  expect(all.permissions.filter(({ refusal }) => refusal !== null)).toEqual([])
  expect(all.apps.map(({ slug }) => slug)).toEqual(["auditorium"])
  const keeper = await memberWith(["ROLE-MANAGEMENT", "LOG-EXPORT"])
  const { permissions } = await execute(listRoleOptions, keeper, {})
  const given = permissions.filter(({ refusal }) => refusal === null).map(({ permission }) => permission)
  expect(given).toEqual(["LOG-EXPORT", "LOG-OWN", "ROLE-MANAGEMENT"])
  const limitable = permissions.filter(each => each.limitable).map(({ permission }) => permission)
  expect(limitable).toEqual(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"])
})
