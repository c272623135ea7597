import { randomBytes, randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { badInvitations, makeInvitationToken } from "@/lib/access/invitations"
import { execute } from "@/lib/operations/core/execute"
import type { AnyOperation } from "@/lib/operations/core/operation"
import {
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  newAddress,
  nobody,
  password,
  signIn,
} from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, roleId, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { changeMember } from "@/lib/operations/members/change"
import { removeMember } from "@/lib/operations/members/remove"
import { mailedLink } from "@/lib/operations/sign-in/fixtures/mailed"
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

/** Returns the token of the newest mail to somebody. */
const sentToken = async (email: string) => (await mailedLink(email)).pathname.split("/").at(-1) ?? ""

/** An open invitation with the role Auditor, as sending one leaves it. */
async function invite(email: string) {
  const { token, tokenHash } = makeInvitationToken(randomBytes)
  const id = randomUUID()
  const organizationId = home.id
  await platform.database.withOrganizationPrisma(organizationId, async ({ prisma }) => {
    const expiresAt = new Date(Date.now() + 7 * dayMs)
    await prisma.invitation.create({ data: { id, organizationId, email, tokenHash, expiresAt } })
    const role = await prisma.role.findFirstOrThrow({ where: { organizationId, name: "Auditor" } })
    await prisma.invitationRole.create({ data: { organizationId, invitationId: id, roleId: role.id } })
  })
  return { id, token }
}

const account = { name: "Grace Hopper", password }
const useless = { code: "not-found", message: expect.stringContaining("cannot be used") }

describe("an invitation whose sender may no longer give what it gives", () => {
  /** Sent by a member with that role, who then loses it; with the caller who may send it again. */
  async function sentBy(before: string, after: readonly string[], given = "Auditor") {
    const [sender, boss] = [await memberAs([before]), await memberAs([administratorRole])]
    const email = newAddress()
    const input = { emails: [email], roleIds: [await roleId(given)] }
    const { results } = await execute(createInvitations, sender, input)
    const id = results[0]?.invitationId ?? ""
    await execute(changeMember, boss, {
      personId: sender.personId,
      roleIds: await Promise.all(after.map(roleId)),
      expected: { roleIds: [await roleId(before)] },
    })
    return {
      id,
      email,
      boss,
      accept: async () => execute(acceptInvitation, nobody(), { token: await sentToken(email), account }),
    }
  }

  test("makes nobody a member, as a link that leads nowhere, and the log says why", async () => {
    for (const [before, after] of [
      [administratorRole, ["Member"]],
      [administratorRole, ["Auditor"]],
    ] as const) {
      const { id, email, accept } = await sentBy(before, after)
      await expect(accept()).rejects.toMatchObject(useless)
      await expect(signIn(email)).rejects.toMatchObject({ code: "unauthenticated" })
      const event = (await eventsOf("organization_member_invitation.accept")).at(-1)
      expect(event).toMatchObject({ status: "denied", targets: [{ id }] })
      expect(event?.description).toContain("may no longer give what it gives")
    }
  })

  test("is good again when somebody who may sends it again", async () => {
    const { id, email, boss, accept } = await sentBy(administratorRole, ["Member"])
    await execute(resendInvitation, boss, { id })
    await accept()
    const { principal } = await callerOf(platform, await signIn(email), home.slug)
    expect(principal.permissions.has("LOG-MANAGEMENT")).toBe(true)
  })

  test("is not meant where they still may", async () => {
    const { accept } = await sentBy(administratorRole, [administratorRole, "Member"], administratorRole)
    await expect(accept()).resolves.toMatchObject({ isNewMember: true })
  })
})

describe("an acceptance and the removal of the same member at once", () => {
  test("neither waits for the other for ever, and the person is out or in, never half", async () => {
    for (let round = 0; round < 4; round += 1) {
      const { email, personId } = await makeAccount(home)
      const { token } = await invite(email)
      const caller = await callerOf(platform, await signIn(email))
      const codes = await Promise.all([
        codeOf(execute(removeMember, job(home), { personId })),
        codeOf(execute(acceptInvitation, caller, { token })),
      ])
      expect(codes[0]).toBe("accepted")
      expect(["accepted", "not-found"]).toContain(codes[1])
      const key = { organizationId: home.id, personId }
      const [memberships, roles] = await platform.database.withOrganizationPrisma(home.id, ({ prisma }) =>
        Promise.all([prisma.membership.count({ where: key }), prisma.membershipRole.count({ where: key })]),
      )
      if (memberships === 0) expect(roles).toBe(0)
    }
  })
})

describe("an invitation that is open", () => {
  test("makes a newcomer a member who can sign in and see the logs, with one event in their name", async () => {
    const email = newAddress()
    const { id, token } = await invite(email)
    expect(await execute(findInvitation, nobody(), { token })).toMatchObject({
      organizationName: home.name,
      email,
      roles: [{ name: "Auditor" }],
      isSignedIn: false,
      hasAccount: false,
    })
    await execute(acceptInvitation, nobody(), { token, account })
    const { principal } = await callerOf(platform, await signIn(email), home.slug)
    expect([...principal.permissions]).toEqual(["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"])
    expect(await eventsOf("organization_member_invitation.accept")).toMatchObject([
      {
        operationCode: 105,
        status: "success",
        actor: { type: "user", email },
        targets: [{ id }, { type: "user" }],
      },
    ])
  })

  test("asks whoever has an account to sign in first, and gives a member only the roles on top", async () => {
    const { email } = await makeAccount(home)
    const { token } = await invite(email)
    await expect(execute(acceptInvitation, nobody(), { token, account })).rejects.toMatchObject({
      code: "unauthenticated",
    })
    const sessionId = await signIn(email)
    await execute(acceptInvitation, await callerOf(platform, sessionId), { token })
    const { principal } = await callerOf(platform, sessionId, home.slug)
    expect(principal.permissions.has("LOG-MANAGEMENT")).toBe(true)
  })

  test("accepted several times at once makes one member and one event", async () => {
    const { email } = await makeAccount(await makeOrganization())
    const { token } = await invite(email)
    const caller = await callerOf(platform, await signIn(email))
    const ends = await Promise.allSettled(
      [1, 2, 3, 4].map(() => execute(acceptInvitation, caller, { token })),
    )
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await eventsOf("organization_member_invitation.accept")).toHaveLength(1)
    const members = await db.superuser.query("SELECT 1 FROM membership WHERE organization_id = $1", [home.id])
    expect(members.rows).toHaveLength(1)
  })

  test("accepted by two newcomers at once makes one person", async () => {
    const email = newAddress()
    const { token } = await invite(email)
    const ends = await Promise.allSettled(
      [1, 2, 3].map(() => execute(acceptInvitation, nobody(), { token, account })),
    )
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await eventsOf("organization_member_invitation.accept")).toHaveLength(1)
  })

  test("does not bring back a suspended member, says so, and stays open", async () => {
    const { email, personId } = await makeAccount(home)
    const { token } = await invite(email)
    const caller = await callerOf(platform, await signIn(email))
    await platform.database.prisma.membership.updateMany({
      where: { personId },
      data: { status: "suspended" },
    })
    await expect(execute(acceptInvitation, caller, { token })).rejects.toMatchObject({ code: "conflict" })
    expect(await execute(listInvitations, job(home), {})).toMatchObject([{ email, state: "open" }])
    expect(await eventsOf("organization_member_invitation.accept")).toMatchObject([{ status: "denied" }])
  })

  test("refuses a password that does not keep the rules, beside its field, and stays open", async () => {
    const { token } = await invite(newAddress())
    const weak = execute(acceptInvitation, nobody(), { token, account: { ...account, password: "short" } })
    await expect(weak).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/account/password" }] })
    expect(await execute(listInvitations, job(home), {})).toMatchObject([{ state: "open" }])
  })

  test("keeps only the hash of its token", async () => {
    const { token } = await invite(newAddress())
    const { rows } = await db.superuser.query("SELECT invitation::text AS row FROM invitation")
    expect(rows.map(({ row }) => row).join("\n")).not.toContain(token)
  })
})

