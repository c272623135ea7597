import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { allEvents } from "./api"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"
import { makeProofsOld } from "./proof"
import { password } from "./world"

const settings = "/acme/admin/settings"
const question = (page: Page) => page.getByRole("dialog", { name: "Confirm that it is you" })

/** Every request that contains the data of a form. */
function sendings(page: Page): readonly string[] {
  const sent: string[] = []
  page.on("request", request => {
    if (request.method() === "POST") sent.push(request.url())
  })
  return sent
}

test("an empty form says all its faults at once, has the focus on the first, sends nothing and leaves no event", async ({
  page,
  request,
  world,
}) => {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  await page.goto("/account")
  const sent = sendings(page)
  await page.getByRole("button", { name: "Change password" }).click()
  await expect(page.getByLabel("Current password")).toBeFocused()
  await expect(page.getByText("Give your present password.")).toBeVisible()
  await expect(page.getByText("Give a password.")).toBeVisible()
  await page.getByRole("textbox", { name: "Name" }).fill(" ")
  await page.getByRole("button", { name: "Change name" }).click()
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused()

  await page.goto(`${settings}/apps/sandbox`)
  await makeProofsOld(person.id)
  const dialog = page.getByRole("dialog")
  await page.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByRole("checkbox").first()).toBeVisible()
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck()
  await dialog.getByRole("button", { name: "Create key" }).click()
  await expect(dialog.getByLabel("Name")).toBeFocused()
  await expect(dialog.getByText("Give a name.")).toBeVisible()
  await expect(dialog.getByText("Choose at least one.")).toBeVisible()
  // Nobody is asked to prove their identity for a form that cannot be sent.
  await expect(question(page)).toHaveCount(0)

  await page.context().clearCookies()
  await page.goto("/sign-in")
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await expect(page.getByText("Give your e-mail address.")).toBeVisible()
  await expect(page.getByText("Give your password.")).toBeVisible()
  await expect(page.getByLabel("E-mail")).toBeFocused()
  expect(sent).toEqual([])

  const failed = await allEvents(
    request,
    world.keys.reading,
    `actor=${person.id}&window=1h&status=failure&status=denied`,
  )
  expect(failed).toEqual([])
})

test("a text beyond its limit is shown whole with a count, and not cut", async ({ page }) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  await page.goto(`${settings}/access-control/groups`)
  await page.getByRole("button", { name: "Create Group" }).first().click()
  const name = page.getByRole("dialog").getByLabel("Name")
  await name.fill("x".repeat(113))
  await expect(name).toHaveValue("x".repeat(113))
  await expect(page.getByRole("dialog")).toContainText("113 of 100")
  await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click()
  await expect(page.getByRole("dialog")).toContainText("Use at most 100 characters; these are 113.")
})

test("a dialog with input asks before Escape closes it, one without closes", async ({ page }) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  await page.goto(`${settings}/access-control/groups`)
  const dialog = page.getByRole("dialog")
  const open = () => page.getByRole("button", { name: "Create Group" }).first().click()
  await open()
  await expect(dialog.getByLabel("Name")).toBeFocused()
  await page.keyboard.press("Escape")
  await expect(dialog).toHaveCount(0)
  await open()
  await dialog.getByLabel("Name").fill("Half a name")
  await page.keyboard.press("Escape")
  await expect(dialog.getByRole("alert")).toContainText("lose what you entered")
  await page.keyboard.press("Enter")
  await expect(dialog.getByRole("alert")).toHaveCount(0)
  await expect(dialog.getByLabel("Name")).toHaveValue("Half a name")
  // A click outside of the dialog asks as well.
  await page.mouse.click(5, 400)
  await dialog.getByRole("button", { name: "Discard" }).click()
  await expect(dialog).toHaveCount(0)
})

