import { beforeEach, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { execute } from "@/lib/operations/core/execute"
import { job, makeAccount, newAddress, readLog } from "@/lib/operations/fixtures/access"
import { home, memberAs, memberWith, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { db } from "@/test/platform"
import { cancelInvitation } from "./cancel"
import { createInvitations } from "./create"
import { listInvitations } from "./list"
import { resendInvitation } from "./resend"

setUpHome(beforeEach)

async function mailsTo(email: string): Promise<number> {
  return (await db.superuser.query("SELECT 1 FROM mail_message WHERE recipient = $1", [email])).rows.length
}

test("each address is judged on its own: good ones are invited whatever the others are", async () => {
  const { email: member } = await makeAccount(home)
  const [first, second] = [newAddress(), newAddress()]
  const roleIds = [await roleId("Auditor")]
  await execute(createInvitations, job(home), { emails: [second], roleIds })
  const emails = [` ${first.toUpperCase()} `, member, second, "not an address", first]
  const { results } = await execute(createInvitations, job(home), { emails, roleIds })
  expect(results.map(({ email, outcome }) => [email, outcome])).toEqual([
    [first, "invited"],
    [member, "member"],
    [second, "open"],
    ["not an address", "not-an-address"],
  ])
  expect([await mailsTo(first), await mailsTo(member), await mailsTo(second)]).toEqual([1, 0, 1])
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "organization_member_invitation.create",
    operationCode: 103,
    targets: [{ type: "invitation", name: first }],
    changes: [{ path: "/roles", after: ["Auditor"] }, { path: "/groups" }],
  })
})

test.each([
  ["without an @", "nobody"],
  ["longer than an address can be", `${"a".repeat(300)}@acme.example`],
  ["longer than any field", `${"a".repeat(200_000)}@acme.example`],
  ["with a NUL", "ada\0@acme.example"],
  ["with half of a surrogate pair", "ada\ud800@acme.example"],
  ["with a letter beyond ASCII", "g\u00fcnther@acme.example"],
  ["with a line break inside", "ada@acme.example\r\nbcc: eve@evil.example"],
  ["empty", ""],
])("a bad address does not stop the other invitations: one %s", async (_, bad) => {
  const good = [newAddress(), newAddress()]
  const emails = [good[0], bad, good[1]]
  const { results } = await execute(createInvitations, job(home), { emails, roleIds: [] })
  expect(results.map(({ outcome }) => outcome)).toEqual(["invited", "not-an-address", "invited"])
  expect(await Promise.all(good.map(mailsTo))).toEqual([1, 1])
  const listed = await execute(listInvitations, job(home), {})
  expect(listed.map(({ email }) => email).sort()).toEqual(good.toSorted())
})

test("nobody invited is refused, with words for each address", async () => {
  const { email } = await makeAccount(home)
  const nothing = execute(createInvitations, job(home), { emails: [email, "nonsense"], roleIds: [] })
  await expect(nothing).rejects.toMatchObject({
    code: "invalid",
    faults: [{ pointer: "/emails/0" }, { pointer: "/emails/1" }],
  })
})

test("the same address invited twice at once has one invitation", async () => {
  const emails = [newAddress()]
  await Promise.allSettled(
    [1, 2, 3].map(() => execute(createInvitations, job(home), { emails, roleIds: [] })),
  )
  expect(await execute(listInvitations, job(home), {})).toHaveLength(1)
})

test("an inviter cannot give more than they hold, and powerful roles ask for a fresh proof", async () => {
  const administrator = await memberAs([administratorRole])
  const powerful = { emails: [newAddress()], roleIds: [await roleId(administratorRole)] }
  const later = { ...administrator, at: new Date(Date.now() + 6 * 60 * 1000) }
  await expect(execute(createInvitations, later, powerful)).rejects.toMatchObject({ code: "proof-required" })
  expect((await execute(createInvitations, administrator, powerful)).results).toHaveLength(1)
  const recruiter = await memberWith(["MEMBER-MANAGEMENT"])
  const more = { emails: [newAddress()], roleIds: [await roleId("Auditor")] }
  await expect(execute(createInvitations, recruiter, more)).rejects.toMatchObject({ code: "forbidden" })
})

test("sending again makes the link before worthless, and does nothing for one that has ended", async () => {
  const email = newAddress()
  const { results } = await execute(createInvitations, job(home), { emails: [email], roleIds: [] })
  const id = results[0]?.invitationId
  const hash = async () => {
    const { rows } = await db.superuser.query("SELECT token_hash FROM invitation WHERE id = $1", [id])
    return rows[0].token_hash.toString("hex")
  }
  const before = await hash()
  await execute(resendInvitation, job(home), { id })
  expect(await hash()).not.toBe(before)
  expect(await mailsTo(email)).toBe(2)
  await execute(cancelInvitation, job(home), { id })
  await expect(execute(resendInvitation, job(home), { id })).rejects.toMatchObject({ code: "conflict" })
})
