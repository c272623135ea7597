import { execFileSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { bearer } from "./api"
import { expect, test } from "./fixtures"
import { confirmIdentity } from "./proof"

const appsPath = "/acme/admin/settings/apps"

function dialog(page: Page) {
  return page.getByRole("dialog")
}

async function createApp(page: Page, name: string, slug: string): Promise<void> {
  await dialog(page).getByLabel("Name").fill(name)
  await dialog(page).getByLabel("Slug").fill(slug)
  await dialog(page).getByRole("button", { name: "Create app" }).click()
}

/** Everything that the log says of an app, as the evidence has it. */
async function evidence(page: Page, about: string): Promise<string> {
  const answer = await page.request.get(
    `/acme/admin/audit-logs/export?format=jsonl&window=1h&target=${encodeURIComponent(about)}`,
  )
  expect(answer.status()).toBe(200)
  return answer.text()
}

test("from a new app to its first event, and to a key that is refused again", async ({ as, request }) => {
  const page = await as("administrator")
  await confirmIdentity(page)
  const slug = `e2e-${randomUUID().slice(0, 8)}`
  const name = `Doors ${slug}`

  await test.step("a slug that is none, or taken, is refused beside its field", async () => {
    await page.goto(appsPath)
    await page.getByRole("button", { name: "Create app" }).click()
    const field = dialog(page).getByLabel("Slug")
    await createApp(page, name, "Not A Slug!")
    await expect(field).toHaveAttribute("aria-invalid", "true")
    await createApp(page, name, "sandbox")
    await expect(field).toHaveAccessibleDescription(/Choose another: this one is taken/)
    await createApp(page, name, slug)
    await expect(page).toHaveURL(`${appsPath}/${slug}`)
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
  })

  const key = await test.step("a key is shown once, and can be copied", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
    await page.getByRole("button", { name: "Create key" }).click()
    await dialog(page).getByLabel("Name").fill("first")
    await dialog(page).getByRole("button", { name: "Create key" }).click()
    await expect(dialog(page)).toContainText("Only its hash is kept")
    const shown = (await dialog(page).locator("pre").first().innerText()).trim()
    expect(shown).toMatch(/^aud_live_\w{30,}$/)
    await dialog(page).getByRole("button", { name: "Copy the key" }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    return shown
  })

  await test.step("the command that is shown sends an event, which the log then shows", async () => {
    const shown = await dialog(page).getByRole("tabpanel").locator("pre").innerText()
    expect(shown).toContain(key)
    const answer: unknown = JSON.parse(execFileSync("sh", ["-c", shown], { encoding: "utf8" }))
    expect(answer).toMatchObject({ outcome: "accepted", index: expect.any(Number) })
    await dialog(page).getByRole("button", { name: "I have copied the key" }).click()
    await page.goto(`/acme/admin/audit-logs?app=${slug}`)
    await expect(page.getByRole("table")).toContainText("Ada Lovelace")
    await expect(page.getByRole("table")).toContainText("Front door")
  })

  await test.step("no later page holds the key", async () => {
    await page.goto(`${appsPath}/${slug}`)
    await expect(page.getByRole("table")).toContainText(key.slice(-4))
    expect(await page.content()).not.toContain(key)
    const rsc = await page.request.get(`${appsPath}/${slug}`, { headers: { rsc: "1" } })
    expect(await rsc.text()).not.toContain(key)
  })

  await test.step("revoked after a question, the key is refused within five seconds", async () => {
    await page.getByRole("button", { name: "Revoke key first" }).click()
    await expect(dialog(page)).toContainText("A revoked key cannot be brought back")
    await dialog(page).getByRole("button", { name: "Cancel" }).click()
    expect((await request.get("/api/v1/key", { headers: bearer(key) })).status()).toBe(200)
    await page.getByRole("button", { name: "Revoke key first" }).click()
    await dialog(page).getByRole("button", { name: "Revoke key", exact: true }).click()
    await expect(page.getByText("Key “first” revoked")).toBeVisible()
    await expect
      .poll(async () => (await request.get("/api/v1/key", { headers: bearer(key) })).status(), {
        timeout: 5_000,
      })
      .toBe(401)
    await expect(page.getByRole("button", { name: "Revoke key first" })).toHaveCount(0)
  })

  await test.step("each step is an event that says what changed, without the key", async () => {
    for (const operation of ["application.create", "api_key.create", "api_key.revoke"]) {
      const found = await page.request.get(
        `/acme/admin/audit-logs/events?window=1h&operation=${operation}&text=${slug}`,
      )
      const text = await found.text()
      expect(text, operation).toContain(slug)
      expect(text, operation).not.toContain(key)
    }
    const log = await evidence(page, await targetOf(page, slug))
    expect(log).toContain('"prefix"')
    expect(log).toContain("/revokedAt")
    expect(log).not.toContain(key)
    expect(log).not.toContain(key.slice(9, 40))
  })
})

/** The id of the app, as the event of its making names it. */
async function targetOf(page: Page, slug: string): Promise<string> {
  const answer = await page.request.get(
    `/acme/admin/audit-logs/export?format=jsonl&window=1h&operation=application.create&text=${slug}`,
  )
  const [line = ""] = (await answer.text()).split("\n")
  const event: unknown = JSON.parse(line)
  expect(event).toMatchObject({ operation: "application.create", changes: [{ before: null }] })
  // The one cast: what was just looked at.
  return (event as { targets: { id: string }[] }).targets[0]?.id ?? ""
}
