import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { expectAccessible, expectNoSidewaysScroll, tabTo } from "./accessibility"
import { inDatabase } from "./database"
import { expect, test } from "./fixtures"
import { arrive } from "./narrow-people"
import { type Newcomer, newcomer, organizationOf } from "./newcomer"
import { confirmIdentity } from "./proof"

const settings = "/acme/admin/settings"
const path = `${settings}/access-control/groups`
const logs = "/acme/admin/audit-logs"
const refusal = "You do not have access to this page"

function dialog(page: Page) {
  return page.getByRole("dialog")
}

/** The tabs of a group. */
function parts(page: Page) {
  return page.getByRole("navigation", { name: "Group", exact: true })
}

/** Opens a tab of the current group. */
async function openPart(page: Page, part: "Members" | "Roles" | "Apps"): Promise<void> {
  await parts(page).getByRole("link", { name: part }).click()
  await expect(page).toHaveURL(new RegExp(`\\?tab=${part.toLowerCase()}$`))
  await expect(parts(page).locator("[aria-current]")).toHaveText(new RegExp(`^${part}`))
}

/** Creates a group in the dialog, and stays on its page. */
async function createGroup(page: Page, name: string): Promise<void> {
  await page.goto(path)
  await page.getByRole("button", { name: "Create Group" }).click()
  await dialog(page).getByLabel("Name", { exact: true }).fill(name)
  await dialog(page).getByLabel("Description").fill("Made by a spec.")
  await dialog(page).getByRole("button", { name: "Create", exact: true }).click()
  await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible()
}

/** Adds what the dialog of that button lists under these words. */
async function add(page: Page, button: string, words: readonly (string | RegExp)[]): Promise<void> {
  await page.getByRole("button", { name: button }).click()
  const search = dialog(page).getByRole("searchbox")
  for (const text of words) {
    if ((await search.count()) > 0 && typeof text === "string") await search.fill(text)
    await dialog(page).getByRole("checkbox", { name: text }).check()
  }
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click()
  await expect(dialog(page)).toHaveCount(0)
}

async function makeRole(page: Page, name: string): Promise<void> {
  await page.goto(`${settings}/access-control/roles`)
  await page.getByRole("button", { name: "Create Role" }).click()
  await dialog(page).getByLabel("Name").fill(name)
  await dialog(page).getByRole("button", { name: "Next" }).click()
  await dialog(page).getByRole("checkbox", { name: "LOG-MANAGEMENT" }).check()
  await dialog(page).getByRole("button", { name: "Create", exact: true }).click()
  await expect(page.getByRole("link", { name })).toBeVisible()
}

