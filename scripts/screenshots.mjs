// @ts-check
// npm run screenshots: the pictures of docs/images, of a console of its own with the demo organization.
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { chromium } from "@playwright/test"
import { browserAdvice, findBrowser } from "./launcher/browser.mjs"
import { startConsole } from "./launcher/console-under-test.mjs"

const root = path.resolve(import.meta.dirname, "..")
const images = path.join(root, "docs/images")
const password = "pictures of an empty gallery"

const sizes = /** @type {const} */ ({
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
})
const themes = /** @type {const} */ (["light", "dark"])

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {{ name: string, path: string, prepare?: (page: Page) => Promise<unknown> }} Picture */

/** @type {readonly Picture[]} */
const pictures = [
  { name: "audit-logs", path: "/acme/admin/audit-logs" },
  {
    name: "audit-logs-event",
    // The story of the demo organization: a night, an address never seen before.
    path: "/acme/admin/audit-logs?ip=203.0.113.66",
    prepare: async page => {
      await page.getByRole("main").getByText("Marek Dvořák").first().click()
      await page.getByRole("tab").first().waitFor()
    },
  },
  { name: "audit-logs-none", path: "/acme/admin/audit-logs?actor=nobody&status=denied" },
  { name: "apps", path: "/acme/admin/settings/apps" },
  { name: "app", path: "/acme/admin/settings/apps/model-hub" },
  { name: "account", path: "/account" },
]

/**
 * @param {import("@playwright/test").Browser} browser
 * @param {string} baseUrl
 * @param {string} link
 */
async function signIn(browser, baseUrl, link) {
  const page = await browser.newPage({ baseURL: baseUrl })
  await page.goto(link)
  await page.getByLabel("New password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Set password and sign in" }).click()
  await page.waitForURL(url => !url.pathname.startsWith("/sign-in"))
  const state = await page.context().storageState()
  await page.close()
  return state
}

/**
 * @param {Page} page
 * @param {Picture} picture
 * @param {string} suffix
 */
async function take(page, { name, path: address, prepare }, suffix) {
  await page.goto(address)
  await page.waitForLoadState("networkidle")
  await prepare?.(page)
  await page.waitForLoadState("networkidle")
  await page.screenshot({ path: path.join(images, `${name}-${suffix}.png`) })
}

async function main() {
  const executablePath = findBrowser()
  if (executablePath === null) throw new Error(browserAdvice)
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-pictures-"))
  const running = await startConsole(root, path.join(data, "data"))
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] })
  try {
    const { baseUrl, link } = running.connection
    if (!link) throw new Error("The console printed no link to sign in with.")
    const storageState = await signIn(browser, baseUrl, link)
    fs.mkdirSync(images, { recursive: true })
    for (const theme of themes) {
      for (const [size, viewport] of Object.entries(sizes)) {
        const options = { baseURL: baseUrl, viewport, colorScheme: theme, timezoneId: "UTC", locale: "en-GB" }
        const inside = await browser.newContext({ ...options, storageState })
        const page = await inside.newPage()
        for (const picture of pictures) await take(page, picture, `${theme}-${size}`)
        await inside.close()
        const outside = await browser.newContext(options)
        await take(await outside.newPage(), { name: "sign-in", path: "/sign-in" }, `${theme}-${size}`)
        await outside.close()
      }
    }
  } finally {
    await browser.close()
    running.kill("SIGTERM")
    await running.ended
    fs.rmSync(data, { recursive: true, force: true })
  }
}

await main()
