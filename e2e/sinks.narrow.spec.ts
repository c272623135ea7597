import { randomBytes, randomUUID } from "node:crypto"
import { expectAccessible, expectNoShift, expectNoSidewaysScroll, watchShifts } from "./accessibility"
import { expect, test } from "./fixtures"
import { confirmIdentity } from "./proof"
import { startReceiver } from "./receiver"

test("on a phone every page of Sinks fits, and a sink can be added", async ({ as }) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  await watchShifts(page)
  const receiver = await startReceiver()
  const name = `On a phone ${randomUUID().slice(0, 6)}`
  await page.goto("/acme/admin/settings/sinks/new?kind=webhook")
  await page.getByLabel("Name", { exact: true }).fill(name)
  await page.getByLabel("URL", { exact: true }).fill(receiver.url)
  await page
    .getByLabel("Signing secret (whsec_...)", { exact: true })
    .fill(`whsec_${randomBytes(32).toString("base64")}`)
  await page.getByRole("button", { name: "Send a test event" }).tap()
  await expect(page.getByRole("region", { name: "Test", exact: true })).toContainText(
    "The receiver took the event",
  )
  await expectNoSidewaysScroll(page, "a test of a sink")
  await page.getByRole("button", { name: "Add sink" }).tap()
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
  const own = new URL(page.url()).pathname
  const list = "/acme/admin/settings/sinks"
  for (const path of [
    list,
    `${list}/new`,
    `${list}/new?kind=webhook`,
    own,
    `${own}/deliveries`,
    `${own}/dead-letters`,
    `${own}/edit`,
  ]) {
    await page.goto(path)
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
    await expectNoSidewaysScroll(page, path)
    await expectNoShift(page, path)
    await expectAccessible(page, `${path} on a phone`)
  }
  await page.goto(own)
  await page.getByRole("button", { name: "Replay", exact: true }).tap()
  await expect(page.getByRole("dialog")).toBeVisible()
  await expectNoSidewaysScroll(page, "the form of a replay")
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toBeHidden()
  await page.getByRole("button", { name: "Delete", exact: true }).tap()
  await page.getByRole("dialog").getByRole("button", { name: "Delete sink" }).tap()
  await expect(page.getByRole("heading", { name: "Sinks", level: 1 })).toBeVisible()
  await receiver.stop()
})
