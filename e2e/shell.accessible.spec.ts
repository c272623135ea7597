import type { Page } from "@playwright/test"
import { expectNoSidewaysScroll, expectAccessible as expectNothingFound } from "./accessibility"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"
import { password } from "./world"

const widths = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const

/** Expects no accessibility faults in both widths, each in both themes, and no horizontal scrolling. */
async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const size of widths) {
    await page.setViewportSize(size)
    await expectNothingFound(page, `${what}, ${size.width} px`)
    await expectNoSidewaysScroll(page, `${what} at ${size.width} px scrolls sideways`)
  }
  await page.setViewportSize(widths[0])
}

test("pages for whoever is not signed in are accessible, light and dark, wide and narrow", async ({
  page,
}) => {
  await page.goto("/sign-in")
  await expectAccessible(page, "sign-in")
  await page.goto("/sign-in/link?token=made-up-token")
  await expectAccessible(page, "one-time link")
  await page.goto("/sign-in/link?token=made-up-token&for=reset")
  await expectAccessible(page, "link of a reset")
  await page.goto("/sign-in/e-mail?token=made-up-token")
  await expectAccessible(page, "link that signs in")
  await page.goto("/sign-in/e-mail")
  await expectAccessible(page, "asking for a link")
  await page.goto("/sign-in/reset")
  await expectAccessible(page, "forgot password")
  await page.goto("/sign-in/link")
  await expectAccessible(page, "incomplete link")
})

test("pages of settings and their dialogs are accessible, light and dark, wide and narrow", async ({
  as,
}) => {
  const page = await as("administrator")
  await page.goto("/account")
  await expectAccessible(page, "account")
  await page.getByRole("button", { name: "Sign out everywhere", exact: true }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectAccessible(page, "sign out everywhere")
  await page.goto("/acme/admin/settings/apps")
  await expectAccessible(page, "apps")
  await page.getByRole("button", { name: "Create app" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectAccessible(page, "create an app")
  await page.goto("/acme/admin/settings/apps/sandbox")
  await expectAccessible(page, "app")
  await page.getByRole("button", { name: "Create key" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectAccessible(page, "create a key")
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click()
  await page
    .getByRole("button", { name: /^Revoke key/ })
    .first()
    .click()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectAccessible(page, "revoke a key")
})

test("pages that refuse are accessible, light and dark, wide and narrow", async ({ as }) => {
  const page = await as("member")
  await page.goto("/acme/admin/audit-logs")
  await expect(page.getByRole("heading", { name: "You do not have access to this page" })).toBeVisible()
  await expectAccessible(page, "no permission")
  for (const path of ["/acme/admin/nothing", "/no-such-organization", "/account/nothing"]) {
    expect((await page.goto(path))?.status(), path).toBe(404)
    await expectAccessible(page, path)
  }
})

test("the keyboard alone leads from signing in to the log: Organization, Admin, Audit Logs", async ({
  page,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  await page.context().clearCookies()
  await page.goto("/sign-in?return=/account")
  await expect(page.getByLabel("E-mail")).toBeFocused()
  await page.keyboard.type(person.email)
  await page.keyboard.press("Tab")
  await page.keyboard.type(password)
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/\/account$/)

  await tabTo(page, "link", "Organization")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/\/acme/)
  const side = page.getByRole("navigation", { name: "Organization" })
  await expect(side.getByRole("link", { name: "Admin" })).toBeVisible()
  await tabTo(page, "link", "Audit Logs")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/\/acme\/admin\/audit-logs$/)
  await expect(page.getByRole("heading", { name: "Audit Logs", level: 1 })).toBeVisible()
  await expect(side.getByRole("link", { name: "Audit Logs" })).toHaveAttribute("aria-current", "page")
})

/** Presses Tab until that control has the focus; gives up after as many as a page may have. */
async function tabTo(page: Page, role: "link", name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true })
  await expect(wanted).toBeVisible()
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab")
    if (await wanted.evaluate(element => element === document.activeElement)) return
  }
  throw new Error(`Tab does not lead to "${name}".`)
}

test("the first Tab leads to the skip link, and the skip link past the navigation", async ({ as }) => {
  const page = await as("administrator")
  await page.goto("/acme/admin/settings/apps")
  await page.keyboard.press("Tab")
  const skip = page.getByRole("link", { name: "Skip to content" })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press("Enter")
  await expect(page.locator("#content")).toBeFocused()
  await page.keyboard.press("Tab")
  await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link").first()).toBeFocused()
})

test("a chosen theme is in the first byte of the next page, and can be given back to the system", async ({
  as,
}) => {
  const page = await as("reader")
  await page.emulateMedia({ colorScheme: "light" })
  await page.goto("/account")
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  const choose = async (theme: string) => {
    await page.getByRole("button", { name: /^Account: / }).click()
    await page.getByRole("menuitemradio", { name: theme }).click()
    await page.keyboard.press("Escape")
  }
  await choose("Dark")
  const dark = await ground()
  expect(dark).not.toBe(light)
  const served = await page.request.get("/account")
  expect(await served.text()).toMatch(/<html[^>]* data-theme="dark"/)
  await page.reload()
  expect(await ground()).toBe(dark)
  await choose("System")
  await page.reload()
  expect(await ground()).toBe(light)
})
