import type { Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect, test } from "./fixtures"
import { logPath, newMark, openLog, openPage, rowsOf } from "./log"
import { enter, organizationOf } from "./newcomer"
import { readWorld } from "./world"

const mark = newMark()

test.beforeAll(async ({ request }) => {
  const events = Array.from({ length: 30 }, (_, index) => ({
    operation: "lamp.switch",
    status: "success",
    actor: { type: "system", id: `lamp-${mark}` },
    description: `${mark} ${index}`,
  }))
  await sendEvents(request, readWorld().keys.ingestion, events)
})

test("when nothing matches, what narrows the log is listed and can be taken away", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&actor=nobody-${mark}`)
  await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
  await expect(page.getByText(/Last 30 days, until now, times in UTC\. Take a filter away/)).toBeVisible()
  const pills = page.getByRole("list", { name: "Filters in force" }).last()
  await expect(pills).toContainText("Actor")
  await expect(pills).toContainText(`nobody-${mark}`)
  await pills.getByRole("button", { name: `Remove the filter Actor is nobody-${mark}` }).click()
  await expect(rowsOf(page)).toHaveCount(30)
})

test("events a little ahead of the clock are in the list; those further ahead are counted and can be shown", async ({
  as,
  request,
}) => {
  const early = newMark()
  const aheadBy = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const event = {
    operation: "lamp.switch",
    status: "success",
    actor: { type: "system", id: `lamp-${early}` },
  }
  await sendEvents(request, readWorld().keys.ingestion, [
    { ...event, description: `${early} soon`, occurredAt: aheadBy(4) },
    { ...event, description: `${early} later`, occurredAt: aheadBy(60) },
  ])
  const page = await as("reader")
  await openLog(page, `actor=lamp-${early}`)
  await expect(rowsOf(page)).toHaveCount(1)
  await expect(rowsOf(page)).toContainText(`${early} soon`)
  await expect(page.getByText("1 event claims a later time.")).toBeVisible()
  await page.getByRole("link", { name: "Show", exact: true }).click()
  await expect(rowsOf(page)).toContainText([`${early} later`])
  await expect(page.getByText("claims a later time")).toBeHidden()
})

test("a range to come, and one before the log, are said to be so", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, "from=2090-01-01&to=2090-01-31")
  await expect(page.getByRole("heading", { name: "This range is still to come" })).toBeVisible()
  await openLog(page, "from=1980-01-01&to=1980-01-31")
  await expect(page.getByRole("heading", { name: "This range ends before the first event" })).toBeVisible()
  await page.getByRole("link", { name: "Last 30 days" }).click()
  await expect(rowsOf(page).first()).toBeVisible()
})

interface Refusal {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
}

const unavailable: Refusal = {
  status: 503,
  code: "unavailable",
  detail: "The database cannot be reached at the moment.",
}
const rateLimited: Refusal = {
  status: 429,
  code: "rate-limited",
  detail: "Too many requests at once.",
  headers: { "retry-after": "1" },
}

/** Makes the network answer a data route with a refusal until the returned function is called. */
async function refuse(page: Page, pattern: string, refusal: Refusal): Promise<() => Promise<void>> {
  const { status, code, detail, headers } = refusal
  await page.route(pattern, route =>
    route.fulfill({
      status,
      headers,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: code,
        status,
        code,
        detail,
        requestId: "request-of-spec",
      }),
    }),
  )
  return () => page.unroute(pattern)
}

test("further events that are refused, whatever the reason, say so, and are loaded by trying again", async ({
  as,
}) => {
  const page = await as("reader")
  const pattern = "**/admin/audit-logs/events?*"
  let answerAgain = await refuse(page, pattern, unavailable)
  await openLog(page, `text=${mark}&limit=20`)
  const what = "The next events could not be loaded"
  const notice = await expectFailure(page, what, unavailable)
  const tryAgain = notice.getByRole("button", { name: "Try again", exact: true })
  await expect(rowsOf(page)).toHaveCount(20)
  await answerAgain()
  answerAgain = await refuse(page, pattern, rateLimited)
  await tryAgain.click()
  await expectFailure(page, what, rateLimited)
  await expect(rowsOf(page)).toHaveCount(20)
  await answerAgain()
  await tryAgain.click()
  await expect(rowsOf(page)).toHaveCount(30)
  await expect(notice).toBeHidden()
})

test("an event that is refused, whatever the reason, says so, and is loaded by trying again", async ({
  as,
}) => {
  const page = await as("reader")
  const pattern = "**/admin/audit-logs/events/*"
  await openLog(page, `text=${mark}`)
  let answerAgain = await refuse(page, pattern, unavailable)
  await rowsOf(page).first().click()
  const what = "The event could not be loaded"
  const notice = await expectFailure(page, what, unavailable)
  const tryAgain = notice.getByRole("button", { name: "Try again", exact: true })
  await answerAgain()
  answerAgain = await refuse(page, pattern, rateLimited)
  await tryAgain.click()
  await expectFailure(page, what, rateLimited)
  await answerAgain()
  await tryAgain.click()
  await expect(page.getByRole("tab", { name: "Overview" })).toBeVisible()
})

test("an export that is refused saves nothing, says why, and can be tried again", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}`)
  const answerAgain = await refuse(page, "**/admin/audit-logs/export?*", unavailable)
  await page.getByRole("link", { name: "Export", exact: true }).click()
  await page.getByRole("button", { name: "Download" }).click()
  const notice = await expectFailure(
    page,
    "The export broke off after 0 rows; nothing was saved",
    unavailable,
  )
  await answerAgain()
  const arriving = page.waitForEvent("download")
  await notice.getByRole("button", { name: "Try again" }).click()
  await arriving
  await expect(page.getByText("30 rows saved")).toBeVisible()
})

