import { expectAccessible, expectNoShift, expectNoSidewaysScroll, watchShifts } from "./accessibility"
import { expect, test } from "./fixtures"

test("on a phone every page of Capture fits, and a rule can be made", async ({ as }) => {
  const page = await as("stranger")
  await watchShifts(page)
  for (const path of ["", "/producers", "/history"]) {
    await page.goto(`/globex/admin/settings/capture${path}`)
    await expect(page.getByRole("heading", { name: "Capture", level: 1 })).toBeVisible()
    await expectNoSidewaysScroll(page, path)
    await expectNoShift(page, path)
    await expectAccessible(page, `Capture${path} on a phone`)
  }
  await page.goto("/globex/admin/settings/capture")
  await page.getByRole("button", { name: "Add rule" }).tap()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name").fill("On a phone")
  await dialog.getByLabel("Paths").fill("/orders*")
  await expectNoSidewaysScroll(page, "the form of a rule")
  await dialog.getByRole("button", { name: "Add to the draft" }).tap()
  await expect(page.getByRole("button", { name: "Move On a phone up" })).toBeVisible()
  await expectNoSidewaysScroll(page, "a rule in the draft")
})
