import type { Page } from "@playwright/test"
import { password } from "./world"

/**
 * From here on the page's question "Confirm that it is you" is answered whenever it stands in the way: the browser of a
 * spec may have signed in more than five minutes ago, or just now.
 */
export async function confirmIdentity(page: Page, secret = password): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" })
  await page.addLocatorHandler(dialog, async () => {
    await dialog.getByLabel("Password", { exact: true }).fill(secret)
    await dialog.getByRole("button", { name: "Confirm" }).click()
  })
}
