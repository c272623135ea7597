import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import { heldRolesOf } from "@/lib/access/held-roles"
import { openContent } from "@/lib/mail/sealed-content"
import { archiveApp } from "@/lib/operations/apps/archive"
import { createApp } from "@/lib/operations/apps/create"
import { addCollaborator } from "@/lib/operations/collaborators/add"
import { execute } from "@/lib/operations/core/execute"
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
import {
  eventsOf,
  home,
  makeRole,
  memberAs,
  memberWith,
  roleId,
  setUpHome,
} from "@/lib/operations/fixtures/home"
import { changeMember } from "@/lib/operations/members/change"
import { mailedLink } from "@/lib/operations/sign-in/fixtures/mailed"
import { db, platform } from "@/test/platform"
import { acceptInvitation } from "./accept"
import { listInvitationAppChoices } from "./app-choices"
import { createInvitations } from "./create"
import { findInvitation } from "./find"
import { listInvitations } from "./list"
import { resendInvitation } from "./resend"

interface App {
  readonly id: string
  readonly slug: string
  readonly name: string
}

let billing: App
let orders: App
let auditor: string

setUpHome(beforeEach)
beforeEach(async () => {
  billing = await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  orders = await execute(createApp, job(home), { slug: "orders", name: "Orders" })
  auditor = await roleId("Auditor")
})

const account = { name: "Grace Hopper", password }

const tokenOf = async (email: string) => (await mailedLink(email)).pathname.split("/").at(-1) ?? ""

async function invite(
  appIds: readonly string[],
  caller = job(home),
  { roleIds = [auditor], email = newAddress() }: { roleIds?: readonly string[]; email?: string } = {},
) {
  const { results } = await execute(createInvitations, caller, { emails: [email], roleIds, appIds })
  return { email, id: String(results[0]?.invitationId) }
}

async function accept(email: string) {
  await execute(acceptInvitation, nobody(), { token: await tokenOf(email), account })
  return (await callerOf(platform, await signIn(email), home.slug)).principal
}

async function mailTo(email: string): Promise<string> {
  const row = await platform.database.prisma.mailMessage.findFirstOrThrow({ where: { recipient: email } })
  return openContent(platform.env.secret, row, row.sealedContent ?? new Uint8Array()).text
}

describe("an invitation into some apps", () => {
  test("gives its role in these apps and in no other, as a collaborator holds it", async () => {
    const { email } = await invite([billing.id, orders.id])
    const { scope, permissions } = await accept(email)
    expect(scope?.appIds).toEqual([billing.id, orders.id].sort())
    expect(permissions.has("LOG-MANAGEMENT")).toBe(true)
    const { rows } = await db.superuser.query(
      "SELECT 1 FROM membership_role WHERE organization_id = $1 AND role_id = $2",
      [home.id, auditor],
    )
    expect(rows).toEqual([])
  })

  test("gives it in every app when none is chosen", async () => {
    const { email } = await invite([])
    expect((await accept(email)).scope?.appIds).toBeNull()
  })

  test("names the apps in its mail, on its page, in the list and in both events", async () => {
    const { email, id } = await invite([orders.id, billing.id])
    expect(await mailTo(email)).toContain("Your role there: Auditor, in the apps Billing and Orders.")
    expect(await execute(findInvitation, nobody(), { token: await tokenOf(email) })).toMatchObject({
      roles: [{ name: "Auditor" }],
      apps: [{ name: "Billing" }, { name: "Orders" }],
    })
    expect(await execute(listInvitations, job(home), {})).toMatchObject([{ id, apps: ["Billing", "Orders"] }])
    await accept(email)
    for (const verb of ["create", "accept"]) {
      const changes = [
        { path: "/roles", after: ["Auditor"] },
        { path: "/groups", after: [] },
        { path: "/apps", after: ["Billing", "Orders"] },
      ]
      expect(await eventsOf(`organization_member_invitation.${verb}`)).toMatchObject([{ changes }])
    }
  })

  test("keeps its apps when it is sent again, and is not sent again into one that was archived", async () => {
    const { email, id } = await invite([billing.id])
    await execute(resendInvitation, { ...job(home), at: new Date(Date.now() + 60_000) }, { id })
    expect((await accept(email)).scope?.appIds).toEqual([billing.id])
    const other = await invite([billing.id])
    await execute(archiveApp, job(home), { app: billing.slug })
    await expect(execute(resendInvitation, job(home), { id: other.id })).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/appIds/0", message: "The app Billing is archived." }],
    })
  })

  test("leaves a member the role that they hold in one of the apps already", async () => {
    const { email, personId } = await makeAccount(await makeOrganization())
    await invite([billing.id, orders.id], job(home), { email })
    await db.superuser.query("INSERT INTO membership (organization_id, person_id) VALUES ($1, $2)", [
      home.id,
      personId,
    ])
    const reader = await makeRole("Reader", ["LOG-MANAGEMENT"])
    await execute(addCollaborator, job(home), { app: billing.slug, personId, roleId: reader })
    const token = await tokenOf(email)
    await execute(acceptInvitation, await callerOf(platform, await signIn(email)), { token })
    const held = await platform.database.withOrganization(home.id, tx =>
      heldRolesOf(tx, { organizationId: home.id, personId }),
    )
    expect(held.map(({ name, collaboratorApp }) => [name, collaboratorApp?.name])).toEqual([
      ["Auditor", "Orders"],
      ["Reader", "Billing"],
    ])
    const [event] = await eventsOf("organization_member_invitation.accept")
    expect(event?.changes).toMatchObject([{}, {}, { path: "/apps", after: ["Orders"] }])
  })
})

