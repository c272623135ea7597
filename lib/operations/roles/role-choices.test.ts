import { randomUUID } from "node:crypto"
import { beforeEach, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { platform } from "@/test/platform"
import { listRoleChoices, listRoleChoicesForApp, listRoleChoicesToHandOut } from "./role-choices"

setUpHome(beforeEach)

const givable = (choices: readonly { readonly name: string; readonly refusal: string | null }[]) =>
  choices.filter(({ refusal }) => refusal === null).map(({ name }) => name)

test("an administrator can give every role, and no role of another organization is offered", async () => {
  const other = await makeOrganization()
  await platform.database.withOrganizationPrisma(other.id, ({ prisma }) =>
    prisma.role.create({ data: { id: randomUUID(), organizationId: other.id, name: "Foreign" } }),
  )
  const administrator = await memberAs([administratorRole])
  const all = ["Auditor", "Member", administratorRole]
  expect(givable(await execute(listRoleChoices, administrator, {}))).toEqual(all)
  expect(givable(await execute(listRoleChoicesToHandOut, administrator, {}))).toEqual(all)
})

test("whoever holds less is told of each role that they cannot give, and why", async () => {
  const inviter = await memberWith(["MEMBER-MANAGEMENT"])
  const choices = await execute(listRoleChoices, inviter, {})
  expect(choices.find(({ name }) => name === "Member")).toMatchObject({ builtIn: true, refusal: null })
  expect(choices.find(({ name }) => name === "Auditor")?.refusal).toBe(
    "You cannot give it: you do not hold LOG-MANAGEMENT, LOG-EXPORT, LOG-OWN yourself.",
  )
})

test("in one app, a role is judged by what it comes to there", async () => {
  const billing = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  const keeper = await memberWith(["APP-MANAGEMENT"])
  const choices = await execute(listRoleChoicesForApp, keeper, { appId: billing.id })
  expect(choices.find(({ name }) => name === "Auditor")?.refusal).toContain("LOG-MANAGEMENT")
  // A caller who holds a role in one app cannot give permissions that reach every app.
  expect(choices.find(({ name }) => name.startsWith("Role "))?.refusal).toBeNull()
})
