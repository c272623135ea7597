import { randomUUID } from "node:crypto"
import { allEvents } from "./api"
import { expect, test } from "./fixtures"
import {
  acceptAsNewcomer,
  expectUseless,
  invitationLink,
  invitationsPath,
  invite,
  newAddress,
} from "./inviting"
import { enter, newcomer, sendSignIn } from "./newcomer"
import { confirmIdentity } from "./proof"
import { password } from "./world"

const settings = "/acme/admin/settings"

test("two people are invited at once; each accepts with a new account, sees the audit logs and nothing more", async ({
  as,
  another,
}) => {
  const administrator = await as("administrator")
  await confirmIdentity(administrator)
  const emails = [newAddress(), newAddress()]
  await invite(administrator, { roles: ["Auditor"], emails })
  for (const [position, email] of emails.entries()) {
    const guest = await (await another()).newPage()
    const link = await invitationLink(email)
    const answer = await guest.goto(link)
    const headers = answer?.headers() ?? {}
    expect(headers["referrer-policy"]).toBe("no-referrer")
    expect(headers["cache-control"]).toContain("no-store")
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Join Acme Robotics")
    await acceptAsNewcomer(guest, `Guest ${position}`, password)
    await expect(guest).toHaveURL(/\/acme\/admin\/audit-logs/)
    await expect(guest.getByRole("table")).toBeVisible()
    for (const closed of [`${settings}/apps`, `${settings}/access-control/roles`, invitationsPath]) {
      await guest.goto(closed)
      await expect(guest.getByRole("heading", { level: 1 })).toHaveText("You do not have access to this page")
    }
    await expectUseless(guest, link)
    await guest.context().clearCookies()
    await expectUseless(guest, link)
  }
  await administrator.goto(invitationsPath)
  await administrator.getByRole("searchbox", { name: "Search invitations" }).fill(emails[0] ?? "")
  await expect(administrator.getByRole("row").filter({ hasText: emails[0] })).toContainText("Accepted")
})

