import { expectAccessible, expectNoShift, expectNoSidewaysScroll, watchShifts } from "./accessibility"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { logPath, newMark, openLog, openPage, rowsOf, secondsFromNow } from "./log"
import { readWorld } from "./world"

const mark = newMark()
const ids: (string | undefined)[] = []
/** Longer than the screen, and without a possible line break. */
const long = "x".repeat(200)

test.beforeAll(async ({ request }) => {
  const results = await sendEvents(
    request,
    readWorld().keys.ingestion,
    ["calm", long].map((word, index) => ({
      operation: "window.open",
      status: "failure",
      actor: { type: "user", id: `${word}-${mark}`, name: word, email: `${word.slice(0, 50)}@acme.example` },
      targets: [{ type: "window", id: `${word}-${mark}`, name: word }],
      changes: [{ path: `/${long}`, before: long, after: "y".repeat(200) }],
      requestId: `${long}-${mark}`,
      description: `${mark} ${word}`,
      occurredAt: secondsFromNow(-60 - index),
      metadata: { [long]: long },
    })),
  )
  ids.push(...results.map(({ id }) => id))
})

test("on a phone the log is cards, and nothing is wider than the screen", async ({ as }) => {
  const page = await as("reader")
  await watchShifts(page)
  await openLog(page, `text=${mark}&-actor=nobody-${mark}`)
  await expect(rowsOf(page)).toHaveCount(2)
  await page.waitForLoadState("networkidle")
  await expectNoShift(page, "the log")
  await expectNoSidewaysScroll(page, "list")
  await expectAccessible(page, "list")

  await page.getByRole("button", { name: "Filters" }).click()
  const filters = page.getByRole("dialog", { name: "Filters" })
  await expectAccessible(page, "filters")
  await filters.getByRole("button", { name: "Operation", exact: true }).click()
  await expect(page.getByRole("dialog", { name: "Operation" }).getByRole("option").first()).toBeVisible()
  await expectNoSidewaysScroll(page, "filter")
  await expectAccessible(page, "filter")
  await page.keyboard.press("Escape")
  await page.keyboard.press("Escape")
  await expect(filters).toBeHidden()

  await page.getByRole("button", { name: /^Date range: / }).click()
  await expect(page.getByRole("grid").first()).toBeVisible()
  await expectNoSidewaysScroll(page, "date range")
  await expectAccessible(page, "date range")
  await page.keyboard.press("Escape")

  await page.getByRole("link", { name: "Export", exact: true }).click()
  await expect(page.getByRole("radio", { name: /JSON Lines/ })).toBeVisible()
  await expectNoSidewaysScroll(page, "export")
  await expectAccessible(page, "export")
})

test("on a phone an event covers the screen, and closing it leads back to its card", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await rowsOf(page).last().click()
  const panel = page.getByRole("dialog", { name: "Event" })
  for (const tab of ["Overview", "Request", "Raw JSON"]) {
    await panel.getByRole("tab", { name: tab }).click()
    await expect(panel.getByRole("tabpanel", { name: tab })).toBeVisible()
    await expectNoSidewaysScroll(page, tab)
  }
  await expectAccessible(page, "open event")
  await panel.getByRole("button", { name: "Previous event" }).click()
  await expect(panel.getByRole("heading", { level: 2, name: `${mark} calm` })).toBeVisible()
  await panel.getByRole("button", { name: "Close" }).click()
  await expect(panel).toBeHidden()
  await expect(rowsOf(page).first().getByRole("link")).toBeFocused()
})

test("on a phone an event's own page, the empty log and the wrong question fit too", async ({ as }) => {
  const page = await as("reader")
  await openPage(page, `${logPath}/${ids[1]}`)
  await expectNoSidewaysScroll(page, "event's own page")
  await expectAccessible(page, "event's own page")
  await openLog(page, `text=${"z".repeat(200)}`)
  await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
  await expectNoSidewaysScroll(page, "empty log")
  await openLog(page, `status=${long}`)
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible()
  await expectNoSidewaysScroll(page, "wrong question")
})
