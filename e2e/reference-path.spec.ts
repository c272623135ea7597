import { randomUUID } from "node:crypto"
import { expect, test } from "./fixtures"
import { acceptAsNewcomer, invitationLink, newAddress } from "./inviting"
import { confirmIdentity } from "./proof"
import { password } from "./world"

const settings = "/acme/admin/settings"
const closedPages = ["apps", "access-control/roles", "access-control/groups", "access-control/members"]

// The steps of an administrator as described for the platform whose events we keep: Organization at the top, Admin and
// Settings at the left, the tab Access Control; a role, a group that holds it, people who are invited with it. Every step
// is a click on the words of the description; only the first page is opened by url.
test("from a new role to people who read the audit logs, and nothing else", async ({ as, another }) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const unique = randomUUID().slice(0, 8)
  const role = `Log readers ${unique}`
  const group = `Reviewers ${unique}`
  const dialog = page.getByRole("dialog")
  const tabs = page.getByRole("navigation", { name: "Access Control" })

  await test.step("Organization, Admin, Settings, Access Control", async () => {
    await page.goto("/account")
    await page.getByRole("navigation", { name: "Top" }).getByText("Organization", { exact: true }).click()
    const left = page.getByRole("navigation", { name: "Organization" })
    await left.getByText("Admin", { exact: true }).click()
    await expect(page).toHaveURL("/acme/admin")
    await expect(page.getByRole("heading", { name: "Admin", level: 1 })).toBeVisible()
    await left.getByText("Audit Logs", { exact: true }).click()
    await expect(page.getByRole("heading", { name: "Audit Logs", level: 1 })).toBeVisible()
    await left.getByText("Admin", { exact: true }).click()
    await left.getByText("Settings", { exact: true }).click()
    await page
      .getByRole("navigation", { name: "Settings" })
      .getByText("Access Control", { exact: true })
      .click()
    await expect(page.getByRole("heading", { name: "Access Control", level: 1 })).toBeVisible()
  })

  await test.step("Roles, + Create Role: name and description, Next, LOG-MANAGEMENT, Create", async () => {
    await tabs.getByText("Roles", { exact: true }).click()
    await page.getByText("+ Create Role", { exact: true }).click()
    await dialog.getByLabel("Name").fill(role)
    await dialog.getByLabel("Description").fill("Reads the audit logs of the organization.")
    await dialog.getByRole("button", { name: "Next" }).click()
    await dialog.getByRole("checkbox", { name: "LOG-MANAGEMENT" }).check()
    await dialog.getByRole("button", { name: "Create", exact: true }).click()
    await expect(page.getByRole("link", { name: role })).toBeVisible()
  })

  await test.step("Groups, Edit, Roles, + Add Roles, Add", async () => {
    await tabs.getByText("Groups", { exact: true }).click()
    await page.getByText("+ Create Group", { exact: true }).first().click()
    await dialog.getByLabel("Name").fill(group)
    await dialog.getByRole("button", { name: "Create", exact: true }).click()
    await expect(dialog).toHaveCount(0)
    await expect(page.getByRole("heading", { name: group, level: 2 })).toBeVisible()
    await tabs.getByText("Groups", { exact: true }).click()
    await page.getByRole("row").filter({ hasText: group }).getByRole("link", { name: /Edit/ }).click()
    const parts = page.getByRole("navigation", { name: "Group", exact: true })
    await parts.getByRole("link", { name: "Roles" }).click()
    await page.getByText("+ Add Roles", { exact: true }).first().click()
    await dialog.getByRole("checkbox", { name: role }).check()
    await dialog.getByRole("button", { name: "Add", exact: true }).click()
    await expect(page.getByRole("row").filter({ hasText: role })).toBeVisible()
  })

  const emails = [newAddress(), newAddress()]
  await test.step("+ Invite Member: Roles, the role, Emails, Invite", async () => {
    // The hint appears where the group has just got its role: no page is opened first.
    await page.getByText("+ Invite Member", { exact: true }).click()
    await dialog.getByRole("button", { name: "Roles", exact: true }).click()
    await dialog.getByRole("checkbox", { name: role }).check()
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    await page.evaluate(lines => navigator.clipboard.writeText(lines), emails.join("\n"))
    await dialog.getByLabel("Emails").press("ControlOrMeta+V")
    await dialog.getByRole("button", { name: "Invite", exact: true }).click()
    for (const email of emails) {
      const result = dialog.getByRole("listitem").filter({ hasText: email })
      await expect(result).toContainText("on its way")
    }
    await dialog.getByRole("button", { name: "Done" }).click()
  })

  for (const email of emails) {
    const guest = await (await another()).newPage()
    await test.step(`${email} accepts, sees the audit logs, and is refused everywhere else`, async () => {
      await guest.goto(await invitationLink(email))
      await expect(guest.getByRole("list", { name: "What you get" })).toContainText(role)
      await acceptAsNewcomer(guest, "Grace Hopper", password)
      await expect(guest).toHaveURL(/\/acme\/admin\/audit-logs/)
      await expect(guest.getByRole("table")).toContainText("Grace Hopper")
      await expect(guest.getByRole("link", { name: "Access Control" })).toHaveCount(0)
      for (const closed of closedPages) {
        await guest.goto(`${settings}/${closed}`)
        await expect(guest.getByRole("heading", { level: 1 })).toHaveText(
          "You do not have access to this page",
        )
      }
    })
  }

  await test.step("every step is in the log", async () => {
    const codes = ["role.create", "organization_team.create", "organization_member_invitation.create"]
    for (const operation of codes) {
      await page.goto(`/acme/admin/audit-logs?operation=${operation}&window=1h`)
      await expect(page.getByRole("table")).toContainText("Ada Kowalska")
    }
    await page.goto("/acme/admin/audit-logs?operation=organization_member_invitation.accept&window=1h")
    await expect(page.getByRole("table")).toContainText("Grace Hopper")
  })
})
