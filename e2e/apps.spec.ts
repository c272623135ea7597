import { execFileSync } from "node:child_process"
import { randomUUID } from "node:crypto"
import type { APIRequestContext, Page } from "@playwright/test"
import { expectAccessible } from "./accessibility"
import { bearer, sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { confirmIdentity } from "./proof"

const appsPath = "/acme/admin/settings/apps"

function dialog(page: Page) {
  return page.getByRole("dialog")
}

/** The dialog that shows a key, once. */
function newKey(page: Page) {
  return page.getByRole("dialog", { name: "Your new key" })
}

async function createApp(page: Page, name: string, slug: string): Promise<void> {
  await dialog(page).getByLabel("Name").fill(name)
  await dialog(page).getByLabel("Slug").fill(slug)
  await dialog(page).getByRole("button", { name: "Create app" }).click()
}

/** Returns everything that the exported log says about an app. */
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
    await expect(newKey(page)).toContainText("Only its hash is kept")
    const shown = (await newKey(page).locator("pre").first().innerText()).trim()
    expect(shown).toMatch(/^aud_live_\w{30,}$/)
    await newKey(page).getByRole("button", { name: "Copy the key" }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    return shown
  })

  await test.step("the command that is shown sends an event, which the log then shows", async () => {
    const shown = await newKey(page).getByRole("tabpanel").locator("pre").innerText()
    expect(shown).toContain(key)
    const answer: unknown = JSON.parse(execFileSync("sh", ["-c", shown], { encoding: "utf8" }))
    expect(answer).toMatchObject({ outcome: "accepted", index: expect.any(Number) })
    await newKey(page).getByRole("button", { name: "I have copied the key" }).click()
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
        `/acme/admin/audit-logs/export?format=jsonl&window=1h&operation=${operation}&text=${slug}`,
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

/** Returns the id of the app from the event of its creation. */
async function targetOf(page: Page, slug: string): Promise<string> {
  const answer = await page.request.get(
    `/acme/admin/audit-logs/export?format=jsonl&window=1h&operation=application.create&text=${slug}`,
  )
  const [line = ""] = (await answer.text()).split("\n")
  const event: unknown = JSON.parse(line)
  expect(event).toMatchObject({ operation: "application.create", changes: [{ before: null }] })
  // The one cast: checked just before.
  return (event as { targets: { id: string }[] }).targets[0]?.id ?? ""
}

/** Creates an app in its dialog, and stays on its page. */
async function newApp(page: Page): Promise<{ readonly slug: string; readonly name: string }> {
  const slug = `e2e-${randomUUID().slice(0, 8)}`
  const name = `Lifts ${slug}`
  await page.goto(appsPath)
  await page.getByRole("button", { name: "Create app" }).click()
  await createApp(page, name, slug)
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
  return { slug, name }
}

/** Returns the key that is shown, and closes its dialog. */
async function takeKey(page: Page): Promise<string> {
  const key = (await newKey(page).locator("pre").first().innerText()).trim()
  await newKey(page).getByRole("button", { name: "I have copied the key" }).click()
  await expect(newKey(page)).toHaveCount(0)
  return key
}

async function createKey(page: Page, name: string, networks = ""): Promise<string> {
  await page.getByRole("button", { name: "Create key" }).click()
  await dialog(page).getByLabel("Name").fill(name)
  await dialog(page).getByLabel("Allowed IP addresses").fill(networks)
  await dialog(page).getByRole("button", { name: "Create key" }).click()
  return takeKey(page)
}

function statusOf(request: APIRequestContext, key: string) {
  return async () => (await request.get("/api/v1/key", { headers: bearer(key) })).status()
}

/** Each process may cache what it read about a key for five seconds. */
const everywhere = { timeout: 6_000 }

test("an app is renamed, archived with its keys refused and its events kept, and restored", async ({
  as,
  request,
}) => {
  // Waits for the cache of keys in each process.
  test.slow()
  const page = await as("administrator")
  await confirmIdentity(page)
  const { slug, name } = await newApp(page)
  const key = await createKey(page, "lift")
  const operation = "lift.call"
  await sendEvents(request, key, [{ operation, status: "success", actor: { type: "user", id: "otis" } }])

  await test.step("renamed, it keeps its slug", async () => {
    await page.getByRole("button", { name: "Rename" }).click()
    await dialog(page).getByLabel("Name").fill(`${name} renamed`)
    await dialog(page).getByRole("button", { name: "Rename" }).click()
    await expect(page.getByRole("heading", { name: `${name} renamed`, level: 1 })).toBeVisible()
    await expect(page).toHaveURL(`${appsPath}/${slug}`)
  })

  await test.step("archived, it names what stops, and its key is refused within five seconds", async () => {
    await page.getByRole("button", { name: "Archive" }).click()
    await expect(dialog(page)).toContainText("1 key is refused everywhere within five seconds")
    await dialog(page).getByRole("button", { name: "Archive app" }).click()
    await expect(page.getByText("This app is archived")).toBeVisible()
    await expect.poll(statusOf(request, key), everywhere).toBe(401)
    await expect(page.getByRole("button", { name: "Create key" })).toHaveCount(0)
    await expect(page.getByRole("button", { name: "Rotate key lift" })).toHaveCount(0)
    await expect(page.getByRole("table")).toContainText("App archived")
    await expectAccessible(page, "an archived app")
  })

  await test.step("its events are still found by it", async () => {
    await page.getByRole("link", { name: "Its events" }).click()
    await expect(page).toHaveURL(`/acme/admin/audit-logs?app=${slug}`)
    await expect(page.getByRole("table")).toContainText(operation)
  })

  await test.step("the list shows it apart, and finds it", async () => {
    await page.goto(appsPath)
    await page.getByRole("searchbox", { name: "Search apps" }).fill(slug)
    await expect(page.getByRole("table")).toHaveCount(1)
    await expect(page.getByRole("region", { name: "Archived" })).toContainText(`${name} renamed`)
    await expectAccessible(page, "the list of apps")
    await page.getByRole("searchbox", { name: "Search apps" }).fill("nothing is called this")
    await expect(page.getByText("No app is called that")).toBeVisible()
  })

  await test.step("restored, its key works again", async () => {
    await page.goto(`${appsPath}/${slug}`)
    await page.getByRole("button", { name: "Restore" }).click()
    await expect(dialog(page)).toContainText("1 key is accepted again")
    await dialog(page).getByRole("button", { name: "Restore app" }).click()
    await expect(page.getByRole("button", { name: "Create key" })).toBeVisible()
    await expect.poll(statusOf(request, key), everywhere).toBe(200)
  })

  await test.step("each step is an event about the app", async () => {
    const log = await evidence(page, await targetOf(page, slug))
    for (const done of ["application.update", "application.archive", "application.restore"]) {
      expect(log).toContain(`"operation":"${done}"`)
    }
  })
})

test("a key is rotated while both work, ends when its successor says so, and obeys its networks", async ({
  as,
  request,
}) => {
  // Waits for the cache of keys in each process.
  test.slow()
  const page = await as("administrator")
  await confirmIdentity(page)
  const { slug } = await newApp(page)

  await test.step("from an address that it does not allow, a key is refused like an unknown one", async () => {
    const key = await createKey(page, "office", "192.0.2.0/24, 2001:db8::/32")
    await expect(page.getByRole("row", { name: /office/ })).toContainText("2001:db8::/32")
    const refused = await request.get("/api/v1/key", { headers: bearer(key) })
    expect(refused.status()).toBe(401)
    const unknown = await request.get("/api/v1/key", { headers: bearer(`${key.slice(0, -1)}_`) })
    const words = async (answer: typeof refused) => Object(await answer.json()).detail
    expect(await words(refused)).toBe(await words(unknown))
    await page.getByRole("button", { name: "Edit key office" }).click()
    await dialog(page).getByLabel("Allowed IP addresses").fill("the office")
    await dialog(page).getByRole("button", { name: "Save" }).click()
    await expect(dialog(page).getByLabel("Allowed IP addresses")).toHaveAccessibleDescription(
      /"office" is no address and no network/,
    )
    await dialog(page).getByLabel("Allowed IP addresses").fill("127.0.0.0/8\n::1")
    await dialog(page).getByRole("button", { name: "Save" }).click()
    await expect(page.getByText("Key changed")).toBeVisible()
    await expect.poll(statusOf(request, key), everywhere).toBe(200)
  })

  const rotate = async (name: string, overlap: string) => {
    await page.getByRole("button", { name: `Rotate key ${name}` }).click()
    await dialog(page).getByLabel("The old key ends").selectOption(overlap)
    await dialog(page).getByRole("button", { name: "Rotate key" }).click()
    await expect(newKey(page)).toContainText("The old key ending in")
    return takeKey(page)
  }

  await test.step("both work during the overlap; one that ends at once is refused within five seconds", async () => {
    const first = await createKey(page, "server")
    const second = await rotate("server", "After 1 hour")
    expect(await statusOf(request, first)()).toBe(200)
    expect(await statusOf(request, second)()).toBe(200)
    await expect(page.getByText(`Replaced by …${second.slice(-4)}`)).toBeVisible()
    await expectAccessible(page, "keys that were rotated")
    // The first one has been replaced already, so only the second can be rotated.
    await expect(page.getByRole("button", { name: "Rotate key server" })).toHaveCount(1)
    const third = await rotate("server", "At once")
    await expect.poll(statusOf(request, second), everywhere).toBe(401)
    expect(await statusOf(request, first)()).toBe(200)
    expect(await statusOf(request, third)()).toBe(200)
    const log = await evidence(page, await targetOf(page, slug))
    expect(log).toContain('"operation":"api_key.rotate"')
    for (const key of [first, second, third]) expect(log).not.toContain(key.slice(9, 40))
  })
})
