import type { Locator, Page } from "@playwright/test"
import { inDatabase } from "./database"
import { password } from "./world"

/**
 * From here on the dialog "Confirm that it is you" is answered whenever it appears: the browser of a spec may have signed
 * in more than five minutes ago, or just now.
 */
export async function confirmIdentity(page: Page, secret = password): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Confirm that it is you" })
  await page.addLocatorHandler(dialog, async () => {
    await dialog.getByLabel("Password", { exact: true }).fill(secret)
    await dialog.getByRole("button", { name: "Confirm" }).click()
  })
}

/** Makes every proof of that person too old for a dangerous operation, as if they had been away for ten minutes. */
export async function makeProofsOld(personId: string): Promise<void> {
  const statement = `UPDATE session SET proven_at = now() - interval '10 minutes'
    WHERE person_id = $2 AND $1::uuid IS NOT NULL`
  await inDatabase("acme", [[statement, personId]])
}

/** Opens an app and fills in the dialog that creates a key: a dangerous operation. Returns the dialog, ready to be sent. */
export async function beginKey(page: Page, name: string): Promise<Locator> {
  await page.goto("/acme/admin/settings/apps/sandbox")
  await page.getByRole("button", { name: "Create key" }).click()
  const dialog = page.getByRole("dialog", { name: "Create an API key" })
  await dialog.getByLabel("Name").fill(name)
  return dialog
}
