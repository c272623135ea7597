import { expectAccessible, expectNoShift, expectNoSidewaysScroll, tabTo, watchShifts } from "./accessibility"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { logPath, newMark, openLog, openPage, rowsOf, secondsFromNow } from "./log"
import { readWorld } from "./world"

const mark = newMark()
const ids: (string | undefined)[] = []

test.beforeAll(async ({ request }) => {
  const results = await sendEvents(
    request,
    readWorld().keys.ingestion,
    (["success", "failure", "denied", "unknown"] as const).map((status, index) => ({
      operation: "lift.call",
      status,
      statusMessage: "the lift's own words",
      actor: { type: "user", id: `mia-${mark}`, name: "Mia Holm", email: "mia@acme.example", role: "guest" },
      targets: [{ type: "lift", id: `lift-${mark}`, name: "North lift", attributes: { floors: 12 } }],
      changes: [{ path: "/floor", before: 1, after: 2 + index }],
      requestId: `request-${mark}`,
      http: { method: "POST", path: "/lift", status: 200, durationMs: 3 },
      source: { ip: "203.0.113.9", userAgent: "lift-panel/1.0" },
      description: `${mark} ${status}`,
      occurredAt: secondsFromNow(-60 - index),
      metadata: { colour: "red" },
    })),
  )
  ids.push(...results.map(({ id }) => id))
})

test("axe finds nothing in the list, its filters and its dialogs, light and dark", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&-actor=nobody`)
  await expect(rowsOf(page)).toHaveCount(4)
  await expectAccessible(page, "list")

  await page.getByRole("main").getByRole("button", { name: "Status", exact: true }).click()
  await expect(page.getByRole("option", { name: /Denied/ })).toBeVisible()
  await expectAccessible(page, "filter")
  await page.keyboard.press("Escape")

  await page.getByRole("button", { name: /^Date range: / }).click()
  await expect(page.getByRole("grid").first()).toBeVisible()
  await expectAccessible(page, "date range")
  await page.keyboard.press("Escape")

  await page.getByRole("link", { name: "Export", exact: true }).click()
  await expect(page.getByRole("radio", { name: /JSON Lines/ })).toBeVisible()
  await expectAccessible(page, "export")
  await page.keyboard.press("Escape")
  await expect(page.getByRole("link", { name: "Export", exact: true })).toBeFocused()
})

test("axe finds nothing in an open event, its own page and the empty and wrong log, light and dark", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&event=${ids[1]}`)
  const panel = page.getByRole("region", { name: "Event", exact: true })
  for (const tab of ["Overview", "Request", "Raw JSON"]) {
    await panel.getByRole("tab", { name: tab }).click()
    await expect(panel.getByRole("tabpanel", { name: tab })).toBeVisible()
    await expectAccessible(page, `event, ${tab}`)
  }
  await openPage(page, `${logPath}/${ids[2]}`)
  await expectAccessible(page, "event's own page")
  await openLog(page, `text=nothing-${mark}`)
  await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
  await expectAccessible(page, "empty log")
  await openLog(page, "status=broken")
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible()
  await expectAccessible(page, "log that was asked wrongly")
})

test("the whole way from question to file is walked by keyboard", async ({ as }) => {
  const page = await as("reader")
  const { keyboard } = page
  await openLog(page)
  await expect(rowsOf(page).first()).toBeVisible()
  await keyboard.press("/")
  await keyboard.type(mark)
  await keyboard.press("Enter")
  await expect(rowsOf(page)).toHaveCount(4)

  await tabTo(page, "button", /^Status$/)
  await keyboard.press("Enter")
  await expect(page.getByRole("dialog", { name: "Status", exact: true }).getByRole("combobox")).toBeFocused()
  for (const status of ["denied", "failure"]) {
    await keyboard.press("ControlOrMeta+a")
    await keyboard.type(status)
    await keyboard.press("Enter")
  }
  await expect(rowsOf(page)).toHaveCount(2)
  await keyboard.press("Escape")
  await expect(page.getByRole("main").getByRole("button", { name: /^Status 2 ?chosen$/ })).toBeFocused()

  await keyboard.press("j")
  await expect(rowsOf(page).first().getByRole("link")).toBeFocused()
  // The focus follows the row one frame later; a key pressed before goes to the row that has it.
  await expect(async () => {
    await keyboard.press("j")
    await expect(rowsOf(page).last().getByRole("link")).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await keyboard.press("Enter")
  const panel = page.getByRole("region", { name: "Event", exact: true })
  await expect(panel.getByRole("heading", { name: `${mark} denied` })).toBeFocused()
  await tabTo(page, "tab", "Overview")
  await expect(panel.getByRole("tabpanel", { name: "Overview" })).toContainText("North lift")
  await keyboard.press("ArrowRight")
  await expect(panel.getByRole("tabpanel", { name: "Request" })).toBeVisible()
  await keyboard.press("Escape")
  await expect(panel).toBeHidden()
  await expect(rowsOf(page).last().getByRole("link")).toBeFocused()

  await keyboard.press("e")
  const dialog = page.getByRole("dialog", { name: "Export the audit log" })
  await expect(dialog).toBeVisible()
  await tabTo(page, "button", "Download")
  const arriving = page.waitForEvent("download")
  await keyboard.press("Enter")
  expect((await arriving).suggestedFilename()).toMatch(/\.csv$/)
  await expect(dialog.getByText("2 rows saved")).toBeVisible()
  await keyboard.press("Escape")
  await expect(page.getByRole("link", { name: "Export", exact: true })).toBeFocused()

  await keyboard.press("t")
  await expect(page.getByRole("dialog", { name: "Date range" })).toBeVisible()
  await keyboard.press("Escape")
  await expect(page.getByRole("dialog", { name: "Date range" })).toBeHidden()
  await keyboard.press("?")
  await expect(page.getByRole("dialog", { name: /shortcuts/i })).toBeVisible()
})

test.describe("loaded for the first time", () => {
  test.use({ isCold: true })

  test("while the page loads nothing jumps", async ({ as }) => {
    const page = await as("reader")
    await watchShifts(page)
    for (const address of [
      `${logPath}?window=90d`,
      `${logPath}?text=${mark}&event=${ids[0]}`,
      `${logPath}/${ids[0]}`,
    ]) {
      await openPage(page, address)
      await page.waitForLoadState("networkidle")
      await expectNoShift(page, address)
    }
  })
})

test("at no width between phone and wide screen the page scrolls sideways", async ({
  as,
  request,
  world,
}) => {
  const page = await as("reader")
  // A hidden character is shown as a box with a hidden label, which must not stick out of a truncated text.
  await sendEvents(request, world.keys.ingestion, [
    {
      operation: "lift.call",
      status: "success",
      actor: { type: "user", id: `mia-${mark}` },
      description: `${"a long way up ".repeat(20)}\u202Eand down`,
    },
  ])
  await openLog(page, `actor=mia-${mark}`)
  for (const width of [320, 640, 768, 1024, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 })
    await expectNoSidewaysScroll(page, `${width} pixels`)
  }
})
