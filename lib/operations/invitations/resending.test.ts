import { beforeEach, describe, expect, test } from "vitest"
import { invitationDays, sentInvitations } from "@/lib/access/invitations"
import { openContent } from "@/lib/mail/sealed-content"
import { execute } from "@/lib/operations/core/execute"
import {
  callerFor,
  job,
  makeAccount,
  makeOrganization,
  newAddress,
  nobody,
  password,
  readLog,
} from "@/lib/operations/fixtures/access"
import { home, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { acceptInvitation } from "./accept"
import { cancelInvitation } from "./cancel"
import { createInvitations } from "./create"
import { declineInvitation } from "./decline"
import { findInvitation } from "./find"
import { listInvitations } from "./list"
import { resendInvitation } from "./resend"

setUpHome(beforeEach)

const dayMs = 24 * 60 * 60 * 1000

const later = (days: number) => ({ ...job(home), at: new Date(Date.now() + days * dayMs) })

async function invite(email: string, given: { readonly groupIds?: readonly string[] } = {}): Promise<string> {
  const { results } = await execute(createInvitations, job(home), { emails: [email], roleIds: [], ...given })
  return String(results[0]?.invitationId)
}

/** Returns the token of the newest mail to that email. */
async function tokenOf(email: string): Promise<string> {
  const { rows } = await db.superuser.query(
    `SELECT id, purpose, recipient, subject, sealed_content FROM mail_message
     WHERE recipient = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
    [email],
  )
  const { sealed_content: sealed, ...envelope } = rows[0]
  const { text } = openContent(platform.env.secret, envelope, sealed)
  return /\/invitations\/([\w-]{43})/.exec(text)?.[1] ?? "none"
}

const account = { name: "Grace Hopper", password }
const stateOf = async (id: string) =>
  (await execute(listInvitations, job(home), {})).find(invitation => invitation.id === id)?.state

describe("an invitation that is sent again", () => {
  test("is answered by the new link; the link sent before leads nowhere", async () => {
    const email = newAddress()
    const id = await invite(email)
    const before = await tokenOf(email)
    await execute(resendInvitation, later(0.001), { id })
    const after = await tokenOf(email)
    expect(after).not.toBe(before)
    await expect(execute(acceptInvitation, nobody(), { token: before, account })).rejects.toMatchObject({
      code: "not-found",
    })
    await execute(acceptInvitation, nobody(), { token: after, account })
    expect(await stateOf(id)).toBe("accepted")
  })

  test("is open again when it had expired", async () => {
    const email = newAddress()
    const id = await invite(email)
    await execute(resendInvitation, later(8), { id, expiresInDays: 2 })
    const token = await tokenOf(email)
    const inTime = nobody({ at: new Date(Date.now() + 9 * dayMs) })
    expect(await execute(findInvitation, inTime, { token })).toMatchObject({ email })
  })

  test.each([
    ["the days chosen when it was made", undefined, 3],
    ["the days chosen when it was last sent", 2, 2],
  ])("keeps %s", async (_, chosenLater, days) => {
    const { results } = await execute(createInvitations, job(home), {
      ...{ emails: [newAddress()], roleIds: [], expiresInDays: 3 },
    })
    const id = String(results[0]?.invitationId)
    if (chosenLater) await execute(resendInvitation, later(1), { id, expiresInDays: chosenLater })
    const caller = later(10)
    await execute(resendInvitation, caller, { id })
    const [listed] = await execute(listInvitations, job(home), {})
    expect(listed?.expiresInDays).toBe(days)
    expect(Date.parse(String(listed?.expiresAt)) - caller.at.getTime()).toBe(days * dayMs)
  })

  test("is refused when it is older than a year, and whoever it is for can be invited anew", async () => {
    const email = newAddress()
    const id = await invite(email)
    await expect(execute(resendInvitation, later(365), { id, expiresInDays: 2 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("too old"),
    })
    const { results } = await execute(createInvitations, later(365), { emails: [email], roleIds: [] })
    expect(results).toMatchObject([{ outcome: "invited" }])
  })

  test("and expired is refused while a newer one of the same address is open", async () => {
    const email = newAddress()
    const old = await invite(email)
    await execute(createInvitations, later(8), { emails: [email], roleIds: [] })
    await expect(execute(resendInvitation, later(8), { id: old })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("open invitation"),
    })
  })

  test("is refused for whoever has become a member meanwhile, in words that tell a suspended one apart", async () => {
    const { email, personId } = await makeAccount(await makeOrganization())
    const id = await invite(email)
    const join = "INSERT INTO membership (organization_id, person_id) VALUES ($1, $2)"
    await db.superuser.query(join, [home.id, personId])
    await expect(execute(resendInvitation, job(home), { id })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("is a member already"),
    })
    await db.superuser.query("UPDATE membership SET status = 'suspended' WHERE person_id = $1", [personId])
    await expect(execute(resendInvitation, job(home), { id })).rejects.toMatchObject({
      message: expect.stringContaining("suspended"),
    })
    const invited = execute(createInvitations, job(home), { emails: [email], roleIds: [] })
    await expect(invited).rejects.toMatchObject({
      faults: [{ message: expect.stringContaining("reactivate them") }],
    })
  })

  test("is refused once it was revoked or declined, and sends nothing", async () => {
    const [revoked, declined] = [newAddress(), newAddress()]
    const ids = [await invite(revoked), await invite(declined)]
    await execute(cancelInvitation, job(home), { id: ids[0] })
    await execute(declineInvitation, nobody(), { token: await tokenOf(declined) })
    for (const id of ids) {
      await expect(execute(resendInvitation, job(home), { id })).rejects.toMatchObject({ code: "conflict" })
    }
    const { rows } = await db.superuser.query("SELECT 1 FROM mail_message WHERE recipient = ANY($1)", [
      [revoked, declined],
    ])
    expect(rows).toHaveLength(2)
  })
})

describe("an invitation into a group", () => {
  /** A group that holds that role. */
  async function makeGroup(role: string): Promise<string> {
    const sql = `WITH made AS (
        INSERT INTO member_group (id, organization_id, name) VALUES (gen_random_uuid(), $1, $2) RETURNING id
      ) INSERT INTO group_role (organization_id, group_id, role_id) SELECT $1, id, $3 FROM made RETURNING group_id`
    const { rows } = await db.superuser.query(sql, [home.id, newAddress(), await roleId(role)])
    return rows[0].group_id
  }

  test("makes a member of the group, who holds what the group holds", async () => {
    const email = newAddress()
    const groupId = await makeGroup("Auditor")
    await invite(email, { groupIds: [groupId] })
    await execute(acceptInvitation, nobody(), { token: await tokenOf(email), account })
    const { rows } = await db.superuser.query(
      `SELECT role.name FROM held_role JOIN role ON role.id = held_role.role_id
       JOIN person ON person.id = held_role.person_id WHERE person.email = $1`,
      [email],
    )
    expect(rows).toEqual([{ name: "Auditor" }])
    const accepted = (await readLog(db, home)).at(-1)
    expect(accepted).toMatchObject({ operationCode: 105, changes: [{ path: "/roles" }, { path: "/groups" }] })
  })

  test("is refused to whoever does not hold what the group holds, as if the role were given directly", async () => {
    const groupId = await makeGroup("Auditor")
    const { principal } = job(home)
    const recruiter = callerFor({ ...principal, permissions: new Set(["MEMBER-MANAGEMENT"] as const) })
    const more = { emails: [newAddress()], roleIds: [], groupIds: [groupId] }
    await expect(execute(createInvitations, recruiter, more)).rejects.toMatchObject({ code: "forbidden" })
  })

  test("of another organization does not exist", async () => {
    const groupId = await makeGroup("Auditor")
    const foreign = { emails: [newAddress()], roleIds: [], groupIds: [groupId] }
    const other = job(await makeOrganization())
    await expect(execute(createInvitations, other, foreign)).rejects.toMatchObject({
      faults: [{ pointer: "/groupIds/0" }],
    })
  })
})

test("an invitation is open for one to seven days", async () => {
  const email = newAddress()
  for (const expiresInDays of [0, 8, 1.5]) {
    const wrong = { emails: [email], roleIds: [], expiresInDays }
    await expect(execute(createInvitations, job(home), wrong)).rejects.toMatchObject({ code: "invalid" })
  }
  const caller = job(home)
  await execute(createInvitations, caller, {
    emails: [email],
    roleIds: [],
    expiresInDays: invitationDays.least,
  })
  const [listed] = await execute(listInvitations, caller, {})
  expect(Date.parse(String(listed?.expiresAt)) - caller.at.getTime()).toBe(dayMs)
})

test("the list tells how far each mail is, and never what it says", async () => {
  const email = newAddress()
  const id = await invite(email)
  const mailOf = async () => (await execute(listInvitations, job(home), {}))[0]?.mail
  expect(await mailOf()).toEqual({ state: "queued", at: expect.any(String), reason: null })
  const refused = "UPDATE mail_message SET failed_at = now(), last_error = $1, sealed_content = NULL"
  await db.superuser.query(`${refused} WHERE recipient = $2`, ["The mailbox is unknown.", email])
  expect(await mailOf()).toMatchObject({ state: "failed", reason: "The mailbox is unknown." })
  await execute(resendInvitation, later(0.001), { id })
  expect(await mailOf()).toMatchObject({ state: "queued" })
})

test("an organization sends a bounded number of invitations an hour; those that were not sent do not count", async () => {
  const email = newAddress()
  const at = new Date()
  const caller = { ...job(home), at }
  const nothing = { emails: ["nonsense"], roleIds: [] }
  await expect(execute(createInvitations, caller, nothing)).rejects.toMatchObject({ code: "invalid" })
  for (let sent = 0; sent < sentInvitations.most; sent += 20) {
    const emails = Array.from({ length: 20 }, newAddress)
    await execute(createInvitations, caller, { emails, roleIds: [] })
  }
  const before = await execute(listInvitations, caller, {})
  expect(before).toHaveLength(sentInvitations.most)
  const more = execute(createInvitations, caller, { emails: [email], roleIds: [] })
  await expect(more).rejects.toMatchObject({ code: "rate-limited", retryAfterSeconds: expect.any(Number) })
  await expect(execute(resendInvitation, caller, { id: before[0]?.id })).rejects.toMatchObject({
    code: "rate-limited",
  })
  expect(await execute(listInvitations, caller, {})).toHaveLength(sentInvitations.most)
  const nextHour = { ...caller, at: new Date(at.getTime() + 2 * 60 * 60 * 1000) }
  expect(
    (await execute(createInvitations, nextHour, { emails: [email], roleIds: [] })).results,
  ).toMatchObject([{ outcome: "invited" }])
})
