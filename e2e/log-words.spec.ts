import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { logPath, marked, newMark, openLog, openPage, queryOf, rowsOf, secondsFromNow } from "./log"
import { readWorld } from "./world"

const mark = newMark()
const arabic = `أحمد المهندس المسؤول عن النماذج الطويلة جدا في الشركة ${mark}`
const ids: (string | undefined)[] = []

const ines = { type: "user", id: `ines-${mark}`, name: `Ines ${mark}` }
const detector = { type: "model", id: `detector-${mark}`, name: "pallet-detector" }

const outcomes = [
  ["success", `Ines ${mark} deleted model pallet-detector`],
  ["denied", `Ines ${mark} was refused to delete model pallet-detector`],
  ["failure", `Ines ${mark} tried to delete model pallet-detector and failed`],
] as const

test.beforeAll(async ({ request }) => {
  const results = await sendEvents(request, readWorld().keys.ingestion, [
    ...outcomes.map(([status], index) => ({
      operation: "model.delete",
      status,
      actor: ines,
      targets: [detector],
      changes: [{ path: "/visibility", before: "private", after: "public" }],
      requestId: `request-${mark}`,
      source: { ip: "198.51.100.77" },
      occurredAt: secondsFromNow(-100 - index),
    })),
    {
      operation: "model.delete",
      status: "denied",
      description: `${mark} taken off the shelf`,
      actor: ines,
      targets: [{ type: "model", id: `other-${mark}` }],
      source: { ip: "198.51.100.78" },
      occurredAt: secondsFromNow(-3600),
    },
    {
      operation: "model.train",
      status: "success",
      actor: { type: "user", id: `ahmed-${mark}`, name: arabic },
      targets: [{ type: "model", id: `rtl-${mark}`, name: "نموذج" }],
      occurredAt: secondsFromNow(-7200),
    },
  ])
  ids.push(...results.map(({ id }) => id))
})

function panelOf(page: Page) {
  return page.getByRole("region", { name: "Event", exact: true })
}

async function openList(page: Page, label: string) {
  await page
    .getByRole("main")
    .getByRole("button", { name: new RegExp(`^${label}( \\d+ ?chosen)?$`) })
    .click()
  const list = page.getByRole("dialog", { name: label, exact: true })
  // Its code is loaded when it is first needed; what is typed before is lost.
  await expect(list.getByRole("combobox")).toBeFocused()
  return list
}

test("a row, the open event and its page tell act, target and outcome; a producer's own words stay", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, marked(mark))
  for (const [, sentence] of outcomes) {
    await expect(rowsOf(page).getByRole("link", { name: sentence, exact: true })).toBeVisible()
  }
  const own = `${mark} taken off the shelf`
  await expect(rowsOf(page).getByRole("link", { name: own, exact: true })).toBeVisible()
  await rowsOf(page).getByRole("link", { name: outcomes[1][1], exact: true }).click()
  const panel = panelOf(page)
  await expect(panel.getByRole("heading", { level: 2 })).toHaveText(outcomes[1][1])
  await openPage(page, `${logPath}/${ids[1]}`)
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(outcomes[1][1])
  await expect(page).toHaveTitle(new RegExp(`^${outcomes[1][1]} · Event · `))
  await expect(page.getByText("Models deleted", { exact: true })).toBeVisible()
})

test("targets and changes are seen at once, and what has to do with the event is a press away", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `${marked(mark, "status=success")}&event=${ids[0]}`)
  const panel = panelOf(page)
  await expect(panel.getByText("pallet-detector", { exact: true }).first()).toBeVisible()
  await expect(panel.getByText("visibility", { exact: true })).toBeVisible()
  const related = panel.getByRole("navigation", { name: "Related events" })
  await expect(related.getByRole("link", { name: /^This request .*\(3\) events/ })).toBeVisible()
  await expect(
    related.getByRole("link", { name: /^This target pallet-detector .*\(3\) events/ }),
  ).toBeVisible()
  await expect(related.getByRole("link", { name: /^This actor .*\(4\) events/ })).toBeVisible()
  await expect(related.getByRole("link", { name: /^Around this \(5 minutes\)/ })).toBeVisible()

  await related.getByRole("link", { name: /^This request/ }).click()
  await expect(rowsOf(page)).toHaveCount(3)
  const asked = new URLSearchParams(queryOf(page))
  expect(asked.getAll("request")).toEqual([`request-${mark}`])
  expect([asked.get("text"), asked.get("status"), asked.get("event")]).toEqual([null, null, ids[0]])
})

