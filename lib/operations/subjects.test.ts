import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { z } from "zod"
import { archiveApp } from "@/lib/operations/apps/archive"
import { createApp } from "@/lib/operations/apps/create"
import { updateApp } from "@/lib/operations/apps/update"
import { execute } from "./core/execute"
import { job, makeOrganization } from "./fixtures/access"
import { eventsOf, home, makeRole, memberAs, memberWith, setUpHome } from "./fixtures/home"
import { suspendMember } from "./members/status"
import { operations } from "./registry"
import { createRole, updateRole } from "./roles/change"
import { deleteRole } from "./roles/delete"
import { namedIn } from "./subjects"

setUpHome(beforeAll)

const nameless = { name: "", description: "", permissions: [], appIds: [] }

async function lastEvent(operation: string) {
  const event = (await eventsOf(operation)).at(-1)
  return { status: event?.status, targets: event?.targets }
}

describe("an attempt that came to nothing names what it was about", () => {
  test("a role that changed meanwhile", async () => {
    const administrator = await memberAs(["Organization Administrator"])
    const name = `Readers ${randomUUID()}`
    const { id } = await execute(createRole, administrator, { ...nameless, name })
    const stale = { ...nameless, name: "Something else" }
    await expect(
      execute(updateRole, administrator, { ...nameless, name: "Next", id, expected: stale }),
    ).rejects.toMatchObject({ code: "conflict" })
    expect(await lastEvent("role.update")).toEqual({
      status: "failure",
      targets: [{ type: "role", id, name }],
    })
  })

  test("a member whose suspension was refused", async () => {
    const { personId, principal } = await memberAs(["Organization Administrator"])
    const name = principal.kind === "person" ? principal.name : ""
    const below = await memberWith(["MEMBER-MANAGEMENT"])
    await expect(execute(suspendMember, below, { personId })).rejects.toMatchObject({ code: "forbidden" })
    expect(await lastEvent("organization_member.suspend")).toEqual({
      status: "denied",
      targets: [{ type: "user", id: personId, name }],
    })
  })

  test("an app that is archived already", async () => {
    const { id, name } = await execute(createApp, job(home), { slug: "twice", name: "Twice" })
    const administrator = await memberAs(["Organization Administrator"])
    await execute(archiveApp, administrator, { app: "twice" })
    await expect(execute(archiveApp, administrator, { app: "twice" })).rejects.toMatchObject({
      code: "conflict",
    })
    expect(await lastEvent("application.archive")).toEqual({
      status: "failure",
      targets: [{ type: "application", id, name }],
    })
  })
})

describe("and nothing that the caller may not know", () => {
  test("not what belongs to another organization, nor what does not exist", async () => {
    const elsewhere = await makeOrganization()
    const foreign = await execute(createRole, job(elsewhere), { ...nameless, name: "Foreign" })
    const administrator = await memberAs(["Organization Administrator"])
    for (const id of [foreign.id, randomUUID()]) {
      await expect(execute(deleteRole, administrator, { id })).rejects.toMatchObject({ code: "not-found" })
      expect(await lastEvent("role.delete")).toEqual({ status: "failure", targets: [] })
    }
    await expect(execute(updateApp, administrator, { app: "a\0b", name: "X" })).rejects.toThrow()
  })

  test("not what somebody without the permission asked for", async () => {
    const id = await makeRole(`Secret ${randomUUID()}`, [])
    await expect(execute(deleteRole, await memberAs(["Member"]), { id })).rejects.toMatchObject({
      code: "forbidden",
    })
    expect(await lastEvent("role.delete")).toEqual({ status: "denied", targets: [] })
  })
})

test("every write whose input names something by `id`, `personId` or `app` names it in its failures too", () => {
  const missing = operations.flatMap(operation => {
    const isOpen = operation.permission === "public" || operation.permission === "signed-in"
    if (operation.effect !== "write" || isOpen || !(operation.input instanceof z.ZodObject)) return []
    const fields = ["id", "personId", "app"].filter(field => field in Object(operation.input).shape)
    const input = Object.fromEntries(fields.map(field => [field, "x"]))
    return namedIn(operation, input).length === fields.length ? [] : [operation.name]
  })
  expect(missing).toEqual([])
})