/** Dangerous operations, each started in a dialog or on a page, up to the button that sends it. */
const acts: readonly (readonly [
  string,
  (page: Page) => Promise<unknown>,
  (page: Page) => Promise<unknown>,
])[] = [
  [
    "create a key",
    async page => {
      await page.goto(`${settings}/apps/sandbox`)
      await page.getByRole("button", { name: "Create key" }).click()
      await page
        .getByRole("dialog")
        .getByLabel("Name")
        .fill(`wrong-${randomUUID().slice(0, 8)}`)
      await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click()
    },
    page => expect(page.getByText("Only its hash is kept")).toBeVisible(),
  ],
  [
    "create a role that makes others more powerful",
    async page => {
      await page.goto(`${settings}/access-control/roles`)
      await page.getByRole("button", { name: "Create Role" }).click()
      const dialog = page.getByRole("dialog")
      await dialog.getByLabel("Name").fill(`Wrong ${randomUUID().slice(0, 8)}`)
      await dialog.getByRole("button", { name: "Next" }).click()
      await dialog.getByRole("checkbox", { name: "MEMBER-MANAGEMENT" }).check()
      await dialog.getByRole("button", { name: "Create", exact: true }).click()
    },
    page => expect(page.getByRole("dialog")).toHaveCount(0),
  ],
  [
    "invite an administrator",
    async page => {
      await page.goto(`${settings}/access-control/members`)
      await page.getByRole("button", { name: "Invite Member" }).click()
      const dialog = page.getByRole("dialog")
      await dialog.getByRole("button", { name: "Roles", exact: true }).click()
      await dialog.getByRole("checkbox", { name: "Organization Administrator" }).check()
      await dialog.getByLabel("Emails").fill(`w-${randomUUID().slice(0, 8)}@partner.example`)
      await dialog.getByRole("button", { name: "Invite", exact: true }).click()
    },
    page => expect(page.getByText("The invitation is on its way.")).toBeVisible(),
  ],
  [
    "give a member a powerful role",
    async page => {
      await page.goto(`${settings}/access-control/members/${(await newcomer("Member")).id}`)
      await page.getByRole("button", { name: "Change roles" }).click()
      const dialog = page.getByRole("dialog")
      await dialog.getByRole("checkbox", { name: "Organization Administrator" }).check()
      await dialog.getByRole("button", { name: "Save" }).click()
    },
    page => expect(page.getByRole("region", { name: "Roles" })).toContainText("Organization Administrator"),
  ],
]

test("a wrong password is told, and the right one after it goes through, in every dialog with proof", async ({
  page,
}) => {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  for (const [what, begin, done] of acts) {
    await test.step(what, async () => {
      await makeProofsOld(person.id)
      await begin(page)
      const field = question(page).getByLabel("Password", { exact: true })
      await question(page).getByRole("button", { name: "Confirm" }).click()
      await expect(field).toHaveAttribute("aria-invalid", "true")
      await field.fill("a wrong password")
      await page.keyboard.press("Enter")
      await expect(question(page)).toContainText("This is not your password.")
      await expect(field).toBeFocused()
      await field.fill(password)
      await page.keyboard.press("Enter")
      await done(page)
    })
  }
})

test("signing out in one tab hides what another tab shows", async ({ page, context }) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  await page.goto(`${settings}/access-control/members`)
  await expect(page.getByRole("table")).toBeVisible()
  const other = await context.newPage()
  await other.goto("/account")
  await other.getByRole("button", { name: /^Account: / }).click()
  await other.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(other).toHaveURL(/\/sign-in/)
  await expect(page).toHaveURL(/\/sign-in\?return=/)
  await expect(page.getByRole("table")).toHaveCount(0)
})

test("a session that ended elsewhere hides what a tab shows when it gets the focus again", async ({
  page,
  context,
}) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  await page.goto(`${settings}/access-control/members`)
  await expect(page.getByRole("table")).toBeVisible()
  await context.clearCookies()
  // A page reacts once its scripts have run.
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("focus")))
    await expect(page).toHaveURL(/\/sign-in\?return=/, { timeout: 2_000 })
  }).toPass({ timeout: 60_000 })
})
