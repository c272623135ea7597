import { expectAccessible } from "./accessibility"
import { allEvents, bearer } from "./api"
import { expect, test } from "./fixtures"
import { enter, newcomer, signIn } from "./newcomer"
import { password } from "./world"

const better = "four quite unrelated words"
const wrong = "this is not it, I think"

test("a password is changed by who knows the present one, and every other session ends with it", async ({
  page,
  another,
  request,
  world,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const elsewhere = await another()
  await signIn(elsewhere, person.email)
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
  await signIn(await another(), person.email, better)

  // What a form refuses beside a field is no event; a wrong password is one.
  const query = `operation=user_password.update&actor=${person.id}&window=1h&order=oldest`
  const statuses = (await allEvents(request, world.keys.reading, query)).map(event => event.status)
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

test("a person sees where they are signed in, and signs out there and everywhere else", async ({
  page,
  another,
  browser,
  request,
  world,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
  const there = await browser.newContext({ userAgent: firefox })
  const third = await another()
  for (const context of [there, third]) await signIn(context, person.email)
  await page.goto("/account")
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem")
  await expect(sessions).toHaveCount(3)
  await expect(sessions.first()).toContainText("This browser")
  await expect(sessions.first()).toContainText(/Chrome on \w+/)
  await expect(sessions.first()).toContainText("127.0.0.1")
  const row = sessions.filter({ hasText: "Firefox on Windows" })
  await expect(row).toContainText(/\d{4}-\d\d-\d\d \d\d:\d\d UTC by password/)
  await expectAccessible(page, "account with sessions")

  await row.getByRole("button", { name: "Sign out there" }).click()
  const question = page.getByRole("dialog", { name: "Sign out of Firefox on Windows?" })
  await question.getByRole("button", { name: "Sign out there" }).click()
  await expect(sessions).toHaveCount(2)
  expect((await there.request.get("/acme/admin/audit-logs/events")).status()).toBe(401)
  expect((await third.request.get("/acme/admin/audit-logs/events")).status()).toBe(200)

  await page.getByRole("button", { name: "Sign out everywhere else" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere else" }).click()
  await expect(sessions).toHaveCount(1)
  await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0)
  expect((await third.request.get("/acme/admin/audit-logs/events")).status()).toBe(401)
  expect((await page.request.get("/acme/admin/audit-logs/events")).status()).toBe(200)
  await there.close()

  const events = await allEvents(request, world.keys.reading, `actor=${person.id}&window=1h&order=oldest`)
  const operations = events.map(event => event.operation)
  expect(operations).toContain("user_session.delete_other")
  expect(operations).toContain("user_session.delete_others")
})

test("a new name is read everywhere from then on, and the log says what it was", async ({
  page,
  request,
  world,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  await page.goto("/account")
  const name = page.getByLabel("Name", { exact: true })
  await name.fill(" ")
  await page.getByRole("button", { name: "Change name" }).click()
  await expect(name).toHaveAccessibleDescription(/Give a name/)
  await name.fill("Nora Renamed")
  await page.getByRole("button", { name: "Change name" }).click()
  await expect(page.getByText("Name changed.")).toBeVisible()
  await expect(page.getByRole("button", { name: /^Account: Nora Renamed/ })).toBeVisible()

  const [event] = await allEvents(
    request,
    world.keys.reading,
    `operation=user.update&actor=${person.id}&window=1h`,
  )
  expect(event).toMatchObject({
    status: "success",
    operationCode: 800,
    changes: [{ path: "/name", before: person.name, after: "Nora Renamed" }],
  })
})
