import { readFile } from "node:fs/promises"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { enter, newcomer } from "./newcomer"
import { makeProofsOld } from "./proof"
import { password } from "./world"

test("an administrator proves who they are, and gets a support dump as a file", async ({ page }) => {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  await page.goto("/acme/admin/settings/organization")
  const section = page.getByRole("region", { name: "Support dump" })
  await expectAccessible(page, "settings of the organization with the support dump")

  await makeProofsOld(person.id)
  await section.getByRole("button", { name: "Create support dump" }).click()
  const question = page.getByRole("dialog", { name: "Confirm that it is you" })
  await question.getByLabel("Password", { exact: true }).fill(password)
  const downloading = page.waitForEvent("download")
  await page.keyboard.press("Enter")
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^support-dump_acme_\d{4}-\d\d-\d\d_\d{6}\.zip$/)
  await expect(section.getByRole("status")).toHaveText(`${download.suggestedFilename()} was saved.`)
  const archive = await readFile(await download.path())
  expect(archive.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004")
  expect(archive.includes("manifest.json")).toBe(true)

  await page.goto("/acme/admin/audit-logs?operation=support_dump.create&window=1h")
  await expect(page.getByRole("table")).toContainText("created a support dump")
})

test("somebody who does not prove who they are is told why nothing was created", async ({ page }) => {
  const person = await newcomer("Organization Administrator")
  await enter(page.context(), person)
  await page.goto("/acme/admin/settings/organization")
  await makeProofsOld(person.id)
  const section = page.getByRole("region", { name: "Support dump" })
  await section.getByRole("button", { name: "Create support dump" }).click()
  await expect(page.getByRole("dialog", { name: "Confirm that it is you" })).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(section.getByRole("alert")).toContainText("Prove again that it is you")
})
