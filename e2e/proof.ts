import type { Locator, Page } from "@playwright/test"
import { inDatabase } from "./database"
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

/** Makes every proof of that person older than a dangerous act allows, as if they had been away for ten minutes. */
export async function makeProofsOld(personId: string): Promise<void> {
  const statement = `UPDATE session SET proven_at = now() - interval '10 minutes'
    WHERE person_id = $2 AND $1::uuid IS NOT NULL`
  await inDatabase("acme", [[statement, personId]])
}

/** Goes to an app and fills in the dialog that makes a key: a dangerous act. Promise: the dialog, ready to be sent. */
export async function beginKey(page: Page, name: string): Promise<Locator> {
  await page.goto("/acme/admin/settings/apps/sandbox")
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog", { name: "Create an API key" })
  await dialog.getByLabel("Name").fill(name)
  return dialog
}
