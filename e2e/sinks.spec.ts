import { randomUUID } from "node:crypto"
import { expectAccessible, tabTo } from "./accessibility"
import { inDatabase } from "./database"
import { expect, test } from "./fixtures"
import { confirmIdentity } from "./proof"
import { type Receiver, startReceiver } from "./receiver"
import {
  addSink,
  allHandled,
  deleteSink,
  dialogOf,
  expectReceived,
  expectSoon,
  newSecret,
  record,
  secretLabel,
  sectionOf,
  sinksOf,
} from "./sinks"

// Of the other organization: it begins without any sink.
const sinks = sinksOf("globex")

let receiver: Receiver

test.beforeAll(async () => {
  receiver = await startReceiver()
  await inDatabase(
    "globex",
    ["sink_delivery", "sink_dead_letter", "sink_cursor", "sink"].map(
      table => [`DELETE FROM ${table} WHERE organization_id = $1`] as const,
    ),
  )
})

test.afterAll(async () => {
  await receiver.stop()
})

test.beforeEach(() => {
  receiver.answer = { status: 200, body: "thank you" }
})

test("an administrator adds a sink, sees the exact bytes of a test, and copies arrive", async ({
  as,
  request,
}) => {
  const page = await as("stranger")
  await confirmIdentity(page)
  const token = newSecret()
  await page.goto(sinks)

  await test.step("without any sink, the page says what one is for", async () => {
    await expect(page.getByRole("heading", { name: "Events stay here only" })).toBeVisible()
    await expectAccessible(page, "no sinks")
    await page.getByRole("main").getByRole("link", { name: "+ Add sink" }).click()
  })

  await test.step("what writes to the machine itself is not offered where there are several organizations", async () => {
    await expect(page.getByRole("link", { name: "Webhook" })).toBeVisible()
    await expect(page.getByRole("main").getByRole("link", { name: /^(Standard output|File)/ })).toHaveCount(0)
    await expectAccessible(page, "the kinds of sinks")
    await page.getByRole("link", { name: "Webhook" }).click()
  })

  await test.step("what is missing or not allowed is said beside its input, with the value that would allow it", async () => {
    await page.getByRole("button", { name: "Add sink" }).click()
    await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true")
    await expect(page.getByLabel(secretLabel, { exact: true })).toHaveAttribute("aria-invalid", "true")
    await expectAccessible(page, "the form of a sink with faults")
    await page.getByLabel("Name", { exact: true }).fill("Hooks")
    await page.getByLabel(secretLabel, { exact: true }).fill(token)
    await page.getByLabel("URL", { exact: true }).fill("https://10.1.2.3/hook")
    await page.getByRole("button", { name: "Add sink" }).click()
    await expect(page.getByLabel("URL", { exact: true })).toHaveAccessibleDescription(/OUTBOUND_ALLOW/)
    await expect(page.getByLabel("URL", { exact: true })).toHaveAccessibleDescription(/10\.1\.2\.3/)
  })

  await test.step("a test shows exactly what was sent and what was answered, and no secret", async () => {
    await page.getByLabel("URL", { exact: true }).fill(receiver.url)
    await page.getByRole("button", { name: "Send a test event" }).click()
    const tested = sectionOf(page, "Test")
    await expect(tested).toContainText("The receiver took the event")
    const got = receiver.requests.at(-1)
    expect(got?.body).toContain("test")
    await expect(tested).toContainText(got?.body ?? "nothing was received")
    await expect(tested).toContainText("thank you")
    expect(await page.content()).not.toContain(token)
    await expectAccessible(page, "a test of a sink")
    receiver.answer = { status: 503, body: "come back later" }
    await page.getByRole("button", { name: "Send a test event" }).click()
    await expect(tested).toContainText("The receiver did not take the event")
    await expect(tested).toContainText("come back later")
    receiver.answer = { status: 200, body: "thank you" }
  })

  await test.step("saved, events arrive, and the page says so", async () => {
    await page.getByRole("button", { name: "Add sink" }).click()
    await expect(page.getByRole("heading", { name: "Hooks", level: 1 })).toBeVisible()
    const ids = await record(request, "globex", 3)
    await expectReceived(receiver, ids)
    await expectSoon(page, allHandled)
    await expect(sectionOf(page, "What is sent")).toContainText(
      "Signing secret (whsec_...): set, never shown",
    )
    await expect(sectionOf(page, "What is sent")).toContainText("Set by Stella Novak")
    await expectAccessible(page, "a sink")
    await page.getByRole("link", { name: "Deliveries" }).click()
    await expect(page.getByRole("table")).toContainText("Taken")
    await expect(page.getByRole("main")).toContainText(/In the last 24 hours: \d+ attempts?/)
    await expectAccessible(page, "the deliveries of a sink")
    await page.getByRole("link", { name: "Not taken" }).click()
    await expect(page.getByRole("heading", { name: "Every attempt was taken" })).toBeVisible()
    expect(await page.content()).not.toContain(token)
  })

  await test.step("the list has it, and the log says who added it, without the secret", async () => {
    await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Sinks" }).click()
    await expect(page.getByRole("table")).toContainText("Delivering")
    await expectAccessible(page, "the sinks")
    const log = await page.request.get(
      "/globex/admin/audit-logs/export?format=jsonl&window=1h&operation=sink.create",
    )
    const text = await log.text()
    expect(text).toContain("Hooks")
    expect(text).not.toContain(token)
  })
  await page.getByRole("main").getByRole("link", { name: "Hooks" }).click()
  await deleteSink(page, "Hooks")
})

