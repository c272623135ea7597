import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { newMark, openLog, rowsOf, waitForScript } from "./log"

const mark = newMark()
const many = 640

test.beforeAll(async ({ request, world }) => {
  for (let start = 0; start < many; start += 320) {
    const events = Array.from({ length: 320 }, (_, index) => ({
      operation: "lamp.switch",
      status: "success",
      occurredAt: new Date(Date.UTC(2026, 0, 5, 10) - (start + index) * 1000).toISOString(),
      actor: { type: "system", id: `lamp-${mark}` },
      description: `${mark} ${start + index}`,
    }))
    await sendEvents(request, world.keys.ingestion, events)
  }
})

/** Scrolls as a person does until the row with that number is rendered, and centres it on the screen. */
async function scrollTo(page: Page, number: number): Promise<void> {
  const link = rowsOf(page).getByRole("link", { name: `${mark} ${number}`, exact: true })
  // Rows that arrive meanwhile move the others.
  await expect(async () => {
    await expect.poll(() => page.evaluate(step, number), { intervals: [60], timeout: 120_000 }).toBe(true)
    await expect(link).toBeInViewport({ timeout: 2_000 })
  }).toPass({ timeout: 240_000 })
}

/** Scrolls a screen nearer to the row, or to it; returns whether it was in the middle already. Runs in the page. */
function step(number: number): boolean {
  const drawn = Array.from(document.querySelectorAll<HTMLElement>("tr[data-index]"))
  const row = drawn.find(each => Number(each.dataset.index) === number)
  if (row) {
    const { top } = row.getBoundingClientRect()
    row.scrollIntoView({ block: "center" })
    return top > 0 && top < window.innerHeight
  }
  const isAbove = drawn.every(each => Number(each.dataset.index) > number)
  window.scrollBy(0, window.innerHeight * (isAbove ? -1 : 2))
  return false
}

async function topOf(page: Page, words: string): Promise<number> {
  const box = await rowsOf(page)
    .filter({ has: page.getByRole("link", { name: words, exact: true }) })
    .boundingBox()
  return Math.round(box?.y ?? Number.NaN)
}

for (const [width, number] of [
  [1440, 530],
  // The same way at other heights of rows; how far down does not depend on them.
  [390, 130],
  [320, 130],
] as const) {
  test(`going back from an event's own page returns to its row, however far down, at ${width} px`, async ({
    as,
  }) => {
    const page = await as("reader")
    await page.setViewportSize({ width, height: 844 })
    await openLog(page, `text=${mark}&window=all`)
    const words = `${mark} ${number}`
    await scrollTo(page, number)
    const link = page.getByRole("link", { name: words, exact: true })
    await link.focus()
    const before = await topOf(page, words)
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Open the event's own page" }).click()
    await expect(page.getByRole("heading", { level: 1 })).toContainText(words)
    await page.goBack()
    const row = rowsOf(page).filter({
      has: page.locator(`a[id^="event-"]`).getByText(words, { exact: true }),
    })
    await expect(row).toBeInViewport()
    await expect.poll(async () => Math.abs(((await row.boundingBox())?.y ?? 1e9) - before)).toBeLessThan(40)
  })
}

test("the place is found again after the event's page itself was loaded anew", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&window=all`)
  const words = `${mark} 230`
  await scrollTo(page, 230)
  await page.getByRole("link", { name: words, exact: true }).click()
  await page.getByRole("link", { name: "Open the event's own page" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText(words)
  await page.reload()
  await waitForScript(page)
  await page.goBack()
  await expect(page.getByRole("link", { name: words, exact: true })).toBeInViewport({ timeout: 60_000 })
})

test("a link to the log begins at its top, although the same address was left further down", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&window=all`)
  await scrollTo(page, 130)
  const address = page.url()
  await page.getByRole("link", { name: `${mark} 130`, exact: true }).click()
  await page.getByRole("link", { name: "Open the event's own page" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText(`${mark} 130`)
  await page.goto(address)
  await expect(page.getByRole("link", { name: `${mark} 0`, exact: true })).toBeInViewport()
})
