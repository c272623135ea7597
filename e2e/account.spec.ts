import { allEvents, bearer } from "./api"
import { expect, test } from "./fixtures"
import { newcomer, redeem, signedIn } from "./newcomer"
import { password } from "./world"

const better = "four quite unrelated words"
const wrong = "this is not it, I think"

test("a password is changed by who knows the present one, and every other session ends with it", async ({
  page,
  browser,
  request,
  world,
}) => {
  const person = newcomer()
  await redeem(page, person.link)
  const elsewhere = await signedIn(browser, person.email)
  await page.goto("/account")
  const current = page.getByLabel("Current password", { exact: true })
  const next = page.getByLabel("New password", { exact: true })
  const change = async (present: string, wanted: string) => {
    await current.fill(present)
    await next.fill(wanted)
    await page.getByRole("button", { name: "Change password" }).click()
  }

  await change(wrong, better)
  await expect(current).toHaveAccessibleDescription(/This is not your present password/)
  await expect(next).not.toHaveAttribute("aria-invalid", "true")

  await change(password, "short")
  await expect(next).toHaveAttribute("aria-invalid", "true")
  await expect(next).toHaveAccessibleDescription(/characters.*characters/s)
  await expect(current).not.toHaveAttribute("aria-invalid", "true")
  expect((await elsewhere.request.get("/account", { maxRedirects: 0 })).status()).toBe(200)

  await change(password, better)
  await expect(page.getByText("Password changed. Other sessions were signed out.")).toBeVisible()
  await expect(current).toHaveValue("")
  expect((await elsewhere.request.get("/acme/admin/audit-logs/events")).status()).toBe(401)
  expect((await page.request.get("/acme/admin/audit-logs/events")).status()).toBe(200)
  await elsewhere.close()
  await (await signedIn(browser, person.email, better)).close()

  // What a form refuses beside a field is no event; a wrong password is one.
  const question = `operation=user_password.update&actor=${person.id}&window=1h&order=oldest`
  const statuses = (await allEvents(request, world.keys.reading, question)).map(event => event.status)
  expect(statuses).toEqual(["failure", "success"])

  const evidence = await request.get(
    "/api/v1/events/export?format=jsonl&window=1h&operation=user_password.update",
    {
      headers: bearer(world.keys.reading),
    },
  )
  const log = await evidence.text()
  expect(log).toContain(person.id)
  for (const secret of [password, better, wrong]) expect(log).not.toContain(secret)
})