test("a failure is shown with the answer, and afterwards nothing is missing", async ({ as, request }) => {
  const page = await as("stranger")
  const name = `Away ${randomUUID().slice(0, 6)}`
  await addSink(page, "globex", receiver, name)
  receiver.answer = { status: 503, body: "we are away" }
  const ids = await record(request, "globex", 2)
  await expectSoon(page, "we are away")
  await expect(page.getByRole("main")).toContainText("Failing")
  await expect(sectionOf(page, "State")).toContainText("Nothing is lost")
  await expectAccessible(page, "a sink that fails")
  await page.getByRole("link", { name: "Deliveries" }).click()
  await page.getByRole("link", { name: "Not taken" }).click()
  await expect(page.getByRole("table")).toContainText("we are away")
  receiver.answer = { status: 200, body: "back" }
  receiver.requests.length = 0
  await expectReceived(receiver, ids)
  await page.getByRole("link", { name: "Overview" }).click()
  await expectSoon(page, allHandled)
  await deleteSink(page, name)
})

test("a banner says at once that somebody must change something", async ({ as, request }) => {
  const page = await as("stranger")
  const name = `Refuses ${randomUUID().slice(0, 6)}`
  await addSink(page, "globex", receiver, name)
  receiver.answer = { status: 401, body: "who are you" }
  await record(request, "globex", 1)
  await expectSoon(page, "Needs a change")
  await page.goto(sinks)
  const banner = page.getByRole("main").getByText("Copies do not arrive").locator("..")
  await expect(banner).toContainText(name)
  await expectAccessible(page, "the banner of a sink that needs a change")
  await banner.getByRole("link", { name }).click()
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
  await deleteSink(page, name)
})

test("the whole way works by keyboard", async ({ as }) => {
  const page = await as("stranger")
  const name = `Keys ${randomUUID().slice(0, 6)}`
  await confirmIdentity(page)
  await page.goto(sinks)
  await tabTo(page, "link", "+ Add sink")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("link", { name: "Webhook" })).toBeVisible()
  await tabTo(page, "link", "Webhook")
  await page.keyboard.press("Enter")
  await page.getByLabel("Name", { exact: true }).focus()
  await page.keyboard.type(name)
  await page.keyboard.press("Tab")
  await page.keyboard.type(receiver.url)
  await page.getByLabel(secretLabel, { exact: true }).focus()
  await page.keyboard.type(newSecret())
  await page.keyboard.press("Enter")
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
  await tabTo(page, "button", "Replay")
  await page.keyboard.press("Enter")
  await expect(dialogOf(page)).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(dialogOf(page)).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Replay", exact: true })).toBeFocused()
  await deleteSink(page, name)
})

test("an error is not shown as an empty list, and what is not there is not found", async ({ as }) => {
  const page = await as("stranger")
  const name = `Errors ${randomUUID().slice(0, 6)}`
  await addSink(page, "globex", receiver, name)
  const own = page.url()
  await page.goto(`${own}/deliveries?before=nonsense`)
  await expect(page.getByText("This page is not available right now")).toBeVisible()
  await expect(page.getByText("Nothing was sent")).toHaveCount(0)
  for (const id of ["not-an-id", randomUUID()]) {
    expect((await page.goto(`${sinks}/${id}`))?.status(), id).toBe(404)
  }
  // The sink of one organization is not there for another one.
  const other = await as("administrator")
  const path = new URL(own).pathname.replace("/globex/", "/acme/")
  expect((await other.goto(path))?.status()).toBe(404)
  await page.goto(own)
  await deleteSink(page, name)
})

test("without the permission, the page says which one is missing and shows nothing", async ({ as }) => {
  const page = await as("reader")
  await page.goto("/acme/admin/settings/sinks")
  await expect(page.getByText("You do not have access to this page")).toBeVisible()
  await expect(page.getByText("SINK-MANAGEMENT")).toBeVisible()
  await expect(page.getByRole("link", { name: "+ Add sink" })).toHaveCount(0)
})