/**
 * Returns the notice, once it shows what failed, why, its code and the request id; nothing claims that there are no events.
 */
async function expectFailure(page: Page, what: string, { code, detail }: Refusal) {
  const notice = page.getByRole("alert").filter({ hasText: what })
  await expect(notice).toBeVisible()
  await expect(notice).toContainText(detail)
  await expect(notice).toContainText(code)
  await expect(notice).toContainText("request-of-spec")
  await expect(page.getByText(/No event matches|Nothing happened|None in this window/)).toHaveCount(0)
  return notice
}

test("an event that is not there is said beside a log that goes on working", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&event=0193b5a6-0000-7000-8000-000000000000`)
  await expect(page.getByText("This event does not exist here")).toBeVisible()
  await expect(rowsOf(page)).toHaveCount(30)
  const missing = await page.goto(`${logPath}/0193b5a6-0000-7000-8000-000000000000`)
  expect(missing?.status()).toBe(404)
})

test("an organization that no application has written to is told how the first event is sent", async ({
  page,
}) => {
  const slug = newMark()
  const email = `first@${slug}.example`
  await organizationOf({ slug, name: `Fresh ${slug}`, email, person: "First One" })
  await enter(page.context(), { email })
  await openPage(page, `/${slug}/admin/audit-logs`)
  await expect(page.getByRole("heading", { name: "No application has sent an event yet" })).toBeVisible()
  await expect(page.getByText(/curl -sS http/)).toBeVisible()
  await page.getByRole("link", { name: "Make an app and its key" }).click()
  await expect(page).toHaveURL(new RegExp(`/${slug}/admin/settings/apps`))
})

test("while older events are prepared for text search, an answer to a text says that it may lack some", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, "window=all")
  const notice = page.getByText("Older events are still being prepared for text search")
  await page.route("**/admin/audit-logs/answer?*", async route => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), textPartly: true } })
  })
  await expect(notice).toHaveCount(0)
  const box = page.getByRole("textbox", { name: "Search text, names and ids" })
  await box.fill(mark)
  await box.press("Enter")
  await expect(notice).toBeVisible()
  await expect(rowsOf(page).first()).toBeVisible()
  await page.unroute("**/admin/audit-logs/answer?*")
  await page.getByRole("button", { name: "Refresh" }).click()
  await expect(notice).toHaveCount(0)
})
