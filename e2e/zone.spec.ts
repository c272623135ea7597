import { expect, test } from "./fixtures"
import { logPath, queryOf, rowsOf, waitForScript } from "./log"
import { enter } from "./newcomer"
import { admin } from "./world"

/** A separate person: what is stored for a person must not affect the other specs. */
const email = "zoe.zone@acme.example"

test.use({ timezoneId: "Asia/Kathmandu" })

test.beforeAll(async () => {
  await admin("administrator", "create", "--organization", "acme", "--email", email, "--name", "Zoe Zone")
})

test("the zone is offered once, remembered for the person, and used on every screen and in new questions only", async ({
  page,
  browser,
  baseURL,
}) => {
  await enter(page.context(), { email })
  await page.goto(logPath)
  await waitForScript(page)
  const offer = page.getByRole("region", { name: "Time zone" })
  await expect(offer).toContainText("Asia/Kathmandu")
  await offer.getByRole("button", { name: "Use Asia/Kathmandu" }).focus()
  await page.keyboard.press("Enter")
  await expect(offer).toHaveCount(0)
  await expect(page.getByText(/times in Asia\/Kathmandu \(UTC\+05:45\)/)).toBeVisible()
  await expect.poll(() => new URLSearchParams(queryOf(page)).get("zone")).toBe("Asia/Kathmandu")

  await page.goto(`${logPath}?window=7d`)
  await expect(page.getByText("Last 7 days, until now, times in UTC", { exact: true })).toBeVisible()
  await expect(offer).toHaveCount(0)

  await page.goto("/account")
  await expect(page.getByText(/UTC\+05:45/).first()).toBeVisible()
  await page.goto("/acme/admin/settings/access-control/members")
  await expect(page.getByText(/UTC\+05:45/).first()).toBeVisible()

  const elsewhere = await browser.newContext({ baseURL, timezoneId: "America/New_York" })
  await enter(elsewhere, { email })
  const other = await elsewhere.newPage()
  await other.goto(logPath)
  await waitForScript(other)
  await expect(other.getByText(/days, until now, times in Asia\/Kathmandu/)).toBeVisible()
  await expect(other.getByRole("region", { name: "Time zone" })).toHaveCount(0)
  await expect.poll(() => new URLSearchParams(queryOf(other)).get("zone")).toBe("Asia/Kathmandu")
  await expect(rowsOf(other).first()).toBeVisible()
  await elsewhere.close()
})
