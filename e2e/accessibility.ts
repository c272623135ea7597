import AxeBuilder from "@axe-core/playwright"
import { expect, type Page } from "@playwright/test"

export const schemes = ["light", "dark"] as const

/** Looks at the page in a scheme, without movement: colours half-way through a fade tell nothing. */
export async function usingScheme(page: Page, colorScheme: (typeof schemes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  await page.evaluate(waitForSteadyColours)
}

/** A colour that is inherited through several fades arrives frames later than the one that it is inherited from. */
async function waitForSteadyColours(): Promise<void> {
  const steadyFrames = 12
  let before = ""
  for (let same = 0; same < steadyFrames; ) {
    await new Promise(resolve => requestAnimationFrame(resolve))
    const now = Array.from(document.querySelectorAll("body *"), element => {
      const { color, backgroundColor, opacity } = getComputedStyle(element)
      return `${color} ${backgroundColor} ${opacity}`
    }).join()
    same = now === before ? same + 1 : 0
    before = now
  }
}

const rulesOfColour = ["color-contrast", "link-in-text-block"]

/** Expects axe to find nothing in the page as it is now: every rule in light, and what hangs on colours in dark too. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const scheme of schemes) {
    await usingScheme(page, scheme)
    const axe = new AxeBuilder({ page })
    const { violations } = await (scheme === "light" ? axe : axe.withRules(rulesOfColour)).analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html} (${node.failureSummary})`),
    )
    expect(found, `${what}, ${scheme}`).toEqual([])
  }
}

/** Keeps the sum of layout shifts that nobody caused; to be called before the page is opened. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.set(window, "shiftSum", 0)
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, "hadRecentInput") === true) continue
        Reflect.set(window, "shiftSum", Reflect.get(window, "shiftSum") + Reflect.get(entry, "value"))
      }
    }).observe({ type: "layout-shift", buffered: true })
  })
}

/** Promise: that sum so far. */
export async function shiftSum(page: Page): Promise<number> {
  return await page.evaluate(() => Number(Reflect.get(window, "shiftSum")))
}

/** Expects the page to scroll up and down only. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const { content, room } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }))
  expect(content, what).toBeLessThanOrEqual(room)
}

/** Presses Tab until the focus is on an element with that role and name. */
export async function tabTo(
  page: Page,
  role: "button" | "link" | "tab" | "radio",
  name: string | RegExp,
): Promise<void> {
  const wanted = page.getByRole(role, { name }).and(page.locator(":focus"))
  for (let presses = 0; presses < 60; presses++) {
    if ((await wanted.count()) > 0) return
    await page.keyboard.press("Tab")
  }
  await expect(wanted, `the Tab key reaches ${role} ${String(name)}`).toHaveCount(1)
}
