import { expect, type Page } from "@playwright/test"
import axe, { type RunOptions } from "axe-core"

export const schemes = ["light", "dark"] as const

/** Switches the page to a colour scheme at once: colours in the middle of a transition prove nothing. */
export async function usingScheme(page: Page, colorScheme: (typeof schemes)[number]): Promise<void> {
  await page.evaluate(stopMovement)
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
  await page.evaluate(waitForFrames)
}

/** A style sheet created by a script: the content security policy would refuse one in the page. */
function stopMovement(): void {
  const rule = "*, ::before, ::after { transition: none !important; animation: none !important }"
  const isStopped = document.adoptedStyleSheets.some(sheet =>
    sheet.cssRules[0]?.cssText.includes("transition: none"),
  )
  if (isStopped) return
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(rule)
  document.adoptedStyleSheets.push(sheet)
}

/** Waits until the change is rendered. */
async function waitForFrames(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise(resolve => requestAnimationFrame(resolve))
}

const rulesOfColour = ["color-contrast", "link-in-text-block"]

/** Expects axe to find nothing in the current page: every rule in light, and rules that depend on colours in dark too. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // The script has half a megabyte: add it once per document, not once per check.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source)
  for (const scheme of schemes) {
    await usingScheme(page, scheme)
    const options: RunOptions = {
      resultTypes: ["violations"],
      ...(scheme === "light" ? {} : { runOnly: rulesOfColour }),
    }
    const found = await page.evaluate(findViolations, options)
    expect(found, `${what}, ${scheme}`).toEqual([])
  }
}

/** Returns what axe reports as violations, one sentence per element. Runs in the page. */
async function findViolations(options: RunOptions): Promise<readonly string[]> {
  // The one cast: the script that was put into the page defines it.
  const { axe: inPage } = window as unknown as { readonly axe: typeof axe }
  const { violations, passes } = await inPage.run(document, options)
  if (violations.length + passes.length === 0) throw new Error("axe applied no rule to this page.")
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html} (${node.failureSummary})`),
  )
}

/** Records the layout shifts without user input; call it before the page is opened. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: { readonly value: number; readonly moved: readonly string[] }[] = []
    Reflect.set(window, "shifts", shifts)
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, "hadRecentInput") === true) continue
        const moved = Array.from(Reflect.get(entry, "sources") ?? [], source => {
          const { node, previousRect, currentRect } = Object(source)
          const place = ({ x, y, width, height }: DOMRect) => [x, y, width, height].map(Math.round).join(" ")
          return `${node?.nodeName} ${node?.id || node?.className || node?.textContent?.slice(0, 40)}: ${place(previousRect)} to ${place(currentRect)}`
        })
        shifts.push({ value: Number(Reflect.get(entry, "value")), moved })
      }
    }).observe({ type: "layout-shift", buffered: true })
  })
}

/** Expects the page to have shifted less than people notice (0.1, web.dev/cls) since it was opened. */
export async function expectNoShift(page: Page, what: string): Promise<void> {
  const shifts: readonly { readonly value: number; readonly moved: readonly string[] }[] =
    await page.evaluate(() => Reflect.get(window, "shifts"))
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, `${what}: ${JSON.stringify(shifts)}`).toBeLessThan(0.1)
}

/** Expects the page to scroll only vertically. */
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
