import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { enter, newcomer, organizationOf, sendSignIn } from "./newcomer"
import { confirmIdentity } from "./proof"
import { password } from "./world"

const members = "/acme/admin/settings/access-control/members"

/** Opens the page of a member from the list, found by their email. */
async function openMember(page: Page, email: string): Promise<void> {
  await page.goto(`${members}?search=${encodeURIComponent(email)}`)
  const row = page.getByRole("row").filter({ hasText: email })
  await row.getByRole("link").click()
  await expect(page.getByText(email, { exact: true })).toBeVisible()
}

/** Presses a button, then the one with the same name in the confirmation dialog. */
async function confirm(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click()
  await page.getByRole("dialog").getByRole("button", { name, exact: true }).click()
  await expect(page.getByRole("dialog")).toHaveCount(0)
}

test("the roles of a member are changed, explained, and act at once; suspending refuses their next request; removing keeps their name", async ({
  as,
  another,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const person = await newcomer("Member")
  const theirs = await (await another()).newPage()
  await enter(theirs.context(), person)
  await theirs.goto("/acme/admin/audit-logs")
  await expect(theirs.getByText("You do not have access to this page")).toBeVisible()

  await test.step("the list finds them by their address, and by nothing else", async () => {
    await page.goto(members)
    await page.getByRole("searchbox", { name: "Search members" }).fill(person.email.toUpperCase())
    await expect(page.getByRole("status").filter({ hasText: /^1 of \d+ members/ })).toBeVisible()
    await expect(page.getByRole("row")).toHaveCount(2)
    await expectAccessible(page, "the list of members")
    await page.getByRole("searchbox", { name: "Search members" }).fill(`nobody ${person.email}`)
    await expect(page.getByRole("heading", { name: "No member matches" })).toBeVisible()
  })

  await test.step("a role given acts in their browser at once", async () => {
    await openMember(page, person.email)
    await expect(page.getByText("Cannot see the audit logs.")).toBeVisible()
    await page.getByRole("button", { name: "Change roles" }).click()
    const dialog = page.getByRole("dialog")
    await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled()
    await dialog.getByRole("checkbox", { name: /^Auditor/ }).check()
    await expectAccessible(page, "the dialog of roles")
    await dialog.getByRole("button", { name: "Save" }).click()
    await expect(dialog).toHaveCount(0)
    await theirs.reload()
    await expect(theirs.getByRole("heading", { level: 1, name: "Audit Logs" })).toBeVisible()
  })

  await test.step("the page says what they may do, and why", async () => {
    await expect(page.getByText("Sees and exports every event of this organization.")).toBeVisible()
    const why = page.getByRole("table", { name: /may do, and which roles give it/ })
    await expect(why.getByRole("row", { name: /^LOG-MANAGEMENT/ })).toContainText("Auditor directly")
    await expect(why.getByRole("row", { name: /^LOG-EXPORT/ })).toContainText(
      "Auditor directly, included in LOG-MANAGEMENT",
    )
    await expect(page.getByRole("table", { name: /is signed in/ }).getByRole("row")).toHaveCount(2)
    await expectAccessible(page, "the page of a member")
  })

  await test.step("suspended, they are refused at their next request", async () => {
    await confirm(page, "Suspend")
    await expect(page.getByText("Suspended", { exact: true })).toBeVisible()
    await theirs.goto("/acme/admin/audit-logs")
    await expect(theirs).toHaveURL(/sign-in/)
    await confirm(page, "Reactivate")
    await expect(page.getByText("Active", { exact: true })).toBeVisible()
  })

  await test.step("removed, they are in no list, and the log keeps their name", async () => {
    await confirm(page, "Remove")
    await expect(page).toHaveURL(members)
    await page.goto(`${members}?search=${encodeURIComponent(person.email)}`)
    await expect(page.getByRole("heading", { name: "No member matches" })).toBeVisible()
    await page.goto(`/acme/admin/audit-logs?target=${person.id}&operation=organization_member.remove`)
    await expect(page.getByRole("table").getByText(person.name, { exact: true })).toBeVisible()
  })
})

test("their sessions end at once, and they can sign in again", async ({ as, another }) => {
  const page = await as("administrator")
  const person = await newcomer("Auditor")
  const theirs = await (await another()).newPage()
  await enter(theirs.context(), person)
  await openMember(page, person.email)
  await confirm(page, "End sessions")
  await expect(page.getByText("is signed in nowhere")).toBeVisible()
  await theirs.goto("/acme/admin/audit-logs")
  await expect(theirs).toHaveURL(/sign-in/)
  await sendSignIn(theirs, person.email, password)
  await expect(theirs.getByRole("heading", { level: 1, name: "Audit Logs" })).toBeVisible()
})

test("the last administrator of an organization can neither leave it nor give up the role, and is told why", async ({
  another,
}) => {
  const slug = `solo-${randomUUID().slice(0, 8)}`
  const email = `${slug}@acme.example`
  await organizationOf({ slug, name: "Solo", email, person: "Sole Administrator" })
  const page = await (await another()).newPage()
  await enter(page.context(), { email })
  await page.goto(`/${slug}/admin/settings/access-control/members`)
  await page.getByRole("link", { name: "Sole Administrator" }).click()
  await page.getByRole("button", { name: "Leave" }).click()
  const leave = page.getByRole("dialog", { name: "Leave Solo?" })
  await leave.getByRole("button", { name: "Leave", exact: true }).click()
  await expect(leave.getByRole("alert")).toContainText("the last administrator")
  await leave.getByRole("button", { name: "Cancel" }).click()
  await page.getByRole("button", { name: "Change roles" }).click()
  const roles = page.getByRole("dialog", { name: /Change the roles/ })
  await roles.getByRole("checkbox", { name: /^Organization Administrator/ }).uncheck()
  await expect(roles.getByRole("button", { name: "Save" })).toBeDisabled()
  await roles.getByRole("checkbox", { name: /This is me/ }).check()
  await roles.getByRole("button", { name: "Save" }).click()
  await expect(roles.getByRole("alert")).toContainText("the last administrator")
})

test("a collaborator sees the events of one app, from the next request on", async ({ as, another }) => {
  const page = await as("administrator")
  const person = await newcomer("Member")
  const theirs = await (await another()).newPage()
  await enter(theirs.context(), person)
  await page.goto("/acme/admin/settings/apps/sandbox")
  await page.getByRole("button", { name: "Add Collaborator" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Add" }).click()
  await expect(dialog.getByLabel("Member")).toHaveAccessibleDescription(/Choose a member/)
  await dialog.getByLabel("Member").selectOption(person.id)
  await dialog.getByLabel("Role").selectOption({ label: "Auditor" })
  await expectAccessible(page, "the dialog of collaborators")
  await dialog.getByRole("button", { name: "Add" }).click()
  await expect(dialog).toHaveCount(0)
  const row = page.getByRole("row").filter({ hasText: person.email })
  await expect(row).toContainText("LOG-MANAGEMENT")
  await theirs.goto("/acme/admin/audit-logs")
  await expect(theirs.getByRole("heading", { level: 1, name: "Audit Logs" })).toBeVisible()
  await row.getByRole("button", { name: "Remove" }).click()
  await dialog.getByRole("button", { name: "Remove" }).click()
  // While a dialog is open, elements behind it cannot be found by role.
  await expect(dialog).toHaveCount(0)
  await expect(row).toHaveCount(0)
  await theirs.reload()
  await expect(theirs.getByText("You do not have access to this page")).toBeVisible()
})