describe("a link that leads nowhere is answered in the same words, whatever the reason", () => {
  const everywhere = async (token: string, caller = nobody()) => {
    const answers: readonly AnyOperation[] = [findInvitation, acceptInvitation, declineInvitation]
    for (const operation of answers) {
      await expect(execute(operation, caller, { token })).rejects.toMatchObject(useless)
    }
  }

  test("made up", async () => {
    await everywhere(makeInvitationToken(randomBytes).token)
    await everywhere("x")
  })

  test("another account's", async () => {
    const { token } = await invite(newAddress())
    const { email } = await makeAccount(home)
    await everywhere(token, await callerOf(platform, await signIn(email)))
  })

  test("accepted already", async () => {
    const { token } = await invite(newAddress())
    await execute(acceptInvitation, nobody(), { token, account })
    await everywhere(token)
  })

  test("declined already", async () => {
    const email = newAddress()
    const { id, token } = await invite(email)
    await execute(declineInvitation, nobody(), { token })
    await everywhere(token)
    expect(await eventsOf("organization_member_invitation.decline")).toMatchObject([
      {
        ...{ operationCode: 106, status: "success", targets: [{ type: "invitation", id }] },
        // A link that reaches the wrong person creates no account for them.
        actor: { type: "anonymous", id: "anonymous", name: email, email },
      },
    ])
  })

  test("revoked", async () => {
    const { id, token } = await invite(newAddress())
    await execute(cancelInvitation, job(home), { id })
    await everywhere(token)
    expect(await eventsOf("organization_member_invitation.cancel")).toMatchObject([{ operationCode: 104 }])
    await expect(execute(cancelInvitation, job(home), { id })).rejects.toMatchObject({ code: "conflict" })
  })

  test("too late", async () => {
    const { token } = await invite(newAddress())
    await everywhere(token, nobody({ at: new Date(Date.now() + 8 * dayMs) }))
  })

  test("and too many of them from one address are refused, good ones too", async () => {
    const { token } = await invite(newAddress())
    const caller = nobody({ ip: "198.51.100.77" })
    for (let tried = 0; tried < badInvitations.most; tried++) {
      const { token: madeUp } = makeInvitationToken(randomBytes)
      await expect(execute(findInvitation, caller, { token: madeUp })).rejects.toMatchObject(useless)
    }
    await expect(execute(findInvitation, caller, { token })).rejects.toMatchObject({ code: "rate-limited" })
    expect(await execute(findInvitation, nobody(), { token })).toMatchObject({ hasAccount: false })
  })
})

test("an invitation of another organization cannot be seen or revoked", async () => {
  const { id } = await invite(newAddress())
  const other = job(await makeOrganization())
  expect(await execute(listInvitations, other, {})).toEqual([])
  await expect(execute(cancelInvitation, other, { id })).rejects.toMatchObject({ code: "not-found" })
})
