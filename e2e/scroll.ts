import { expect, type Page } from "@playwright/test"

/**
 * Returns the ids of all rows in order, collected by scrolling to the end as a person does; rows that are not visible are
 * not rendered. Throws when a number shows two events, or an event appears at two numbers.
 */
export async function collectIds(page: Page): Promise<readonly string[]> {
  const seen = new Map<number, string>()
  const end = page.getByText("End of the time range")
  await expect
    .poll(
      async () => {
        for (const [index, id] of await drawnRows(page)) {
          if ((seen.get(index) ?? id) !== id) throw new Error(`Row ${index} shows two events.`)
          seen.set(index, id)
        }
        const atEnd = await page.evaluate(
          () => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2,
        )
        await page.evaluate(() => window.scrollBy(0, window.innerHeight / 2))
        return atEnd && (await end.isVisible())
      },
      { intervals: [50], timeout: 30_000 },
    )
    .toBe(true)
  const ids = [...seen.keys()].sort((a, b) => a - b)
  expect(ids).toEqual(ids.map((_, place) => place))
  return ids.map(index => seen.get(index) ?? "")
}

async function drawnRows(page: Page): Promise<readonly (readonly [index: number, id: string])[]> {
  return await page
    .locator("tr[data-index]")
    .evaluateAll(rows =>
      rows.map(
        row =>
          [
            Number(row.getAttribute("data-index")),
            row.querySelector("a[id^='event-']")?.id.slice("event-".length) ?? "",
          ] as const,
      ),
    )
}
