import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { eventLink, newMark, openLog, queryOf, rowsOf } from "./log"

// What a browser has loaded before needs no connection.
test.use({ isCold: true })

const mark = newMark()

test.beforeAll(async ({ request, world }) => {
  const events = Array.from({ length: 30 }, (_, index) => ({
    operation: "lamp.switch",
    status: index % 2 === 0 ? "success" : "denied",
    actor: { type: "system", id: `lamp-${mark}` },
    description: `${mark} ${index}`,
  }))
  await sendEvents(request, world.keys.ingestion, events)
})

interface Part {
  readonly name: string
  readonly open: (page: Page) => Promise<void>
  readonly isOpen: (page: Page) => Promise<void>
}

const parts: readonly Part[] = [
  {
    name: "a filter",
    open: page => page.getByRole("button", { name: /^Status/ }).click(),
    isOpen: page => expect(page.getByRole("option", { name: /Success/ })).toBeVisible(),
  },
  {
    name: "the date range",
    open: page => page.getByRole("button", { name: /^Date range: / }).click(),
    isOpen: page => expect(page.getByRole("grid").first()).toBeVisible(),
  },
  {
    name: "the time zone",
    open: page => page.getByRole("button", { name: /^Time zone: / }).click(),
    isOpen: page => expect(page.getByRole("option", { name: /UTC \(this browser\)/ })).toBeVisible(),
  },
  {
    name: "an event",
    open: page => eventLink(page, `${mark} 3`).click(),
    isOpen: page => expect(page.getByRole("tab", { name: "Raw JSON" })).toBeVisible(),
  },
  {
    name: "the export",
    open: page => page.getByRole("link", { name: "Export", exact: true }).click(),
    isOpen: page => expect(page.getByRole("dialog", { name: "Export the audit log" })).toBeVisible(),
  },
  {
    name: "the list of keys",
    open: page => page.getByRole("button", { name: "Keyboard shortcuts" }).click(),
    isOpen: page => expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible(),
  },
  {
    name: "the account",
    open: page => page.getByRole("button", { name: /^Account: / }).click(),
    isOpen: page => expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible(),
  },
]

for (const { name, open, isOpen } of parts) {
  test(`${name}, used first without a connection, keeps the page and opens when it is tried again`, async ({
    as,
  }) => {
    const page = await as("reader")
    await openLog(page, `text=${mark}`)
    await page.context().setOffline(true)
    await open(page)
    await expect(page.getByRole("alert").getByText("could not be", { exact: false }).first()).toBeVisible()
    await expect(rowsOf(page)).toHaveCount(30)
    await page.context().setOffline(false)
    await tryAgainUntil(page, () => isOpen(page))
    await expect(rowsOf(page)).toHaveCount(30)
  })
}

/** A part consists of several files: each that failed is retried by its own button. */
async function tryAgainUntil(page: Page, isOpen: () => Promise<void>): Promise<void> {
  await page.getByRole("button", { name: "Try again" }).first().click()
  const again = page.getByRole("button", { name: "Try again" })
  await expect(again).toHaveCount(0)
  await isOpen()
}

test("a filter without a connection keeps the old events, says so, and is answered when it is tried again", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await page.getByRole("button", { name: /^Status/ }).click()
  await expect(page.getByRole("option", { name: /Denied/ })).toBeVisible()
  await page.context().setOffline(true)
  await page.getByRole("option", { name: /Denied/ }).click()
  await page.keyboard.press("Escape")
  const notice = page.getByRole("main").getByRole("alert")
  await expect(notice).toContainText("The server could not be reached")
  await expect(notice).toContainText("still match the previous filters")
  await expect(rowsOf(page)).toHaveCount(30)
  await notice.getByRole("button", { name: "Try again" }).click()
  await expect(notice).toContainText("The server could not be reached")
  await page.context().setOffline(false)
  await notice.getByRole("button", { name: "Try again" }).click()
  await expect(rowsOf(page)).toHaveCount(15)
  await expect(notice).toHaveCount(0)
  expect(new URLSearchParams(queryOf(page)).get("status")).toBe("denied")
})

test("a proxy's own error page in place of the answer is a failed question, not the page", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  const bare = { status: 500, contentType: "text/html", body: "<h1>Internal Server Error</h1>" }
  await page.route(/audit-logs(\/\w+)?\?/, route => route.fulfill(bare))
  await page.getByRole("link", { name: /^When/ }).click()
  const notice = page.getByRole("main").getByRole("alert")
  await expect(notice).toContainText("The server answered 500")
  await expect(rowsOf(page)).toHaveCount(30)
  await notice.getByRole("button", { name: "Go back" }).click()
  await expect(notice).toHaveCount(0)
  expect(queryOf(page)).toBe(`text=${mark}`)
})

test("going back and forth shows the answer of each address, with what had been loaded", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&limit=20`)
  await expect(rowsOf(page)).toHaveCount(30)
  await page.getByRole("button", { name: /^Status/ }).click()
  await page.getByRole("option", { name: /Denied/ }).click()
  await page.keyboard.press("Escape")
  await expect(rowsOf(page)).toHaveCount(15)
  await page.context().setOffline(true)
  await page.goBack()
  await expect(rowsOf(page)).toHaveCount(30)
  await expect(page.getByRole("list", { name: "Filters in force" })).not.toContainText("Status")
  await page.goForward()
  await expect(rowsOf(page)).toHaveCount(15)
  await expect(page.getByRole("list", { name: "Filters in force" })).toContainText("Status")
  await page.context().setOffline(false)
})

test("a page that was loaded before another version was installed says so and offers to reload", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await page.route("**/api/build", route =>
    route.fulfill({ contentType: "text/plain", body: "another-build\n" }),
  )
  await page.route("**/_next/static/**", route => route.fulfill({ status: 404, body: "" }))
  await page.getByRole("link", { name: "Export", exact: true }).click()
  const alert = page.getByRole("alert").filter({ hasText: "A new version is available" })
  await expect(alert).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(30)
  await page.unroute("**/_next/static/**")
  await page.unroute("**/api/build")
  await alert.getByRole("button", { name: "Reload" }).click()
  await expect(rowsOf(page)).toHaveCount(30)
  await expect(alert).toHaveCount(0)
})

test("a link to another page without a connection keeps the page, says so, and works again with one", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await rowsOf(page).first().click()
  await page.context().setOffline(true)
  const notice = page.getByRole("status").filter({ hasText: "No connection" })
  await expect(notice).toBeVisible()
  const before = page.url()
  const leave = page.getByRole("link", { name: "Auditorium", exact: true })
  await leave.click()
  await page.getByRole("link", { name: "Open the event's own page" }).click()
  await expect(rowsOf(page)).toHaveCount(30)
  expect(page.url()).toBe(before)
  await page.context().setOffline(false)
  await expect(notice).toHaveCount(0)
  await leave.click()
  // Its home is the log, without what was asked.
  await expect(page).not.toHaveURL(/text=/)
})
