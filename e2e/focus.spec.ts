import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { expectFocusKept } from "./focus"
import { newAddress } from "./inviting"
import { enter, newcomer } from "./newcomer"
import { password } from "./world"

const settings = "/acme/admin/settings"
const lists = `${settings}/access-control`

/** An administrator with a recent proof, in a separate browser. */
async function administrator(page: Page): Promise<void> {
  await enter(page.context(), await newcomer("Organization Administrator"))
}

const dialogOf = (page: Page) => page.getByRole("dialog")
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first().click()
const confirm = (page: Page, name: string) =>
  dialogOf(page).getByRole("button", { name, exact: true }).click()

test.describe("after every write the focus stays on the page", () => {
  test("roles", async ({ page }) => {
    await administrator(page)
    const name = `Focus ${randomUUID().slice(0, 8)}`
    await page.goto(`${lists}/roles`)
    await press(page, "+ Create Role")
    await dialogOf(page).getByLabel("Name").fill(name)
    await confirm(page, "Next")
    await dialogOf(page).getByRole("checkbox", { name: "LOG-OWN" }).check()
    await confirm(page, "Create")
    await expect(page.getByRole("link", { name })).toBeVisible()
    await expectFocusKept(page, "create a role")
    await page.getByRole("link", { name }).click()
    await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible()
    await expectFocusKept(page, "follow a link to a role")
    await press(page, "Edit")
    await dialogOf(page).getByLabel("Description").fill("Changed.")
    await confirm(page, "Next")
    await confirm(page, "Save")
    await expect(page.getByText("Changed.")).toBeVisible()
    await expectFocusKept(page, "change a role")
    await press(page, "Delete")
    await confirm(page, "Delete role")
    await expect(page).toHaveURL(`${lists}/roles`)
    await expectFocusKept(page, "delete a role")
  })

  test("groups", async ({ page }) => {
    await administrator(page)
    const name = `Focus ${randomUUID().slice(0, 8)}`
    const member = await newcomer("Member")
    await page.goto(`${lists}/groups`)
    await press(page, "+ Create Group")
    await dialogOf(page).getByLabel("Name").fill(name)
    await confirm(page, "Create")
    await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible()
    await expectFocusKept(page, "create a group")
    for (const [part, label, choice] of [
      ["Members", "+ Add Members", member.email],
      ["Roles", "+ Add Roles", "Auditor"],
      ["Apps", "+ Add Apps", "Sandbox"],
    ] as const) {
      const parts = page.getByRole("navigation", { name: "Group", exact: true })
      await parts.getByRole("link", { name: part }).click()
      await press(page, label)
      const box = dialogOf(page).getByRole("listitem").filter({ hasText: choice }).first()
      await box.getByRole("checkbox").check()
      await confirm(page, "Add")
      const row = page.getByRole("row").filter({ hasText: choice })
      await expect(row).toBeVisible()
      await expectFocusKept(page, label)
      await row.getByRole("button", { name: /^Remove/ }).click()
      await confirm(page, "Remove")
      await expect(row).toHaveCount(0)
      await expectFocusKept(page, `remove from ${part}`)
    }
    await press(page, "Edit details")
    await dialogOf(page).getByLabel("Description").fill("Changed.")
    await confirm(page, "Save")
    await expect(page.getByText("Changed.")).toBeVisible()
    await expectFocusKept(page, "change a group")
    await press(page, "Delete")
    await confirm(page, "Delete group")
    await expect(page).toHaveURL(`${lists}/groups`)
    await expectFocusKept(page, "delete a group")
  })

  test("members and invitations", async ({ page }) => {
    await administrator(page)
    const member = await newcomer("Member")
    await page.goto(`${lists}/members/${member.id}`)
    await press(page, "Suspend")
    await confirm(page, "Suspend")
    await expect(page.getByRole("button", { name: "Reactivate" })).toBeVisible()
    await expectFocusKept(page, "suspend")
    await press(page, "Reactivate")
    await confirm(page, "Reactivate")
    await expect(page.getByRole("button", { name: "Suspend" })).toBeVisible()
    await expectFocusKept(page, "reactivate")
    await press(page, "Change roles")
    await dialogOf(page).getByRole("checkbox", { name: "Auditor" }).check()
    await confirm(page, "Save")
    await expect(page.getByRole("region", { name: "Roles" })).toContainText("Auditor")
    await expectFocusKept(page, "change roles")
    await press(page, "Remove")
    await confirm(page, "Remove")
    await expect(page).toHaveURL(`${lists}/members`)
    await expectFocusKept(page, "remove a member")

    const email = newAddress()
    await page
      .getByRole("navigation", { name: "Access Control" })
      .getByRole("link", { name: "Invitations" })
      .click()
    await press(page, "+ Invite Member")
    await dialogOf(page).getByLabel("Emails").fill(email)
    await confirm(page, "Invite")
    await confirm(page, "Done")
    const row = page.getByRole("row").filter({ hasText: email })
    await expect(row).toBeVisible()
    await expectFocusKept(page, "invite")
    await row.getByRole("button", { name: /^Resend/ }).click()
    await confirm(page, "Resend")
    await expect(dialogOf(page)).toHaveCount(0)
    await expectFocusKept(page, "resend an invitation")
    await row.getByRole("button", { name: /^Revoke/ }).click()
    await confirm(page, "Revoke invitation")
    await expect(row).toContainText("Revoked")
    await expectFocusKept(page, "revoke an invitation")
  })

  test("apps, keys and collaborators", async ({ page }) => {
    await administrator(page)
    const name = `Focus ${randomUUID().slice(0, 8)}`
    const member = await newcomer("Member")
    await page.goto(`${settings}/apps`)
    await press(page, "+ Create app")
    await dialogOf(page).getByLabel("Name").fill(name)
    await confirm(page, "Create app")
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
    await expectFocusKept(page, "create an app")
    await press(page, "+ Create key")
    await dialogOf(page).getByLabel("Name").fill("first")
    await confirm(page, "Create key")
    await press(page, "I have copied the key")
    await expectFocusKept(page, "create a key")
    await press(page, "Edit key first")
    await dialogOf(page).getByLabel("Name").fill("second")
    await confirm(page, "Save")
    await expect(page.getByRole("button", { name: "Edit key second" })).toBeVisible()
    await expectFocusKept(page, "change a key")
    await press(page, "Rotate key second")
    await confirm(page, "Rotate key")
    await press(page, "I have copied the key")
    await expectFocusKept(page, "rotate a key")
    for (let left = 2; left > 0; left--) {
      await press(page, "Revoke key second")
      await confirm(page, "Revoke key")
      await expect(page.getByRole("button", { name: "Revoke key second" })).toHaveCount(left - 1)
      await expectFocusKept(page, "revoke a key")
    }
    await press(page, "+ Add Collaborator")
    await dialogOf(page).getByLabel("Member").selectOption(member.id)
    await dialogOf(page).getByLabel("Role").selectOption({ label: "Auditor" })
    await confirm(page, "Add")
    await expect(page.getByRole("row").filter({ hasText: member.email })).toBeVisible()
    await expectFocusKept(page, "add a collaborator")
    await press(page, `Remove collaborator ${member.name}`)
    await confirm(page, "Remove")
    await expect(page.getByRole("row").filter({ hasText: member.email })).toHaveCount(0)
    await expectFocusKept(page, "remove a collaborator")
    await press(page, "Rename")
    await dialogOf(page).getByLabel("Name").fill(`${name} again`)
    await confirm(page, "Rename")
    await expect(page.getByRole("heading", { name: `${name} again`, level: 1 })).toBeVisible()
    await expectFocusKept(page, "rename an app")
    await press(page, "Archive")
    await confirm(page, "Archive app")
    await expect(page.getByRole("button", { name: "Restore" })).toBeVisible()
    await expectFocusKept(page, "archive an app")
    await press(page, "Restore")
    await confirm(page, "Restore app")
    await expect(page.getByRole("button", { name: "Archive" })).toBeVisible()
    await expectFocusKept(page, "restore an app")
  })

  test("the organization and the account", async ({ page }) => {
    await administrator(page)
    const unique = randomUUID().slice(0, 8)
    await page.goto("/acme/admin")
    await press(page, /^Organization: /)
    await page.getByRole("menuitem", { name: "Create organization" }).click()
    await dialogOf(page).getByLabel("Name", { exact: true }).fill(`Focus ${unique}`)
    await confirm(page, "Create organization")
    await expect(page).toHaveURL(new RegExp(`/focus-${unique}/`))
    await expectFocusKept(page, "create an organization")
    await page.goto(`/focus-${unique}/admin/settings/organization`)
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(`Changed ${unique}`)
    await press(page, "Save")
    await expect(page.getByRole("button", { name: `Organization: Changed ${unique}` })).toBeVisible()
    await expectFocusKept(page, "rename the organization")
    await page.goto("/account")
    await page.getByRole("textbox", { name: "Name" }).fill(`Nora ${unique}`)
    await press(page, "Change name")
    await expect(page.getByRole("button", { name: `Account: Nora ${unique}` })).toBeVisible()
    await expectFocusKept(page, "change one's name")
    await page.getByLabel("Current password").fill(password)
    await page.getByLabel("New password", { exact: true }).fill(`${password} ${unique}`)
    await press(page, "Change password")
    await expect(page.getByLabel("Current password")).toHaveValue("")
    await expectFocusKept(page, "change the password")
  })
})

test("the focus stays on the page also when the code that keeps it arrives only while a dialog is open", async ({
  page,
}) => {
  await administrator(page)
  const member = await newcomer("Member")
  let open = () => {}
  const isOpen = new Promise<void>(resolve => {
    open = resolve
  })
  let late = 0
  await page.route("**/_next/static/**/*.js", async route => {
    const answer = await route.fetch()
    const body = await answer.text()
    if (/role=\\?"alertdialog/.test(body)) {
      late += 1
      await isOpen
    }
    await route.fulfill({ response: answer, body })
  })
  await page.goto(`${lists}/members/${member.id}`)
  await press(page, "Suspend")
  await expect(dialogOf(page)).toBeVisible()
  expect(late).toBeGreaterThan(0)
  open()
  await page.waitForLoadState("networkidle")
  await confirm(page, "Suspend")
  await expect(page.getByRole("button", { name: "Reactivate" })).toBeVisible()
  await expectFocusKept(page, "suspend")
})