test("a role is given through a group: Groups, Edit, Roles, + Add Roles, Add; its member sees the log until it is taken away", async ({
  as,
  another,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const unique = randomUUID().slice(0, 8)
  const [role, group] = [`Readers ${unique}`, `Reviewers ${unique}`]
  const { person, context } = await arrive(another, "Member")
  const other = await context.newPage()
  await other.goto(logs)
  await expect(other.getByRole("heading", { level: 1 })).toHaveText(refusal)
  await makeRole(page, role)

  await test.step("the Access Control tab, Groups, + Create Group, Add Members", async () => {
    await createGroup(page, group)
    await add(page, "Add Members", [person.email])
    await expect(page.getByRole("row").filter({ hasText: person.email })).toBeVisible()
  })

  await test.step("the list shows the group with its details", async () => {
    await page
      .getByRole("navigation", { name: "Access Control" })
      .getByRole("link", { name: "Groups" })
      .click()
    await page.getByRole("searchbox", { name: "Search groups" }).fill(unique)
    const row = page.getByRole("row").filter({ hasText: group })
    await expect(row).toContainText("Made by a spec.")
    await expect(row).toContainText(person.name)
    await expect(row).toContainText("All apps")
  })

  await test.step("Edit, Roles, + Add Roles, the role, Add", async () => {
    await page.getByRole("link", { name: `Edit group ${group}` }).click()
    await openPart(page, "Roles")
    await expect(page.getByRole("heading", { name: "The group has no roles yet" })).toBeVisible()
    await add(page, "Add Roles", [role])
    await expect(page.getByRole("row").filter({ hasText: role })).toContainText(
      "See, search and export the organization's audit logs.",
    )
  })

  await test.step("the member opens the audit logs, and is refused there once the role is taken away", async () => {
    await other.goto(logs)
    await expect(other.getByRole("table")).toBeVisible()
    await page.getByRole("button", { name: `Remove ${role}` }).click()
    await expect(dialog(page)).toContainText(`Remove ${role} from ${group}?`)
    await expect(dialog(page)).toContainText(person.name)
    await dialog(page).getByRole("button", { name: "Remove", exact: true }).click()
    await expect(page.getByRole("heading", { name: "The group has no roles yet" })).toBeVisible()
    await other.goto(logs)
    await expect(other.getByRole("heading", { level: 1 })).toHaveText(refusal)
  })

  await test.step("all of it is in the log", async () => {
    const answer = await page.request.get(
      `${logs}/export?format=jsonl&window=1h&target=${page.url().match(/groups\/([^?]+)/)?.[1]}`,
    )
    const operations = (await answer.text())
      .trim()
      .split("\n")
      .map(line => JSON.parse(line).operation)
    expect(operations.sort()).toEqual([
      "organization_team.create",
      "organization_team_member.add",
      "organization_team_role.add",
      "organization_team_role.remove",
    ])
  })
})

test("several members are added and removed at once; a group is limited to an app, changed and deleted", async ({
  as,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const unique = randomUUID().slice(0, 8)
  const group = `Bulk ${unique}`
  const people: readonly Newcomer[] = [
    await newcomer("Member"),
    await newcomer("Member"),
    await newcomer("Member"),
  ]
  await createGroup(page, group)

  await test.step("the dialog adds three, and says that somebody has to be chosen", async () => {
    await page.getByRole("button", { name: "Add Members" }).click()
    await dialog(page).getByRole("button", { name: "Add", exact: true }).click()
    await expect(dialog(page).getByRole("alert")).toHaveText("Choose at least one member.")
    await page.keyboard.press("Escape")
    await add(
      page,
      "Add Members",
      people.map(({ email }) => email),
    )
    for (const { email } of people)
      await expect(page.getByRole("row").filter({ hasText: email })).toBeVisible()
  })

  await test.step("two are removed at once, named before it is done", async () => {
    for (const { email } of people.slice(0, 2)) {
      await page.getByRole("row").filter({ hasText: email }).getByRole("checkbox").check()
    }
    await expect(page.getByRole("status").filter({ hasText: "2 members selected" })).toBeVisible()
    await page.getByRole("button", { name: "Remove selected" }).click()
    await dialog(page).getByRole("button", { name: "Remove", exact: true }).click()
    await expect(parts(page).getByRole("link", { name: "Members" })).toHaveText("Members1")
    await expect(page.getByRole("row").filter({ hasText: people[2]?.email })).toBeVisible()
  })

  await test.step("the first app limits the group, and taking it out ends the limit", async () => {
    await openPart(page, "Apps")
    await expect(page.getByRole("heading", { name: "The group is not limited" })).toBeVisible()
    await add(page, "Add Apps", [/Sandbox/])
    await page.getByRole("button", { name: "Remove Sandbox" }).click()
    await expect(dialog(page)).toContainText("the limit ends")
    await dialog(page).getByRole("button", { name: "Cancel" }).click()
    await page.goto(path)
    await expect(page.getByRole("row").filter({ hasText: group })).toContainText("Sandbox")
  })

  await test.step("it is renamed, and refused the name of another", async () => {
    await page.getByRole("link", { name: group, exact: true }).click()
    await page.getByRole("button", { name: "Edit details" }).click()
    await dialog(page).getByLabel("Name", { exact: true }).fill("")
    await dialog(page).getByRole("button", { name: "Save" }).click()
    await expect(dialog(page).getByLabel("Name", { exact: true })).toHaveAccessibleDescription("Give a name.")
    await dialog(page).getByLabel("Name", { exact: true }).fill(`${group} renamed`)
    await dialog(page)
      .getByLabel(/claim value/)
      .fill(`claim-${unique}`)
    await dialog(page).getByRole("button", { name: "Save" }).click()
    await expect(page.getByRole("heading", { name: `${group} renamed`, level: 2 })).toBeVisible()
    await expect(page.getByText(`claim-${unique}`)).toBeVisible()
  })

  await test.step("it is deleted after saying who leaves it, and its address is the same 404 as none", async () => {
    const address = page.url()
    await page.getByRole("button", { name: "Delete" }).click()
    await expect(dialog(page)).toContainText("Nora Newcomer (1 member)")
    await dialog(page).getByRole("button", { name: "Delete group" }).click()
    await expect(page).toHaveURL(path)
    expect((await page.request.get(address)).status()).toBe(404)
    expect((await page.request.get(`${path}/${randomUUID()}`)).status()).toBe(404)
  })
})

test("the last administrator is not removed from the group that makes them one", async ({ another }) => {
  const slug = `solo-${randomUUID().slice(0, 8)}`
  const { context, person } = await arrive(another, "Member")
  const page = await context.newPage()
  await organizationOf({ slug, name: "Solo", email: person.email, person: person.name })
  await confirmIdentity(page)
  const base = `/${slug}/admin/settings/access-control`
  await page.goto(`${base}/groups`)
  await expect(page.getByRole("heading", { name: "There are no groups yet" })).toBeVisible()
  await page.getByRole("button", { name: "Create Group" }).click()
  await dialog(page).getByLabel("Name", { exact: true }).fill("Owners")
  await dialog(page).getByRole("button", { name: "Create", exact: true }).click()
  await expect(page.getByRole("heading", { name: "Owners", level: 2 })).toBeVisible()
  await add(page, "Add Members", [person.email])
  await openPart(page, "Roles")
  await add(page, "Add Roles", [/Organization Administrator/])
  await test.step("they hold the role through the group only", async () => {
    await inDatabase(slug, [["DELETE FROM membership_role WHERE organization_id = $1"]])
    await page.reload()
  })
  await page.getByRole("button", { name: "Remove Organization Administrator" }).click()
  await dialog(page).getByRole("button", { name: "Remove", exact: true }).click()
  await expect(dialog(page).getByRole("alert")).toContainText("the last administrator")
  await dialog(page).getByRole("button", { name: "Cancel" }).click()
  await openPart(page, "Members")
  await page.getByRole("button", { name: `Remove ${person.name}` }).click()
  await dialog(page).getByRole("button", { name: "Remove", exact: true }).click()
  await expect(dialog(page).getByRole("alert")).toContainText("the last administrator")
})

test("the screens of groups pass axe in both schemes, answer the keyboard and do not scroll sideways", async ({
  as,
}) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const group = `Accessible ${randomUUID().slice(0, 8)}`
  await createGroup(page, group)
  await expectAccessible(page, "an empty group")
  const person = await newcomer("Member")
  await page.reload()
  await add(page, "Add Members", [person.email])
  await expectAccessible(page, "members")
  // From the top of the page: behind its end the focus belongs to the browser.
  await page.reload()
  await tabTo(page, "link", /^Apps ?\d+$/)
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/tab=apps/)
  await openPart(page, "Roles")
  await page.getByRole("button", { name: "Add Roles" }).click()
  await expectAccessible(page, "the dialog that adds roles")
  await page.keyboard.press("Escape")
  await add(page, "Add Roles", [/Auditor/])
  await expectAccessible(page, "roles")
  const address = page.url()
  await page.goto(path)
  await expectAccessible(page, "the list")
  await page.setViewportSize({ width: 390, height: 844 })
  for (const each of [path, address, address.replace("roles", "members")]) {
    await page.goto(each)
    await expect(page.getByRole("table")).toBeVisible()
    await expectNoSidewaysScroll(page, each)
  }
})
