import { randomUUID } from "node:crypto"
import { expectAccessible } from "./accessibility"
import { inDatabase } from "./database"
import { expect, test } from "./fixtures"
import { type Receiver, receivedEvents, startReceiver } from "./receiver"
import {
  addSink,
  allHandled,
  deleteSink,
  dialogOf,
  expectReceived,
  expectSoon,
  record,
  secretLabel,
  sectionOf,
} from "./sinks"

let receiver: Receiver

test.beforeAll(async () => {
  receiver = await startReceiver()
})

test.afterAll(async () => {
  await receiver.stop()
})

test.beforeEach(() => {
  receiver.answer = { status: 200, body: "thank you" }
})

test("a sink is paused, resumed, changed and replayed; a stored secret stays unless another is entered", async ({
  as,
  request,
}) => {
  const page = await as("administrator")
  const name = `Replays ${randomUUID().slice(0, 6)}`
  const before = await record(request, "acme", 2)
  const [first, last] = before
  await addSink(page, "acme", receiver, name)

  await test.step("paused, nothing arrives; resumed, it goes on where it stopped", async () => {
    await page.getByRole("button", { name: "Pause", exact: true }).click()
    await dialogOf(page).getByRole("button", { name: "Pause sink" }).click()
    await expect(sectionOf(page, "State")).toContainText("Paused by an administrator.")
    const waiting = await record(request, "acme", 1)
    await expectSoon(page, /Behind the log\s*\d+ events?/)
    await page.getByRole("button", { name: "Resume", exact: true }).click()
    await expectAccessible(page, "the question before a sink is resumed")
    await dialogOf(page).getByRole("button", { name: "Resume sink" }).click()
    await expectReceived(receiver, waiting)
  })

  await test.step("a replay is counted before it is sent, and ends that are none are named", async () => {
    await page.getByRole("button", { name: "Replay", exact: true }).click()
    await dialogOf(page).getByLabel("First number").fill("7")
    await dialogOf(page).getByLabel("Last number").fill("3")
    await dialogOf(page).getByRole("button", { name: "Count the events" }).click()
    await expect(dialogOf(page).getByLabel("Last number")).toHaveAccessibleDescription(/before the first one/)
    await dialogOf(page).getByRole("radio", { name: "By when they were received" }).check()
    await dialogOf(page).getByLabel("From", { exact: true }).fill("2026-02-30")
    await dialogOf(page).getByLabel("To", { exact: true }).fill("2026-02-28")
    await dialogOf(page).getByRole("button", { name: "Count the events" }).click()
    await expect(dialogOf(page).getByLabel("From", { exact: true })).toHaveAccessibleDescription(
      /Write 2026-03-31/,
    )
    await dialogOf(page).getByRole("radio", { name: "By their numbers" }).check()
    await dialogOf(page).getByLabel("First number").fill(String(first?.index))
    await dialogOf(page).getByLabel("Last number").fill(String(last?.index))
    await dialogOf(page).getByRole("button", { name: "Count the events" }).click()
    await expect(dialogOf(page)).toContainText(/\d+ events, numbers [\d,]+ to [\d,]+/)
    await expectAccessible(page, "a replay that was counted")
    receiver.requests.length = 0
    await dialogOf(page).getByRole("button", { name: "Send again" }).click()
    await expect(dialogOf(page)).toHaveCount(0)
    await expectReceived(receiver, before)
    await expectSoon(page, "Done")
  })

  await test.step("saved without a new secret, the old one still signs", async () => {
    await page
      .getByRole("navigation", { name: "Sink", exact: true })
      .getByRole("link", { name: "Settings" })
      .click()
    await expect(page.getByLabel(secretLabel, { exact: true })).toHaveValue("")
    await page
      .getByLabel("Only these events")
      .fill("https://audit.example.com/globex/admin/audit-logs?window=7d&operation=door.*&zone=UTC")
    await page.getByRole("checkbox", { name: "Redact the identity of actors" }).check()
    await expectAccessible(page, "the settings of a sink")
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await expect(page.getByText("Sink saved")).toBeVisible()
    await page.getByRole("link", { name: "Overview" }).click()
    await expect(sectionOf(page, "What is sent")).toContainText("Operation is door.*")
    await expect(sectionOf(page, "What is sent")).toContainText("Redacted in the copies")
    const later = await record(request, "acme", 1)
    await expectReceived(receiver, later)
    const got = receiver.requests.find(({ body }) => body.includes(later[0]?.id ?? "no event"))
    expect(got?.headers["webhook-signature"]).toMatch(/^v1,/)
    expect(got?.body).not.toContain("stella")
  })

  await test.step("another host asks for the secret again", async () => {
    await page
      .getByRole("navigation", { name: "Sink", exact: true })
      .getByRole("link", { name: "Settings" })
      .click()
    await page.getByLabel("URL", { exact: true }).fill("https://elsewhere.example.com/audit")
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await expect(page.getByLabel(secretLabel, { exact: true })).toHaveAttribute("aria-invalid", "true")
    await page.getByRole("link", { name: "Cancel" }).click()
    await expect(sectionOf(page, "State")).toBeVisible()
  })
  await deleteSink(page, name)
})

