import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { arrive, arriveWith, giveOnly, suspend } from "./narrow-people"

/** Opens the log in that browser, with rows in sight. */
async function openLog(page: Page): Promise<void> {
  await page.goto("/acme/admin/audit-logs")
  await expect(page.getByRole("table").getByRole("row").nth(3)).toBeVisible()
}

test("a permission taken away hides the rows of an open page at its next request, and says whom to ask", async ({
  browser,
}) => {
  const { person, context } = await arrive(browser)
  const [page = await context.newPage()] = context.pages()
  await openLog(page)
  await page.locator("tbody").getByRole("link").first().click()
  await expect(page.getByRole("region", { name: "Event" })).toBeVisible()
  await giveOnly(person, [])
  await page.locator("tbody").getByRole("link").nth(1).click()
  await expect(page.getByRole("heading", { name: "You may no longer see this log" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
  await expect(page.getByRole("region", { name: "Event" })).toHaveCount(0)
  await page.getByRole("link", { name: "See who can grant it" }).click()
  await expect(page.getByText("LOG-MANAGEMENT")).toBeVisible()
  await context.close()
})

test("a suspended member's open page shows nothing any more", async ({ browser }) => {
  const { person, context } = await arrive(browser)
  const [page = await context.newPage()] = context.pages()
  await openLog(page)
  await suspend(person)
  await page.locator("tbody").getByRole("link").first().click()
  await expect(page.getByRole("heading", { name: "You no longer belong to this organization" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
  await context.close()
})

test("whoever signs out in one tab is told so in the other", async ({ browser }) => {
  const { context } = await arrive(browser)
  const [page = await context.newPage()] = context.pages()
  await openLog(page)
  await context.clearCookies()
  await page.locator("tbody").getByRole("link").first().click()
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
  await expect(page.getByRole("link", { name: "Sign in again" })).toHaveAttribute("href", /return=/)
  await context.close()
})

test("a reader of one app is told so, chooses among that app only, and takes along what they see", async ({
  browser,
  request,
  world,
}) => {
  await sendEvents(request, world.keys.ingestion, [
    { operation: "door.open", status: "success", actor: { type: "user", id: "x" }, description: "a door" },
  ])
  const { context } = await arriveWith(browser, ["LOG-MANAGEMENT"], ["sandbox"])
  const [page = await context.newPage()] = context.pages()
  await page.goto("/acme/admin/audit-logs?window=all")
  await expect(page.getByText("You see the events of 1 app: Sandbox.")).toBeVisible()
  await expect(page.getByRole("link", { name: "Export", exact: true })).toBeVisible()
  const exported = await page.request.get("/acme/admin/audit-logs/export?format=jsonl&window=all")
  const apps = (await exported.text())
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line).appId)
  expect(new Set(apps).size).toBe(1)
  await context.close()
})

test("a reader of their own actions is told so, and is not offered an export that they may not have", async ({
  browser,
}) => {
  const { person, context } = await arriveWith(browser, ["LOG-OWN"])
  const [page = await context.newPage()] = context.pages()
  await page.goto("/acme/admin/audit-logs?window=all")
  await expect(page.getByText("You see your own actions only.")).toBeVisible()
  await expect(page.getByRole("link", { name: "Export", exact: true })).toHaveCount(0)
  const answer = await page.request.get("/acme/admin/audit-logs/events?window=all&limit=100")
  const { events } = await answer.json()
  expect(events.length).toBeGreaterThan(0)
  for (const event of events) expect(event.actor.id).toBe(person.id)
  await context.close()
})
