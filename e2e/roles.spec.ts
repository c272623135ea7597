import { randomUUID } from "node:crypto"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { arriveWith } from "./narrow-people"
import { newcomer } from "./newcomer"
import { confirmIdentity } from "./proof"

const rolesPath = "/acme/admin/settings/access-control/roles"

test("an administrator creates a role in two steps, changes it, hands its holders another, and deletes it", async ({
  as,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const name = `Log readers ${randomUUID().slice(0, 8)}`
  const dialog = page.getByRole("dialog")
  await page.goto("/acme/admin/audit-logs")
  await page.getByRole("navigation", { name: "Organization" }).getByRole("link", { name: "Settings" }).click()
  await expect(page).toHaveURL(rolesPath)
  await page.getByRole("button", { name: "Create Role" }).click()
  await dialog.getByLabel("Name").fill(name)
  await dialog.getByLabel("Description").fill("Reads the audit logs.")
  await dialog.getByRole("button", { name: "Next" }).click()
  await dialog.getByRole("checkbox", { name: "LOG-MANAGEMENT" }).check()
  await expect(dialog.getByRole("checkbox", { name: "LOG-EXPORT" })).toBeDisabled()
  await expect(dialog.getByRole("checkbox", { name: "LOG-EXPORT" })).toBeChecked()
  await expectAccessible(page, "the permissions of a new role")
  await dialog.getByRole("button", { name: "Create", exact: true }).click()
  await expect(page.getByRole("link", { name })).toBeVisible()

  const { id, name: holder } = await newcomer(name)
  await page.goto(rolesPath)
  await page.getByRole("link", { name }).click()
  await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible()
  await expect(page.locator(`a[href$="/members/${id}"]`)).toContainText(holder)

  await page.getByRole("button", { name: "Edit" }).click()
  await dialog.getByLabel("Description").fill("Reads what happened.")
  await dialog.getByRole("button", { name: "Next" }).click()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(page.getByText("Reads what happened.")).toBeVisible()
  await expectAccessible(page, "a role")

  await page.getByRole("button", { name: "Delete" }).click()
  await expect(dialog).toContainText("1 member")
  await dialog.getByRole("combobox").selectOption({ label: "Auditor" })
  await dialog.getByRole("button", { name: "Delete role" }).click()
  await expect(page).toHaveURL(rolesPath)
  await expect(page.getByRole("link", { name })).toHaveCount(0)
  await page.goto(`/acme/admin/settings/access-control/members/${id}`)
  await expect(page.getByRole("main")).toContainText("Auditor")
})

test("a name that is taken is said beside the field, and a built-in role is locked", async ({ as }) => {
  const page = await as("administrator")
  await page.goto(rolesPath)
  await page.getByRole("button", { name: "Create Role" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name").fill("auditor")
  await dialog.getByRole("button", { name: "Next" }).click()
  await dialog.getByRole("checkbox", { name: "LOG-OWN" }).check()
  await dialog.getByRole("button", { name: "Create", exact: true }).click()
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true")
  await page.keyboard.press("Escape")
  await dialog.getByRole("button", { name: "Discard" }).click()
  await page.getByRole("link", { name: "Auditor", exact: true }).click()
  await expect(page.getByRole("heading", { name: "Auditor", level: 2 })).toBeVisible()
  await expect(page.getByRole("button", { name: "Duplicate" })).toBeVisible()
  await expect(page.getByRole("button", { name: "Edit" })).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0)
})

test("a role that holds more than one does oneself can be read and copied from, and says why not changed", async ({
  another,
}) => {
  const { context } = await arriveWith(another, ["ROLE-MANAGEMENT"])
  const page = await context.newPage()
  await page.goto(rolesPath)
  await page.getByRole("link", { name: "Model Hub readers" }).click()
  await expect(page.getByRole("heading", { name: "Model Hub readers", level: 2 })).toBeVisible()
  await expect(page.getByText("So you cannot change or delete it either.")).toBeVisible()
  await expect(page.getByText(/you do not hold LOG-MANAGEMENT/)).toBeVisible()
  await expect(page.getByRole("button", { name: "Duplicate" })).toBeVisible()
  await expect(page.getByRole("button", { name: "Edit" })).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0)
})
