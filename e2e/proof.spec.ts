import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { expectAccessible } from "./accessibility"
import { allEvents } from "./api"
import { inDatabase } from "./database"
import { expect, test } from "./fixtures"
import { latestMail } from "./mail"
import { enter, type Newcomer, newcomer } from "./newcomer"
import { beginKey, makeProofsOld } from "./proof"
import { password } from "./world"

const question = (page: Page) => page.getByRole("dialog", { name: "Confirm that it is you" })

async function arrive(page: Page): Promise<Newcomer> {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  return person
}

test("a dangerous act asks again who one is, and is done with what was typed once the password was given", async ({
  page,
  request,
  world,
}) => {
  const person = await arrive(page)
  const name = `proof-${randomUUID().slice(0, 8)}`
  const form = await beginKey(page, name)
  await makeProofsOld(person.id)
  await form.getByRole("button", { name: "Create key" }).click()
  await expect(question(page).getByLabel("Password", { exact: true })).toBeFocused()
  await expectAccessible(page, "confirm that it is you")

  await test.step("whoever does not answer is told why nothing was done, and keeps what was typed", async () => {
    await page.keyboard.press("Escape")
    await expect(question(page)).toHaveCount(0)
    await expect(form.getByRole("alert")).toContainText("Prove again that it is you")
    await expect(form.getByLabel("Name")).toHaveValue(name)
  })

  await form.getByRole("button", { name: "Create key" }).click()
  await question(page).getByLabel("Password", { exact: true }).fill(password)
  await page.keyboard.press("Enter")
  await expect(page.getByText("Only its hash is kept")).toBeVisible()
  await page.getByRole("button", { name: "I have copied the key" }).click()
  await expect(page.getByRole("table")).toContainText(name)

  const query = `actor=${person.id}&window=1h&order=oldest`
  const done = (await allEvents(request, world.keys.reading, query)).map(event => event.operation)
  expect(done).toContain("user_session.prove")
  expect(done.filter(operation => operation === "api_key.create")).toHaveLength(1)
})

test("whoever has no password proves it by a mailed link in another window, and goes on where they were", async ({
  page,
  context,
}) => {
  const person = await arrive(page)
  await inDatabase("acme", [
    ["UPDATE person SET password_hash = NULL WHERE id = $2 AND $1::uuid IS NOT NULL", person.id],
  ])
  const name = `proof-${randomUUID().slice(0, 8)}`
  const form = await beginKey(page, name)
  await makeProofsOld(person.id)
  await form.getByRole("button", { name: "Create key" }).click()
  await expect(question(page).getByLabel("Password")).toHaveCount(0)
  await question(page).getByRole("button", { name: "E-mail me a link" }).click()
  await expect(question(page)).toContainText(`A link is on its way to ${person.email}`)
  await expectAccessible(page, "a link was mailed")

  const { links } = await latestMail(person.email, { subject: /sign-in link/ })
  const other = await context.newPage()
  await other.goto(links[0] ?? "")
  await other.getByRole("button", { name: "Sign in" }).click()
  await expect(other).toHaveURL("/acme/admin/settings/apps/sandbox")
  await other.close()

  await question(page).getByRole("button", { name: "I have signed in" }).click()
  await expect(page.getByText("Only its hash is kept")).toBeVisible()
})