describe("nobody gives a role in an app beyond what they hold", () => {
  test("whoever sees one app can invite into it, not into another, and not into every app", async () => {
    await makeRole("Of billing", ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"], [billing.id])
    await makeRole("Recruiter", ["MEMBER-MANAGEMENT"])
    const recruiter = await memberAs(["Recruiter", "Of billing"])
    for (const appIds of [[], [orders.id], [billing.id, orders.id]]) {
      await expect(invite(appIds, recruiter)).rejects.toMatchObject({ code: "forbidden" })
    }
    const { email } = await invite([billing.id], recruiter)
    expect((await accept(email)).scope?.appIds).toEqual([billing.id])
    const choices = await execute(listInvitationAppChoices, recruiter, {})
    const refused = (app: App) =>
      choices.find(({ id }) => id === app.id)?.refusals.some(({ roleId: id }) => id === auditor)
    expect([refused(billing), refused(orders)]).toEqual([false, true])
  })

  test("an acceptance leads nowhere when the sender no longer sees the app", async () => {
    const sender = await memberAs([administratorRole])
    const { email } = await invite([billing.id], sender)
    const narrowed = await makeRole("Narrowed", ["LOG-MANAGEMENT", "LOG-EXPORT", "LOG-OWN"], [orders.id])
    const recruiter = await makeRole("Recruiter", ["MEMBER-MANAGEMENT"])
    await execute(changeMember, await memberAs([administratorRole]), {
      personId: sender.personId,
      roleIds: [narrowed, recruiter],
      expected: { roleIds: [await roleId(administratorRole)] },
    })
    await expect(accept(email)).rejects.toMatchObject({ code: "not-found" })
    expect((await eventsOf("organization_member_invitation.accept")).at(-1)).toMatchObject({
      status: "denied",
    })
  })

  test("an inviter who holds nothing of the log gives it in no app", async () => {
    const inviter = await memberWith(["MEMBER-MANAGEMENT"])
    await expect(invite([billing.id], inviter)).rejects.toMatchObject({ code: "forbidden" })
  })
})

describe("apps that cannot be chosen are refused beside their field, and nothing is sent", () => {
  const refused = async (appIds: readonly string[], roleIds: readonly string[], pointer: string) => {
    await expect(invite(appIds, job(home), { roleIds })).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer }],
    })
    expect(await execute(listInvitations, job(home), {})).toEqual([])
  }

  test("of another organization, and made up", async () => {
    const foreign = await execute(createApp, job(await makeOrganization()), {
      slug: "elsewhere",
      name: "Elsewhere",
    })
    await refused([billing.id, foreign.id], [auditor], "/appIds/1")
    await refused([randomUUID()], [auditor], "/appIds/0")
  })

  test("archived", async () => {
    await execute(archiveApp, job(home), { app: orders.slug })
    await refused([billing.id, orders.id], [auditor], "/appIds/1")
  })

  test("without a role, and with two: in an app a member holds one", async () => {
    await refused([billing.id], [], "/appIds")
    await refused([billing.id], [auditor, await roleId("Member")], "/appIds")
  })

  test("with a role that gives nothing there", async () => {
    const elsewhere = await makeRole("Of orders", ["LOG-MANAGEMENT"], [orders.id])
    await refused([billing.id], [elsewhere], "/appIds/0")
    await refused([billing.id], [await makeRole("Keeper", ["APP-MANAGEMENT"])], "/appIds/0")
  })
})