test("an address is judged while it is typed; one that is a member or invited already is told apart", async ({
  as,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const [open, fresh] = [newAddress(), newAddress()]
  await invite(page, { roles: ["Auditor"], emails: [open] })
  await page.getByRole("button", { name: "Invite Member" }).click()
  const dialog = page.getByRole("dialog")
  const emails = dialog.getByLabel("Emails")
  await emails.fill(`nobody, ${fresh} `)
  await expect(emails).toHaveAccessibleDescription(/nobody is not an e-mail address/)
  await dialog.getByRole("button", { name: "Remove nobody" }).click()
  await emails.pressSequentially(`${fresh},`)
  await expect(emails).toHaveAccessibleDescription(/stands here twice/)
  await emails.press("Backspace")
  await emails.fill(`${open}; ada@acme.example`)
  await dialog.getByRole("button", { name: "Invite", exact: true }).click()
  const result = (email: string) => dialog.getByRole("listitem").filter({ hasText: email })
  await expect(result(fresh)).toContainText("on its way")
  await expect(result(open)).toContainText("open invitation already")
  await expect(result("ada@acme.example")).toContainText("member already")
})

test("whoever has an account signs in first and comes back, and the link is in no address on the way", async ({
  as,
  another,
}) => {
  const administrator = await as("administrator")
  await confirmIdentity(administrator)
  const person = await newcomer("Member")
  const page = await (await another()).newPage()
  await enter(page.context(), person)
  await page.context().clearCookies()
  // A member is not invited again, so this one belongs to another organization by now.
  const stranger = await as("stranger")
  await confirmIdentity(stranger)
  await stranger.goto("/globex/admin/settings/access-control/invitations")
  await stranger.getByRole("button", { name: "Invite Member" }).first().click()
  await stranger.getByRole("dialog").getByLabel("Emails").fill(person.email)
  await stranger.getByRole("dialog").getByRole("button", { name: "Invite", exact: true }).click()
  await expect(stranger.getByRole("dialog")).toContainText("on its way")

  const link = await invitationLink(person.email)
  const token = new URL(link).pathname.split("/").at(-1) ?? ""
  const addresses: string[] = []
  page.on("request", request => addresses.push(`${request.url()} ${request.headers().referer ?? ""}`))
  await page.goto(link)
  const before = addresses.length
  await page.getByRole("button", { name: "Sign in to accept" }).click()
  await expect(page).toHaveURL(/\/sign-in\?return=%2Finvitations$/)
  const cookie = (await page.context().cookies()).find(({ value }) => value === token)
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" })
  await sendSignIn(page, person.email, password)
  await expect(page).toHaveURL(/\/invitations$/)
  await page.getByRole("button", { name: "Accept" }).click()
  await expect(page).toHaveURL(/\/globex\//)
  // The form of the invitation's own page was sent to its url, before anything else was requested.
  const after = addresses.slice(before).filter(address => !address.startsWith(link))
  expect(after.length).toBeGreaterThan(0)
  expect(after.join("\n")).not.toContain(token)
})

test("declined, revoked, replaced and other people's links lead to the same page; each answer is an event", async ({
  as,
  another,
  request,
  world,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const [declined, revoked, resent] = [newAddress(), newAddress(), newAddress()]
  await invite(page, { roles: ["Auditor"], emails: [declined, revoked, resent] })
  const guest = await (await another()).newPage()

  await test.step("declined", async () => {
    const link = await invitationLink(declined)
    await guest.goto(link)
    await guest.getByRole("button", { name: "Decline" }).click()
    await guest.getByRole("dialog").getByRole("button", { name: "Decline" }).click()
    await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Invitation declined")
    await expectUseless(guest, link)
  })

  await test.step("another account's", async () => {
    const reader = await as("reader")
    await expectUseless(reader, await invitationLink(revoked))
  })

  await test.step("revoked, after a question", async () => {
    const link = await invitationLink(revoked)
    await page.goto(invitationsPath)
    await page.getByRole("button", { name: `Revoke the invitation of ${revoked}` }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Revoke invitation" }).click()
    await expect(page.getByText(`Invitation of ${revoked} revoked`)).toBeVisible()
    await expect(page.getByRole("row").filter({ hasText: revoked })).toContainText("Revoked")
    await expectUseless(guest, link)
  })

  await test.step("replaced by a newer link, which works", async () => {
    const link = await invitationLink(resent)
    await page.getByRole("button", { name: `Resend the invitation of ${resent}` }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Resend" }).click()
    await expect(page.getByText(`Invitation of ${resent} sent again`)).toBeVisible()
    await expect.poll(() => invitationLink(resent), { timeout: 20_000 }).not.toBe(link)
    await expectUseless(guest, link)
    await guest.goto(await invitationLink(resent))
    await acceptAsNewcomer(guest, `Guest ${randomUUID().slice(0, 4)}`, password)
    await expect(guest).toHaveURL(/\/acme\//)
  })

  for (const [verb, email] of [
    ["create", declined],
    ["cancel", revoked],
    ["accept", resent],
    ["decline", declined],
  ] as const) {
    const operation = `organization_member_invitation.${verb}`
    const found = await allEvents(
      request,
      world.keys.reading,
      `operation=${operation}&window=1h&text=${encodeURIComponent(email)}`,
    )
    expect(
      found.map(({ status }) => status),
      operation,
    ).toContain("success")
  }
})

test("an invitation that is opened in another account says which one, and opens again without it", async ({
  as,
  another,
}) => {
  const administrator = await as("administrator")
  await confirmIdentity(administrator)
  const email = newAddress()
  await invite(administrator, { roles: ["Auditor"], emails: [email] })
  const other = await newcomer("Member")
  const page = await (await another()).newPage()
  await enter(page.context(), other)
  const link = await invitationLink(email)
  await expectUseless(page, link)
  await expect(page.getByRole("main")).toContainText(`You are signed in as ${other.email}`)
  await page.getByRole("button", { name: "Sign out and open it again" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Join Acme Robotics")
  await expect(page).toHaveURL(link)
  await acceptAsNewcomer(page, "Greta Guest", password)
  await expect(page).toHaveURL(/\/acme\//)
})

test("an invitation into one app gives its role there and nowhere else", async ({ as, another }) => {
  const administrator = await as("administrator")
  await confirmIdentity(administrator)
  const email = newAddress()
  await administrator.goto(invitationsPath)
  await administrator.getByRole("button", { name: "Invite Member" }).click()
  const dialog = administrator.getByRole("dialog")
  await dialog.getByRole("button", { name: "Roles", exact: true }).click()
  await dialog.getByRole("checkbox", { name: "Auditor" }).check()
  const inApps = dialog.getByRole("button", { name: "In which apps" })
  await expect(inApps).toHaveAccessibleDescription("Every app")
  await inApps.click()
  const boxes = dialog.getByRole("group", { name: "In which apps" }).getByRole("checkbox")
  await boxes.first().check()
  await expect(inApps).not.toHaveAccessibleDescription("Every app")
  const app = (await inApps.getAttribute("aria-describedby")) ?? ""
  const name = await dialog.locator(`[id="${app}"]`).innerText()
  await dialog.getByLabel("Emails").fill(email)
  await dialog.getByRole("button", { name: "Invite", exact: true }).click()
  await expect(dialog.getByRole("listitem").filter({ hasText: email })).toContainText("on its way")
  await administrator.goto(invitationsPath)
  await expect(administrator.getByRole("row").filter({ hasText: email })).toContainText(
    `Auditor in the app ${name}`,
  )
  const guest = await (await another()).newPage()
  await guest.goto(await invitationLink(email))
  await expect(guest.getByRole("list", { name: "What you get" })).toContainText(`in the app ${name}`)
  await acceptAsNewcomer(guest, "Ines Inapp", password)
  await expect(guest).toHaveURL(/\/acme\//)
})
