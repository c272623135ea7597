import { randomBytes } from "node:crypto"
import { expect, type Locator, type Page } from "@playwright/test"

export const logPath = "/acme/admin/audit-logs"

/** Returns a word that no event of an earlier run contains. */
export function newMark(): string {
  return `mark${randomBytes(6).toString("hex")}`
}

/** Returns the time that many seconds from now, as ISO 8601 text. */
export function secondsFromNow(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString()
}

/** Opens a page of the console and waits for its script: a link works before, a key does not. */
export async function openPage(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
  await waitForScript(page)
}

/** Waits until React has hydrated the page. */
export async function waitForScript(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const [deepest] = Array.from(document.querySelectorAll("main button, main a")).slice(-1)
    return deepest !== undefined && Object.keys(deepest).some(name => name.startsWith("__reactProps"))
  })
  await page.evaluate(() => new Promise<void>(resolve => requestIdleCallback(() => resolve())))
}

/** Opens the log with a query. */
export async function openLog(page: Page, parameters = ""): Promise<void> {
  await openPage(page, parameters === "" ? logPath : `${logPath}?${parameters}`)
}

/** Returns the rows of events, without the heading. */
export function rowsOf(page: Page): Locator {
  return page.locator("tr[data-index]")
}

/** Returns the link in a row, by its words; it opens the event. */
export function eventLink(page: Page, words: string): Locator {
  return rowsOf(page).getByRole("link", { name: words, exact: true })
}

/** Returns the ids of the rendered rows from top to bottom. */
export async function shownIds(page: Page): Promise<readonly string[]> {
  return await page
    .locator("tr[data-index] a[id^='event-']")
    .evaluateAll(links => links.map(link => link.id.slice("event-".length)))
}

/** Returns the query string of the page's url, without its question mark. */
export function queryOf(page: Page): string {
  return new URL(page.url()).search.slice(1)
}

/** Returns a query string that finds the events with one mark over all time. */
export function marked(mark: string, more = ""): string {
  return `text=${mark}&window=all${more === "" ? "" : `&${more}`}`
}

/** Opens the list of a filter, types, and chooses the option; the list stays open for another. */
export async function choose(
  page: Page,
  label: string,
  typed: string,
  option: string | RegExp,
): Promise<void> {
  const list = page.getByRole("dialog", { name: label, exact: true })
  if (!(await list.isVisible())) {
    await page
      .getByRole("main")
      .getByRole("button", { name: new RegExp(`^${label}( \\d+ ?chosen)?$`) })
      .click()
  }
  await list.getByRole("combobox").fill(typed)
  await list.getByRole("option", { name: option }).click()
}

/** Chooses one value of a filter and closes its list. */
export async function filterBy(
  page: Page,
  label: string,
  typed: string,
  option: string | RegExp,
): Promise<void> {
  await choose(page, label, typed, option)
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog", { name: label, exact: true })).toBeHidden()
}

/** Types both ends of the time range in its panel and applies them. */
export async function typeWindow(page: Page, from: string, to: string): Promise<void> {
  await page.getByRole("button", { name: /^Date range: / }).click()
  const panel = page.getByRole("dialog", { name: "Date range" })
  await panel.getByLabel("From", { exact: true }).fill(from)
  await panel.getByLabel("To, included", { exact: true }).fill(to)
  await panel.getByRole("button", { name: "Apply" }).click()
  await expect(panel).toBeHidden()
}

/** Removes every filter but the time range. */
export async function clearAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Clear all" }).click()
  await expect(page.getByRole("list", { name: "Filters in force" })).toBeHidden()
}