test("what is typed stays when somebody else has saved meanwhile; untouched, the form shows what was saved", async ({
  as,
}) => {
  const page = await as("administrator")
  const name = `Shared ${randomUUID().slice(0, 6)}`
  await addSink(page, "acme", receiver, name)
  const edit = `${new URL(page.url()).pathname}/edit`
  const other = await as("administrator")
  const typed = page.getByLabel("Name", { exact: true })
  const save = async (text: string) => {
    await other.goto(edit)
    await other.getByLabel("Name", { exact: true }).fill(text)
    await other.getByRole("button", { name: "Save", exact: true }).click()
    await expect(other.getByText("Sink saved")).toBeVisible()
  }
  await page.goto(edit)

  await test.step("nothing was typed", async () => {
    await save(`${name} 2`)
    await page.getByRole("button", { name: "Refresh" }).click()
    await expect(typed).toHaveValue(`${name} 2`)
  })

  await test.step("something was typed", async () => {
    await typed.fill("My own words")
    await save(`${name} 3`)
    await page.getByRole("button", { name: "Refresh" }).click()
    await expect(page.getByRole("status").filter({ hasText: "Somebody else has saved" })).toBeVisible()
    await expect(typed).toHaveValue("My own words")
    await expectAccessible(page, "a form that somebody else has overtaken")
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await expect(page.getByText("Sink saved")).toHaveCount(0)
    await page.getByRole("button", { name: "Show what was saved" }).click()
    await expect(typed).toHaveValue(`${name} 3`)
    await typed.fill(`${name} 4`)
    await page.getByRole("button", { name: "Save", exact: true }).click()
    await expect(page.getByText("Sink saved")).toBeVisible()
  })
  await deleteSink(page, `${name} 4`)
})

test("a sink that does not deliver is named on the other pages of Settings, and not on its own", async ({
  as,
}) => {
  const page = await as("administrator")
  const name = `Broken ${randomUUID().slice(0, 6)}`
  await addSink(page, "acme", receiver, name)
  const own = page.url()
  const id = new URL(own).pathname.split("/").at(-1) ?? ""
  await inDatabase("acme", [
    ["UPDATE sink SET paused_at = now(), paused_reason = 'gone' WHERE organization_id = $1 AND id = $2", id],
  ])
  await page.goto("/acme/admin/settings/apps")
  await expect(page.getByText("Copies do not arrive")).toBeVisible()
  await expectAccessible(page, "a page of Settings while a sink does not deliver")
  await page.getByRole("link", { name, exact: true }).click()
  await expect(page).toHaveURL(own)
  await expect(page.getByText("Copies do not arrive")).toHaveCount(0)
  await deleteSink(page, name)
})

test("dead letters are listed with their reason, and one or all are sent again", async ({ as, request }) => {
  const page = await as("administrator")
  const name = `Refused ${randomUUID().slice(0, 6)}`
  await addSink(page, "acme", receiver, name)
  const sinkId = new URL(page.url()).pathname.split("/").at(-1) ?? ""
  const sent = await record(request, "acme", 2)
  const ids = sent.map(({ id }) => id)
  await expectReceived(receiver, sent)
  await expectSoon(page, allHandled)
  await page.getByRole("link", { name: "Dead letters" }).click()
  await expect(page.getByRole("heading", { name: "No dead letters" })).toBeVisible()
  // An event is refused for good after three tries in ten minutes: here it is so at once.
  const insert = `INSERT INTO sink_dead_letter
      (id, sink_id, organization_id, index, event_id, tries, first_refused_at, last_refused_at, dead_at, reason)
    VALUES ($2, $3, $1, $4, $5, 3, now(), now(), now(), 'The receiver refuses it: 413 Payload Too Large')`
  await inDatabase(
    "acme",
    sent.map(({ id, index }) => [insert, randomUUID(), sinkId, index, id] as const),
  )
  await page.reload()
  await expect(page.getByRole("table")).toContainText("413 Payload Too Large")
  await expect(page.getByRole("table")).toContainText("Given up")
  await expectAccessible(page, "dead letters")
  receiver.requests.length = 0
  await page
    .getByRole("button", { name: /^Send event [\d,]+ again$/ })
    .first()
    .click()
  await dialogOf(page).getByRole("button", { name: "Send again" }).click()
  await expect(dialogOf(page)).toHaveCount(0)
  await expect(() => expect(receivedEvents(receiver).filter(id => ids.includes(id))).toHaveLength(1)).toPass()
  await expectSoon(page, "1 event is refused")
  await page.getByRole("button", { name: "Send all again" }).click()
  await dialogOf(page).getByRole("button", { name: "Send again" }).click()
  await expectReceived(receiver, sent)
  await expectSoon(page, "No dead letters")
  await deleteSink(page, name)
})
