// @ts-check
// npm run screenshots: the pictures of docs/images, taken from a separate console with the demo organization.
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { chromium } from "@playwright/test"
import PostalMime from "postal-mime"
import { browserAdvice, findBrowser } from "./launcher/browser.mjs"
import { startConsole } from "./launcher/console-under-test.mjs"
import "./launcher/end-with-parent.mjs"

const root = path.resolve(import.meta.dirname, "..")
const images = path.join(root, "docs/images")
const guest = "grace@partner.example"
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
    // The incident in the demo organization: a night, and an ip never seen before.
    path: "/acme/admin/audit-logs?ip=203.0.113.66",
    prepare: async page => {
      await page.getByRole("main").getByText("Marek Dvořák").first().click()
      await page.getByRole("tab").first().waitFor()
    },
  },
  { name: "audit-logs-none", path: "/acme/admin/audit-logs?actor=nobody&status=denied" },
  { name: "apps", path: "/acme/admin/settings/apps" },
  { name: "app", path: "/acme/admin/settings/apps/model-hub" },
  { name: "roles", path: "/acme/admin/settings/access-control/roles" },
  {
    name: "role-create",
    path: "/acme/admin/settings/access-control/roles",
    prepare: async page => {
      const dialog = page.getByRole("dialog")
      await page.getByRole("button", { name: "Create Role" }).click()
      await dialog.getByLabel("Name").fill("Release managers")
      await dialog.getByRole("button", { name: "Next" }).click()
      await dialog.getByRole("checkbox", { name: "LOG-MANAGEMENT" }).check()
    },
  },
  {
    name: "role",
    path: "/acme/admin/settings/access-control/roles",
    prepare: page => follow(page, "Model Hub readers"),
  },
  { name: "groups", path: "/acme/admin/settings/access-control/groups" },
  {
    name: "group",
    path: "/acme/admin/settings/access-control/groups",
    prepare: async page => {
      await follow(page, "Model reviewers")
      await follow(page, "Roles", page.getByRole("navigation", { name: "Group", exact: true }))
    },
  },
  { name: "members", path: "/acme/admin/settings/access-control/members" },
  {
    name: "member",
    path: "/acme/admin/settings/access-control/members",
    prepare: page => follow(page, "Mei Okafor"),
  },
  { name: "invitations", path: "/acme/admin/settings/access-control/invitations" },
  {
    name: "invite",
    path: "/acme/admin/settings/access-control/invitations",
    prepare: async page => {
      const dialog = page.getByRole("dialog")
      await page.getByRole("button", { name: "Invite Member" }).click()
      await dialog.getByRole("button", { name: "Roles", exact: true }).click()
      await dialog.getByRole("checkbox", { name: "Model Hub readers" }).check()
      await dialog.getByLabel("Emails").fill("grace@partner.example, alan@partner, edsger@partner.example ")
    },
  },
  { name: "capture", path: "/acme/admin/settings/capture" },
  { name: "sinks", path: "/acme/admin/settings/sinks" },
  { name: "sink-add", path: "/acme/admin/settings/sinks/new" },
  { name: "organization", path: "/acme/admin/settings/organization" },
  { name: "account", path: "/account" },
]

/**
 * Follows the link with that name, and waits for its target.
 * @param {Page} page
 * @param {string} name
 * @param {import("@playwright/test").Locator} [within]
 */
async function follow(page, name, within = page.getByRole("main")) {
  const before = page.url()
  await within.getByRole("link", { name }).first().click()
  await page.waitForURL(url => url.href !== before)
}

/**
 * Invites somebody: the demo organization has roles and a group, but no open invitation.
 * @param {Page} page
 */
async function invite(page) {
  const dialog = page.getByRole("dialog")
  await page.goto("/acme/admin/settings/access-control/invitations")
  await page.getByRole("button", { name: "Invite Member" }).first().click()
  await dialog.getByRole("button", { name: "Roles", exact: true }).click()
  await dialog.getByRole("checkbox", { name: "Model Hub readers" }).check()
  await dialog.getByLabel("Emails").fill(guest)
  await dialog.getByRole("button", { name: "Invite", exact: true }).click()
  await dialog.getByRole("button", { name: "Done" }).click()
}

/**
 * Returns the link of the invitation in the caught mail.
 * @param {string} directory
 */
async function invitationLink(directory) {
  for (let tries = 0; tries < 100; tries++) {
    for (const name of fs.existsSync(directory) ? fs.readdirSync(directory).sort().reverse() : []) {
      if (!name.endsWith(".eml")) continue
      const { text } = await PostalMime.parse(fs.readFileSync(path.join(directory, name)))
      const link = text?.match(/http\S+\/invitations\/\S+/)?.[0]
      if (link) return link
    }
    await sleep(200)
  }
  throw new Error("The mail of the invitation did not come.")
}

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
    const { baseUrl, link, mail } = running.connection
    if (!link) throw new Error("The console printed no link to sign in with.")
    const storageState = await signIn(browser, baseUrl, link)
    const inviting = await browser.newContext({ baseURL: baseUrl, viewport: sizes.wide, storageState })
    await invite(await inviting.newPage())
    await inviting.close()
    const invitation = await invitationLink(path.join(data, "data/mail"))
    fs.mkdirSync(images, { recursive: true })
    for (const theme of themes) {
      for (const [size, viewport] of Object.entries(sizes)) {
        /** @type {import("@playwright/test").BrowserContextOptions} */
        const options = {
          baseURL: baseUrl,
          viewport,
          colorScheme: theme,
          // No picture is taken during a change of colours.
          reducedMotion: "reduce",
          timezoneId: "UTC",
          locale: "en-GB",
        }
        const inside = await browser.newContext({ ...options, storageState })
        const page = await inside.newPage()
        for (const picture of pictures) await take(page, picture, `${theme}-${size}`)
        await inside.close()
        const outside = await browser.newContext(options)
        const visitor = await outside.newPage()
        for (const picture of [
          { name: "sign-in", path: "/sign-in" },
          { name: "sign-in-reset", path: "/sign-in/reset" },
          { name: "invitation", path: invitation },
          ...(mail ? [{ name: "mail", path: mail }] : []),
        ]) {
          await take(visitor, picture, `${theme}-${size}`)
        }
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
