import { readFileSync } from "node:fs"
import { type BrowserContext, test as base, type Page } from "@playwright/test"
import { KeptContexts } from "./kept-contexts"
import { type PersonName, readWorld, stateFile, type World } from "./world"

interface Fixtures {
  /** What the setup created: keys, and an event of another organization. */
  readonly world: World
  /** Opens a signed-in browser. */
  readonly as: (name: PersonName) => Promise<Page>
  /** Returns another browser, in which nobody is signed in. */
  readonly another: () => Promise<BrowserContext>
}

interface Options {
  /** Whether the browsers of a test have loaded nothing before: for tests of what is loaded, and when. */
  readonly isCold: boolean
}

interface WorkerFixtures {
  readonly kept: KeptContexts
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
export const test = base.extend<Fixtures & Options, WorkerFixtures>({
  kept: [async ({ browser }, use) => await use(new KeptContexts(browser)), { scope: "worker" }],
  isCold: [false, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern where a fixture needs no other.
  world: async ({}, use) => {
    await use(readWorld())
  },
  another: async ({ kept, browser, isCold, viewport, hasTouch, timezoneId, locale, colorScheme }, use) => {
    const kind = JSON.stringify([viewport, hasTouch, timezoneId, locale, colorScheme])
    const taken: BrowserContext[] = []
    await use(async () => {
      const context = isCold ? await browser.newContext() : await kept.take(kind)
      taken.push(context)
      return context
    })
    for (const context of taken) await (isCold ? context.close() : kept.giveBack(context))
  },
  context: async ({ another }, use) => {
    await use(await another())
  },
  page: async ({ page }, use) => {
    watch(page)
    await use(page)
    refuseViolations(page)
  },
  as: async ({ another }, use) => {
    const pages: Page[] = []
    await use(async name => {
      const context = await another()
      // The one cast: Playwright wrote the file.
      const state = JSON.parse(readFileSync(stateFile(name), "utf8")) as StorageState
      await context.addCookies(state.cookies)
      const page = await context.newPage()
      watch(page)
      pages.push(page)
      return page
    })
    for (const page of pages) refuseViolations(page)
  },
})

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>

export { expect } from "@playwright/test"
