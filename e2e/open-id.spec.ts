import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { allEvents } from "./api"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"
import { confirmIdentity } from "./proof"

const button = "Continue with Acme SSO"

/** Submits the provider's own pages: enters a login, and consents. */
async function passProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login)
  await page.getByPlaceholder("and password").fill("anything")
  await page.getByRole("button", { name: "Sign-in" }).click()
  await page.getByRole("button", { name: "Continue" }).click()
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/(?!auth|interaction)/)
}

test("somebody who never had a password signs in with the provider, and is led to the page that was wanted", async ({
  page,
  request,
  world,
}) => {
  const { id, email } = await newcomer()
  await page.goto("/acme/admin/audit-logs?status=denied")
  await page.getByRole("button", { name: button }).click()
  await passProvider(page, email)
  await expect(page).toHaveURL(/\/acme\/admin\/audit-logs\?status=denied$/)
  await page.goto("/account")
  await expect(page.getByRole("list", { name: "Connected accounts" })).toContainText(email)
  await expect(page.getByRole("button", { name: "Disconnect" })).toHaveCount(0)

  const query = `operation=user_session.create&actor=${id}&window=1h`
  const events = await allEvents(request, world.keys.reading, query)
  expect(events.map(event => event.status)).toEqual(["success"])
})

test("an account with a password is not entered by its address: it is connected from inside, and disconnected there", async ({
  page,
  another,
}) => {
  const { email } = await newcomer()
  await confirmIdentity(page)
  await enter(page.context(), { email })

  const other = await (await another()).newPage()
  await other.goto("/sign-in")
  await other.getByRole("button", { name: button }).click()
  await passProvider(other, email)
  await expect(other).toHaveURL(/\/sign-in\?refused=connect-first/)
  await expect(other.locator("main [role=alert]")).toContainText("connect Acme SSO under Account")

  await page.goto("/account")
  await page.getByRole("button", { name: "Connect Acme SSO" }).click()
  await passProvider(page, email)
  await expect(page).toHaveURL(/\/account$/)
  const list = page.getByRole("list", { name: "Connected accounts" })
  await expect(list).toContainText(email)

  // The provider still knows this browser, and asks for consent only.
  await other.getByRole("button", { name: button }).click()
  await other.getByRole("button", { name: "Continue", exact: true }).click()
  await expect(other).toHaveURL(/\/acme/)

  await list.getByRole("button", { name: "Disconnect" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click()
  await expect(list).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Connect Acme SSO" })).toBeVisible()
})

test("an address that is not verified, of another domain, or that nobody invited is refused, each in its own words", async ({
  another,
}) => {
  const name = randomUUID().slice(0, 8)
  for (const [login, words] of [
    [`unverified-${name}@acme.example`, "does not say that your e-mail address is verified"],
    [`${name}@globex.example`, "domain cannot be used here"],
    [`${name}@acme.example`, "no open invitation"],
  ] as const) {
    const page = await (await another()).newPage()
    await page.goto("/sign-in")
    await page.getByRole("button", { name: button }).click()
    await passProvider(page, login)
    await expect(page.locator("main [role=alert]"), login).toContainText(words)
  }
})
