import type { Page } from "@playwright/test"
import { expectNoSidewaysScroll } from "./accessibility"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { eventLink, logPath, newMark, openLog, openPage, queryOf, rowsOf } from "./log"

const mark = newMark()
const widths = [1440, 390, 320] as const
const ids: (string | undefined)[] = []

test.beforeAll(async ({ request, world }) => {
  // Number 0 is the newest: the first of them are drawn without scrolling.
  const newest = Date.now()
  const events = Array.from({ length: 60 }, (_, index) => ({
    occurredAt: new Date(newest - index * 1_000).toISOString(),
    operation: "lamp.switch",
    status: index % 3 === 0 ? "denied" : "success",
    actor: { type: "user", id: `person-${mark}`, name: "Konstantinos Papadopoulos" },
    targets: [{ type: "lamp", id: `lamp-${index}-${mark}`, name: `Lamp ${index}` }],
    source: { ip: "203.0.113.77" },
    description: `${mark} number ${index}`,
  }))
  const results = await sendEvents(request, world.keys.ingestion, events)
  ids.push(...results.map(({ id }) => id))
})

for (const width of widths) {
  const isNarrow = width < 640

  test(`at ${width} px the number of hits stands at the top, a filter is chosen by keyboard alone, and nothing is wider than the screen`, async ({
    as,
  }) => {
    const page = await as("reader")
    await page.setViewportSize({ width, height: 844 })
    await openLog(page, `text=${mark}&limit=20&zone=America/Argentina/Buenos_Aires`)

    await test.step("the number of hits stands at the top, beside the range", async () => {
      const line = page.getByText(/^60 events · Last 30 days, until now/)
      await expect(line).toBeInViewport()
      const [lineBox, rowBox] = [await line.boundingBox(), await rowsOf(page).first().boundingBox()]
      expect(lineBox?.y ?? 0).toBeLessThan(rowBox?.y ?? 0)
      await expectNoSidewaysScroll(page, "log")
    })

    await test.step("a filter is chosen by keyboard alone", async () => {
      if (isNarrow) {
        await expect(page.getByRole("main").getByRole("button", { name: "Status" })).toBeHidden()
        await page.getByRole("button", { name: "Filters" }).focus()
        await page.keyboard.press("Enter")
        await expect(page.getByRole("dialog", { name: "Filters" })).toBeVisible()
      }
      await page.getByRole("button", { name: "Status" }).focus()
      await page.keyboard.press("Enter")
      await expect(page.getByRole("combobox", { name: "Status" })).toBeFocused()
      await page.keyboard.type("deni")
      await page.keyboard.press("ArrowDown")
      await page.keyboard.press("Enter")
      await expect.poll(() => new URLSearchParams(queryOf(page)).get("status")).toBe("denied")
      await page.keyboard.press("Escape")
      await expect(page.getByRole("button", { name: /^Status 1/ })).toBeFocused()
      if (isNarrow) {
        await expectNoSidewaysScroll(page, "filters")
        await page.getByRole("button", { name: "Show the events" }).focus()
        await page.keyboard.press("Enter")
        await expect(page.getByRole("dialog", { name: "Filters" })).toBeHidden()
        await expect(page.getByRole("button", { name: /^Filters 1/ })).toBeFocused()
      }
      await expect(rowsOf(page)).toHaveCount(20)
      await expect(page.getByText(/^20 events · /)).toBeInViewport()
    })

    if (!isNarrow) return
    await test.step("an event's times wrap and nothing is wider than the screen", async () => {
      await rowsOf(page).first().click()
      const panel = page.getByRole("dialog", { name: "Event" })
      await expect(panel.locator("time").first()).toBeVisible()
      for (const time of await panel.locator("time").all()) {
        const box = await time.boundingBox()
        if (box) expect(box.x + box.width).toBeLessThanOrEqual(width)
      }
      await expectNoSidewaysScroll(page, "event")
    })
  })
}

/** Returns the visible headings, in their order. */
async function headings(page: Page): Promise<readonly string[]> {
  return await page
    .locator("thead th")
    .evaluateAll(cells =>
      cells
        .filter(cell => cell.getClientRects().length > 0)
        .map(cell => /^(When|Who|What|Target|App|Where|Status)/.exec(cell.textContent ?? "")?.[0] ?? ""),
    )
}

