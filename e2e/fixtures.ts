import { test as base, type Page } from "@playwright/test"
import { type PersonName, readWorld, stateFile, type World } from "./world"

interface Fixtures {
  /** What the setup created: keys, and an event of another organization. */
  readonly world: World
  /** Opens a signed-in browser. */
  readonly as: (name: PersonName) => Promise<Page>
}

/** Violations of the content security policy that a page had; every spec expects none at its end. */
const violations = new WeakMap<Page, string[]>()

function watch(page: Page): void {
  const seen: string[] = []
  violations.set(page, seen)
  page.on("console", message => {
    if (/content security policy/i.test(message.text())) seen.push(message.text())
  })
  page.on("pageerror", error => seen.push(error.message))
}

function refuseViolations(page: Page): void {
  const seen = violations.get(page) ?? []
  if (seen.length > 0) throw new Error(`The page met errors:\n${seen.join("\n")}`)
}

/** The specs' `test`: signed-in pages, and a check of the console's errors at the end of each. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern where a fixture needs no other.
  world: async ({}, use) => {
    await use(readWorld())
  },
  page: async ({ page }, use) => {
    watch(page)
    await use(page)
    refuseViolations(page)
  },
  as: async ({ browser, baseURL, viewport }, use) => {
    const pages: Page[] = []
    await use(async name => {
      const context = await browser.newContext({
        baseURL,
        viewport,
        storageState: stateFile(name),
        acceptDownloads: true,
      })
      const page = await context.newPage()
      watch(page)
      pages.push(page)
      return page
    })
    for (const page of pages) {
      refuseViolations(page)
      await page.context().close()
    }
  },
})

export { expect } from "@playwright/test"