test("only this leaves no other filter, in the log and on the event's own page", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `${marked(mark, "status=denied")}&event=${ids[1]}`)
  await panelOf(page).getByRole("button", { name: "Actor: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Only this/ }).click()
  await expect(rowsOf(page)).toHaveCount(4)
  const inLog = new URLSearchParams(queryOf(page))
  inLog.delete("event")
  await openPage(page, `${logPath}/${ids[1]}`)
  await page.getByRole("button", { name: "Actor: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Only this/ }).click()
  await expect(rowsOf(page)).toHaveCount(4)
  expect(queryOf(page)).toBe(inLog.toString())
})

test("a value list follows the other filters, counts, and offers the addresses that occur", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, marked(mark, "status=denied"))
  const actors = await openList(page, "Actor")
  await expect(actors.getByRole("option")).toHaveCount(1)
  await expect(actors.getByRole("option", { name: new RegExp(`Ines ${mark}.*2 events`) })).toBeVisible()
  await expect(actors.getByText("Newest first, counted in 2 events")).toBeVisible()
  await page.keyboard.press("Escape")
  const addresses = await openList(page, "Source IP")
  await expect(addresses.getByRole("option")).toHaveText([/^198\.51\.100\.77/, /^198\.51\.100\.78/])
})

test("by keyboard: Enter takes the first match, an actor by name and a verb by its word", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, marked(mark))
  await expect(rowsOf(page)).toHaveCount(5)
  await openList(page, "Actor")
  await page.keyboard.type(`Ines ${mark}`)
  await page.keyboard.press("Enter")
  await expect.poll(() => new URLSearchParams(queryOf(page)).getAll("actor")).toEqual([`ines-${mark}`])
  await page.keyboard.press("Escape")
  await expect(rowsOf(page)).toHaveCount(4)
  const operations = await openList(page, "Operation")
  await expect(operations.getByRole("option", { name: /^Any create/ })).toBeVisible()
  await page.keyboard.type("delete")
  await page.keyboard.press("Enter")
  await expect.poll(() => new URLSearchParams(queryOf(page)).getAll("operation")).toEqual(["*.delete"])
  await expect(rowsOf(page)).toHaveCount(4)
})

test("a name that is written from right to left keeps its beginning and reorders nothing", async ({ as }) => {
  const page = await as("reader")
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLog(page, marked(mark, `actor=ahmed-${mark}`))
  const name = rowsOf(page).getByRole("cell").nth(1).locator("bdi").last()
  const cut = await name.evaluate(element => ({
    direction: getComputedStyle(element).direction,
    isCut: element.scrollWidth > element.clientWidth,
    // What overflows a box is at the end of its own direction; the beginning is inside of it.
    beginning: (() => {
      const range = document.createRange()
      const text = element.firstChild
      if (!text) return null
      range.setStart(text, 0)
      range.setEnd(text, 1)
      const letter = range.getBoundingClientRect()
      const box = element.getBoundingClientRect()
      return letter.right <= box.right + 1 && letter.left >= box.left - 1
    })(),
  }))
  expect(cut).toEqual({ direction: "rtl", isCut: true, beginning: true })
  await openPage(page, `${logPath}/${ids[4]}`)
  const heading = page.getByRole("heading", { level: 1 })
  expect(await heading.evaluate(element => getComputedStyle(element).direction)).toBe("ltr")
  await expect(heading.locator("bdi")).toHaveText([arabic, "نموذج"])
})

test("in forced colours the chosen tab, the place in the navigation and the open row are marked", async ({
  as,
}) => {
  const page = await as("reader")
  await page.emulateMedia({ forcedColors: "active" })
  await openLog(page, `${marked(mark)}&event=${ids[0]}`)
  const marks = [
    panelOf(page).getByRole("tab", { selected: true }),
    page.getByRole("navigation", { name: "Organization" }).locator("[aria-current]").first(),
    page.locator("tr[aria-current=true]"),
  ]
  for (const marked of marks) {
    expect(await marked.evaluate(element => getComputedStyle(element).outlineStyle)).toBe("solid")
  }
})

test("on paper an event has its facts and no controls", async ({ as }) => {
  const page = await as("reader")
  await openPage(page, `${logPath}/${ids[0]}`)
  await page.emulateMedia({ media: "print" })
  await expect(page.getByRole("navigation").filter({ visible: true })).toHaveCount(0)
  await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0)
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
  await expect(page.getByText("pallet-detector", { exact: true }).first()).toBeVisible()
})