test("columns that do not fit give way in their order: App, Where, the width of Who, Target last; what happened is not cut", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  const cut = await rowsOf(page)
    .locator("a[id^='event-']")
    .evaluateAll(links => links.filter(link => link.scrollWidth > link.clientWidth + 1).length)
  expect(cut).toBe(0)
  const seen: (readonly string[])[] = []
  for (const width of [1440, 1240, 1120, 980, 860]) {
    await page.setViewportSize({ width, height: 900 })
    seen.push(await headings(page))
  }
  const all = ["When", "Who", "What", "Target", "App", "Where", "Status"]
  expect(seen[0]).toEqual(all)
  for (const shown of seen) {
    const missing = all.filter(name => !shown.includes(name))
    expect([[], ["App"], ["App", "Where"]]).toContainEqual(missing)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  const who = page.getByRole("columnheader", { name: "Who" })
  const wide = (await who.boundingBox())?.width ?? 0
  await rowsOf(page).first().getByRole("link").click()
  await expect(page.getByRole("region", { name: "Event" })).toBeVisible()
  expect(await headings(page)).toEqual(["When", "Who", "What", "Target", "Status"])
  expect((await who.boundingBox())?.width ?? 0).toBeLessThan(wide)
  await expect(
    rowsOf(page)
      .filter({ hasText: /Lamp \d/ })
      .first(),
  ).toBeVisible()
})

test("the text of a row can be marked with the mouse and copied without opening the event", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  const box = await eventLink(page, `${mark} number 5`).boundingBox()
  if (!box) throw new Error("The row is not drawn.")
  await page.mouse.move(box.x + 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 8 })
  await page.mouse.up()
  expect(await page.evaluate(() => window.getSelection()?.toString())).toContain("number")
  expect(new URLSearchParams(queryOf(page)).has("event")).toBe(false)
  await expect(page.getByRole("region", { name: "Event" })).toHaveCount(0)
})

test("the date panel does not move when what was typed is wrong", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await page.getByRole("button", { name: /^Date range: / }).click()
  const panel = page.getByRole("dialog", { name: "Date range" })
  const grid = panel.getByRole("grid").first()
  await expect(grid).toBeVisible()
  const places = async () => [await panel.boundingBox(), await grid.boundingBox()]
  const before = await places()
  await panel.getByLabel("From", { exact: true }).fill("yesterday or so")
  await panel.getByLabel("To, included", { exact: true }).fill("tomorrow")
  await panel.getByRole("button", { name: "Apply" }).click()
  await expect(panel.getByText("Write 2026-03-31 or 2026-03-31 14:05")).toHaveCount(2)
  expect(await places()).toEqual(before)
})

test("a whole month is called by its name", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, "from=2026-08&to=2026-08")
  await expect(page.getByRole("button", { name: "Date range: August 2026" })).toBeVisible()
  await expect(page.getByText(/August 2026, end included/)).toBeVisible()
})

test("what trackers append is dropped by the page and named by the API", async ({ as, request, world }) => {
  const page = await as("reader")
  const tracked = "utm_source=mail&utm_medium=x&fbclid=abc&gclid=1&mc_eid=2&_ga=3"
  await openLog(page, `${tracked}&text=${mark}`)
  await expect(rowsOf(page)).toHaveCount(50)
  await expect.poll(() => queryOf(page)).toBe(`text=${mark}`)
  const answer = await request.get(`/api/v1/events?${tracked}`, {
    headers: { authorization: `Bearer ${world.keys.reading}` },
  })
  expect(answer.status()).toBe(422)
  expect(await answer.text()).toContain("/utm_source")
  await openLog(page, "utmost=1")
  await expect(page.getByRole("main").getByRole("alert")).toContainText("utmost")
})

test("the icon is fetched once, however many events are opened", async ({ as }) => {
  const page = await as("reader")
  const fetched: string[] = []
  page.on("request", request => {
    if (request.url().endsWith("/favicon.svg")) fetched.push(request.url())
  })
  await openLog(page, `text=${mark}`)
  for (const index of [3, 5, 8, 13]) {
    await eventLink(page, `${mark} number ${index}`).click()
    await expect(page.getByRole("tab", { name: "Raw JSON" })).toBeVisible()
  }
  expect(fetched.length).toBeLessThanOrEqual(1)
  const answer = await page.request.get("/favicon.svg")
  expect(answer.headers()["cache-control"]).toMatch(/max-age=\d{4,}/)
})

test("an event's own page fits a screen of 320 px", async ({ as }) => {
  const page = await as("reader")
  await page.setViewportSize({ width: 320, height: 844 })
  await openPage(page, `${logPath}/${ids[0]}?zone=America/Argentina/Buenos_Aires`)
  await expectNoSidewaysScroll(page, "event's own page")
})
