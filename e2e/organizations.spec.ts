import { randomUUID } from "node:crypto"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"

test("an administrator makes another organization, renames it, gives it another address, and switches back", async ({
  page,
}) => {
  // A separate person: signing in leads to the organization used last, and other specs depend on theirs.
  await enter(page.context(), await newcomer("Organization Administrator"))
  const unique = randomUUID().slice(0, 8)
  await page.goto("/acme/admin/audit-logs")
  await page.getByRole("button", { name: "Organization: Acme Robotics" }).click()
  await page.getByRole("menuitem", { name: "Create organization" }).click()
  const dialog = page.getByRole("dialog", { name: "Create an organization" })
  await dialog.getByLabel("Name", { exact: true }).fill(`Hooli ${unique}`)
  await expect(dialog.getByLabel("URL name")).toHaveValue(`hooli-${unique}`)
  await dialog.getByRole("button", { name: "Create organization" }).click()
  await expect(page).toHaveURL(`/hooli-${unique}/admin/audit-logs`)
  await expect(page.getByText(`The organization Hooli ${unique} was created.`).first()).toBeVisible()

  await page.goto(`/hooli-${unique}/admin/settings/organization`)
  await expect(page).toHaveTitle(`Organization · Hooli ${unique} · Auditorium`)
  await page.getByRole("textbox", { name: "URL name" }).fill("api")
  await page.getByRole("button", { name: "Save" }).click()
  await expect(page.getByText("This word has another meaning in addresses.")).toBeVisible()
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(`Pied Piper ${unique}`)
  await page.getByRole("textbox", { name: "URL name" }).fill(`piper-${unique}`)
  await page.getByRole("button", { name: "Save" }).click()
  await expect(page).toHaveURL(`/piper-${unique}/admin/settings/organization`)
  expect((await page.goto(`/hooli-${unique}`))?.status()).toBe(404)

  await page.goto(`/piper-${unique}/admin/settings/organization`)
  await page.getByRole("button", { name: `Organization: Pied Piper ${unique}` }).click()
  await page.getByRole("menuitem", { name: "Acme Robotics" }).click()
  await expect(page).toHaveURL(/\/acme\/admin\/audit-logs/)
})

test("an administrator adds a Clarifai user id and removes it, by the keyboard, and both are in the log", async ({
  page,
}) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  const value = `alfrick-${randomUUID().slice(0, 8)}`
  await page.goto("/acme/admin/settings/organization")
  const section = page.getByRole("region", { name: "Clarifai user ids" })
  await section.getByRole("button", { name: "Add user id" }).press("Enter")
  const dialog = page.getByRole("dialog", { name: "Add a Clarifai user id" })
  await dialog.getByLabel("User id").fill("me")
  await page.keyboard.press("Enter")
  await expect(dialog.getByText("Every key calls its own organization that.")).toBeVisible()
  await expectAccessible(page, "Clarifai user ids")
  await dialog.getByLabel("User id").fill(value)
  await page.keyboard.press("Enter")
  await expect(section.getByRole("listitem").filter({ hasText: value })).toBeVisible()
  await expect(dialog).toBeHidden()
  await expectAccessible(page, "Clarifai user ids")

  await section.getByRole("button", { name: `Remove the Clarifai user id ${value}` }).press("Enter")
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).press("Enter")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await expect(section.getByText(value)).toBeHidden()
  await page.goto("/acme/admin/audit-logs?operation=clarifai_user_id.*")
  for (const what of ["added", "removed"])
    await expect(page.getByText(`The Clarifai user id ${value} was ${what}.`).first()).toBeVisible()
})

test("the settings of the organization show the jobs of the worker, with their last and next run", async ({
  page,
}) => {
  await enter(page.context(), await newcomer("Organization Administrator"))
  await page.goto("/acme/admin/settings/organization")
  const jobs = page.getByRole("region", { name: "Jobs" }).getByRole("table")
  for (const heading of ["Job", "Last run", "Outcome", "Next run"])
    await expect(jobs.getByRole("columnheader", { name: heading })).toBeVisible()
  await expect(jobs.getByRole("row", { name: /Delivery of mails/ })).toBeVisible()
})

test("a foreign organization, an unknown one and a new one of somebody else are the same to a stranger", async ({
  as,
}) => {
  const page = await as("stranger")
  const words: string[] = []
  for (const slug of ["acme", `no-such-${randomUUID().slice(0, 8)}`]) {
    const answer = await page.goto(`/${slug}/admin/settings/organization`)
    expect(answer?.status()).toBe(404)
    words.push(await page.locator("main").innerText())
  }
  expect(words[1]).toBe(words[0])
})
