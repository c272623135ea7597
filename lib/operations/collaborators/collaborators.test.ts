import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job, makeAccount, makeOrganization, readLog } from "@/lib/operations/fixtures/access"
import { as, home, makeGroup, makeRole, member, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { db } from "@/test/platform"
import { addCollaborator } from "./add"
import { listCollaborators } from "./list"
import { removeCollaborator } from "./remove"
import { updateCollaborator } from "./update"

setUpHome(beforeEach)

let billing: { readonly id: string; readonly name: string }
beforeEach(async () => {
  billing = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
})

const add = async (personId: string, role: string) =>
  execute(addCollaborator, job(home), { app: "billing", personId, roleId: await roleId(role) })

describe("a collaborator", () => {
  test("sees the one app from the next request on, holds nothing that reaches beyond it, and loses it at once", async () => {
    const ada = await member("Member")
    await add(ada.personId, administratorRole)
    const { principal } = await as(ada)
    expect([...principal.permissions].sort()).toEqual(["LOG-EXPORT", "LOG-MANAGEMENT", "LOG-OWN"])
    expect(principal.scope).toMatchObject({ appIds: [billing.id], actorId: null })
    await execute(removeCollaborator, job(home), { app: "billing", personId: ada.personId })
    expect([...(await as(ada)).principal.permissions]).toEqual([])
  })

  test("is added, changed and removed with an event that names the member, the app and the roles", async () => {
    const ada = await member("Member")
    await makeRole("Own actions", ["LOG-OWN"])
    const [auditor, own] = [await roleId("Auditor"), await roleId("Own actions")]
    await add(ada.personId, "Auditor")
    const input = { app: "billing", personId: ada.personId }
    await execute(updateCollaborator, job(home), { ...input, roleId: own })
    expect(await execute(listCollaborators, job(home), { app: "billing" })).toMatchObject([
      {
        personId: ada.personId,
        status: "active",
        role: { id: own, name: "Own actions" },
        permissions: ["LOG-OWN"],
      },
    ])
    await execute(removeCollaborator, job(home), input)
    const events = (await readLog(db, home)).filter(({ operation }) => operation.startsWith("collaborator."))
    expect(events.map(({ operationCode, changes }) => [operationCode, changes])).toEqual([
      [700, [{ path: "/role", before: null, after: "Auditor" }]],
      [701, [{ path: "/role", before: "Auditor", after: "Own actions" }]],
      [702, [{ path: "/role", before: "Own actions", after: null }]],
    ])
    expect(events[1]?.targets).toEqual([
      { type: "user", id: ada.personId, name: "Ada Lovelace" },
      { type: "application", id: billing.id, name: "Billing" },
      { type: "role", id: own, name: "Own actions" },
      { type: "role", id: auditor, name: "Auditor" },
    ])
  })

  test("cannot be given a role that comes to nothing in the app", async () => {
    const ada = await member("Member")
    const other = await execute(createApp, job(home), { slug: "shop", name: "Shop" })
    await makeRole("Shop readers", ["LOG-MANAGEMENT"], [other.id])
    for (const name of ["Member", "Shop readers"]) {
      await expect(add(ada.personId, name)).rejects.toMatchObject({
        code: "invalid",
        faults: [{ pointer: "/roleId", message: expect.stringContaining("gives nothing") }],
      })
    }
  })

  test("is added once, also by two at the same time", async () => {
    const ada = await member("Member")
    const codes = await Promise.all([add(ada.personId, "Auditor"), add(ada.personId, "Auditor")].map(codeOf))
    expect(codes.sort()).toEqual(["accepted", "conflict"])
  })

  test("must be a member here, of an app here, with a role of here", async () => {
    const ada = await member("Member")
    const other = await makeOrganization()
    const stranger = await makeAccount(other)
    const auditor = await roleId("Auditor")
    const input = { app: "billing", personId: ada.personId, roleId: auditor }
    const tryTo = (changed: Partial<typeof input>) =>
      codeOf(execute(addCollaborator, job(home), { ...input, ...changed }))
    expect(await tryTo({ personId: stranger.personId })).toBe("not-found")
    expect(await tryTo({ app: "elsewhere" })).toBe("not-found")
    expect(await tryTo({ roleId: randomUUID() })).toBe("invalid")
    expect(await codeOf(execute(addCollaborator, job(other), input))).toBe("not-found")
    expect(
      await codeOf(execute(removeCollaborator, job(home), { app: "billing", personId: ada.personId })),
    ).toBe("not-found")
  })
})

describe("somebody who manages apps and sees no events", () => {
  test("gives nobody the sight of an app, and takes it from nobody", async () => {
    const [keeper, ada, grace] = [await member(), await member(), await member()]
    const keeping = await makeRole("App keeper", ["APP-MANAGEMENT"])
    await makeGroup("App keepers", [keeper.personId], [keeping])
    await makeRole("Own actions", ["LOG-OWN"])
    await add(grace.personId, "Auditor")
    const [auditor, own] = [await roleId("Auditor"), await roleId("Own actions")]
    const caller = await as(keeper)
    const input = { app: "billing", personId: ada.personId, roleId: auditor }
    expect(await codeOf(execute(addCollaborator, caller, input))).toBe("forbidden")
    const hers = { ...input, personId: grace.personId, roleId: own }
    expect(await codeOf(execute(updateCollaborator, caller, hers))).toBe("forbidden")
    const { roleId: _, ...without } = hers
    expect(await codeOf(execute(removeCollaborator, caller, without))).toBe("forbidden")
    expect(await execute(listCollaborators, caller, { app: "billing" })).toMatchObject([
      { role: { name: "Auditor" } },
    ])
  })
})
