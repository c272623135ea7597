import { expect, type Page } from "@playwright/test"

/**
 * Expects the focus to be on an element of the page after a write, and to stay there: not on the body, where keyboard users
 * have to start again and a screen reader says nothing.
 */
export async function expectFocusKept(page: Page, after: string): Promise<void> {
  await expect(page.getByRole("dialog"), `a dialog is still open after: ${after}`).toHaveCount(0)
  const found = await page.evaluate(async () => {
    const steady = 12
    for (let same = 0, looks = 0; looks < 200; looks++) {
      const { activeElement, body } = document
      same = activeElement === null || activeElement === body ? 0 : same + 1
      if (same === steady) return `${activeElement?.tagName} ${activeElement?.textContent?.slice(0, 60)}`
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return null
  })
  expect(found, `the focus is on nothing after: ${after}`).not.toBeNull()
}
