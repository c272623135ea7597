import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { eventLink, logPath, marked, newMark, openLog, openPage, rowsOf, secondsFromNow } from "./log"
import { readWorld } from "./world"

const mark = newMark()
const eventIds: (string | undefined)[] = []

const trio = ["first", "second", "third"].map((word, index) => ({
  operation: "gate.open",
  status: "success",
  actor: { type: "user", id: `nora-${mark}`, name: "Nora Lind" },
  description: `${mark} ${word}`,
  occurredAt: secondsFromNow(-100 - index),
  metadata: { note: word },
}))

test.beforeAll(async ({ request }) => {
  const results = await sendEvents(request, readWorld().keys.ingestion, trio)
  eventIds.push(...results.map(({ id }) => id))
})

function panelOf(page: Page) {
  return page.getByRole("region", { name: "Event", exact: true })
}

test("a press opens an event beside the log, its address too, and going back closes it", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await eventLink(page, `${mark} second`).click()
  const panel = panelOf(page)
  await expect(panel.getByRole("heading", { name: `${mark} second` })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`event=${eventIds[1]}`))
  await expect(page.locator("tr[aria-current=true]")).toContainText(`${mark} second`)
  await page.reload()
  await expect(panel.getByRole("heading", { name: `${mark} second` })).toBeVisible()
  await page.goBack()
  await expect(panel).toBeHidden()
  await expect(rowsOf(page)).toHaveCount(3)
})

test("by keyboard: Enter opens, j and k move, Escape gives the focus back to the row", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  await eventLink(page, `${mark} first`).focus()
  await page.keyboard.press("Enter")
  const heading = panelOf(page).getByRole("heading", { level: 2 })
  await expect(heading).toHaveText(`${mark} first`)
  await expect(heading).toBeFocused()
  for (const [key, word] of [
    ["j", "second"],
    ["j", "third"],
    ["k", "second"],
  ] as const) {
    await page.keyboard.press(key)
    await expect(heading).toHaveText(`${mark} ${word}`)
  }
  await page.keyboard.press("Escape")
  await expect(panelOf(page)).toBeHidden()
  await expect(eventLink(page, `${mark} second`)).toBeFocused()
  await expect(page).not.toHaveURL(/event=/)
})

test("the raw JSON is copied as the API gives it", async ({ as, request, world }) => {
  const page = await as("reader")
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"])
  await openLog(page, `text=${mark}&event=${eventIds[0]}`)
  await panelOf(page).getByRole("tab", { name: "Raw JSON" }).click()
  await panelOf(page).getByRole("button", { name: "Copy the event" }).click()
  await expect(panelOf(page).getByText("Copied")).toBeAttached()
  const copied: unknown = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
  const answer = await request.get(`/api/v1/events/${eventIds[0]}`, {
    headers: { authorization: `Bearer ${world.keys.reading}` },
  })
  const { raw: _raw, ...event } = (await answer.json()).event
  expect(copied).toEqual(event)
})

test("an event has a page of its own, with a way back and values that lead to the log", async ({ as }) => {
  const page = await as("reader")
  await openPage(page, `${logPath}/${eventIds[2]}?zone=Asia/Tokyo`)
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${mark} third`)
  await expect(page.getByText(/UTC\+09:00/).first()).toBeVisible()
  for (const title of ["Overview", "Related events", "Request", "Raw JSON"]) {
    await expect(page.getByRole("heading", { name: title, level: 2 })).toBeVisible()
  }
  await page.getByRole("button", { name: "Actor: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Include/ }).click()
  await expect(page).toHaveURL(new RegExp(`audit-logs\\?.*actor=nora-${mark}`))
  await expect(rowsOf(page)).toHaveCount(3)
})

test("a clock that goes wrong, a time without zone and a time without all are said", async ({
  as,
  request,
  world,
}) => {
  const base = { operation: "gate.open", status: "success", actor: { type: "user", id: `nora-${mark}` } }
  const word = newMark()
  const noZone = new Date(Date.now() - 2 * 3600 * 1000).toISOString().slice(0, -1)
  const results = await sendEvents(request, world.keys.ingestion, [
    { ...base, description: `${word} ahead`, occurredAt: secondsFromNow(600) },
    { ...base, description: `${word} late`, occurredAt: noZone },
    { ...base, description: `${word} none` },
  ])
  const page = await as("reader")
  const notes = [
    [/ \d+ minutes ahead of its arrival|^\d+ minutes ahead of its arrival/],
    [/Sent without a zone, taken as UTC/, /2 hours after it occurred/],
    [/Sent without a time; when it was received/],
  ]
  for (const [index, words] of notes.entries()) {
    await openPage(page, `${logPath}/${results[index]?.id}`)
    for (const word of words) await expect(page.getByText(word).first()).toBeVisible()
  }
  await openPage(page, `${logPath}/${results[1]?.id}`)
  await expect(page.getByText(noZone, { exact: true })).toBeVisible()
})

/** What attackers write into names, agents and notes, hoping that somebody's log viewer runs it. */
const attacks = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "</script><script>alert(1)</script>",
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "__html",
  "<!--<script>alert(1)//-->",
] as const
const turned = "invoice\u202Efdp.exe"

test("hostile values are text everywhere, and hidden characters are shown", async ({
  as,
  request,
  world,
}) => {
  const word = newMark()
  const metadata = Object.fromEntries(attacks.map((attack, index) => [attack, `${attack} ${index}`]))
  const results = await sendEvents(
    request,
    world.keys.ingestion,
    attacks.map((attack, index) => ({
      operation: "gate.open",
      status: "failure",
      statusMessage: attack,
      actor: { type: "user", id: `${attack} ${word} ${index}`, name: attack, email: attack },
      targets: [
        { type: "file", id: `${attack} ${word}`, name: attack },
        { type: "file", id: turned, name: turned },
      ],
      source: { userAgent: attack },
      description: `${word} ${attack} ${turned}`,
      metadata,
    })),
  )
  const page = await as("reader")
  const fired: string[] = []
  page.on("dialog", async dialog => {
    fired.push(dialog.message())
    await dialog.dismiss()
  })
  await openLog(page, marked(word))
  await expect(rowsOf(page)).toHaveCount(attacks.length)
  await expect(rowsOf(page).first().getByText("U+202E").first()).toBeVisible()
  await expectNothingInjected(page)
  for (const [index, { id }] of results.entries()) {
    const attack = attacks[index] ?? ""
    await openPage(page, `${logPath}/${id}`)
    await expect(page.getByRole("region", { name: "Metadata" })).toContainText(
      JSON.stringify(`${attack} ${index}`),
    )
    await expect(page.getByText(attack, { exact: true }).first()).toBeVisible()
    await expectNothingInjected(page)
  }
  await openLog(page, `${marked(word)}&event=${results[1]?.id}`)
  const panel = panelOf(page)
  for (const tab of ["Request", "Raw JSON", "Overview"]) {
    await panel.getByRole("tab", { name: tab }).click()
    await expectNothingInjected(page)
  }
  await panel.getByRole("button", { name: "Actor: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Include/ }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  await expectNothingInjected(page)
  expect(fired).toEqual([])
})

/** Expects no element, handler or url that only an attack could have added. */
async function expectNothingInjected(page: Page): Promise<void> {
  const brought = page.locator(
    "img[src='x'], svg[onload], iframe, [onerror], a[href^='javascript:' i], script:text-is('alert(1)')",
  )
  await expect(brought).toHaveCount(0)
}
