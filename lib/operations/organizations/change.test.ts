import { describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import type { OrganizationRef } from "@/lib/access/principal"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { db, platform, setUpPlatform } from "@/test/platform"
import { findOrganization, updateOrganization } from "./change"

setUpPlatform()

/** The values with which the form was opened. */
const textOf = ({ name, slug }: OrganizationRef) => ({ name, slug })

test("a session goes on under the new address, and the old address is nobody's", async () => {
  const home = await makeOrganization()
  const { email } = await makeAccount(home, [administratorRole])
  const session = await signIn(email)
  const slug = `${home.slug}-new`
  const input = { name: "New name", slug, expected: textOf(home) }
  await execute(updateOrganization, await callerOf(platform, session, home.slug), input)
  expect((await callerOf(platform, session, slug)).principal.organization).toMatchObject({ name: "New name" })
  await expect(callerOf(platform, session, home.slug)).rejects.toMatchObject({ code: "not-found" })
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "organization.update",
    changes: [
      { path: "/name", before: home.name, after: "New name" },
      { path: "/slug", before: home.slug, after: slug },
    ],
  })
})

test("an address that is taken or reserved, a change of nothing, and a member without the permission are refused", async () => {
  const home = await makeOrganization()
  const other = await makeOrganization()
  const { email } = await makeAccount(home)
  const member = await callerOf(platform, await signIn(email), home.slug)
  const codes = []
  for (const [caller, input] of [
    [job(home), { name: home.name, slug: other.slug }],
    [job(home), { name: home.name, slug: "sign-in" }],
    [job(home), { name: home.name }],
    [member, { name: "Mine" }],
  ] as const) {
    codes.push(
      await execute(updateOrganization, caller, { ...input, expected: textOf(home) }).then(
        () => "done",
        error => error.code,
      ),
    )
  }
  expect(codes).toEqual(["conflict", "invalid", "conflict", "forbidden"])
})

test("of two organizations that take one address at the same time, one gets it and the other is told", async () => {
  const slug = `wanted-${Date.now().toString(36)}`
  const homes = await Promise.all([makeOrganization(), makeOrganization()])
  const outcomes = await Promise.allSettled(
    homes.map(home =>
      execute(updateOrganization, job(home), { name: home.name, slug, expected: textOf(home) }),
    ),
  )
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  const refused = outcomes.find(outcome => outcome.status === "rejected")
  expect(refused?.reason).toMatchObject({ code: "conflict", faults: [{ pointer: "/slug" }] })
})

describe("a form that was opened before somebody else renamed the organization", () => {
  test("does not bring the older name back with another address; who sent it is told what to do", async () => {
    const home = await makeOrganization()
    const expected = textOf(home)
    await execute(updateOrganization, job(home), { ...expected, name: "Newer name", expected })
    const late = execute(updateOrganization, job(home), { ...expected, slug: `${home.slug}-new`, expected })
    await expect(late).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/changed the name or the address .* meanwhile\. Load the page again/),
    })
    expect(await execute(findOrganization, job(home), {})).toMatchObject({
      name: "Newer name",
      slug: home.slug,
    })
  })

  test("at the same moment is refused too, so of two one counts", async () => {
    const home = await makeOrganization()
    const expected = textOf(home)
    const changes = [{ name: "Newer name" }, { slug: `${home.slug}-new` }]
    const outcomes = await Promise.allSettled(
      changes.map(change => execute(updateOrganization, job(home), { ...expected, ...change, expected })),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const refused = outcomes.find(outcome => outcome.status === "rejected")
    expect(refused?.reason).toMatchObject({ code: "conflict" })
  })
})

test("the settings say what the organization is called, and where it is", async () => {
  const home = await makeOrganization()
  expect(await execute(findOrganization, job(home), {})).toMatchObject({
    id: home.id,
    slug: home.slug,
    name: home.name,
  })
})
