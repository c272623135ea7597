import { randomInt } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import type { Page } from "@playwright/test"
import { parse } from "csv-parse/sync"
import { allEvents, bearer, type ReadEvent } from "./api"
import { expect, test } from "./fixtures"
import { clearAll, filterBy, newMark, openLog, queryOf, rowsOf, shownIds, typeWindow } from "./log"
import { command } from "./world"

// From an application's records to an administrator's screen and file: one story, in order.
test.describe.configure({ mode: "serial" })

const mark = newMark()
/** An ip used by this run alone. */
const address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`
const ours = `text=${mark}&from=2025-02-01&to=2025-02-28`

const files = [
  { name: "clarifai-response.json", events: 10 },
  { name: "clearml-entry.json", events: 1 },
  { name: "cloudtrail-records.json", events: 3 },
] as const

/** The times of all records, newest first, as the sources wrote them but with six digits. */
const moments = [
  "2025-02-12T10:00:03.000000Z",
  "2025-02-12T10:00:02.000000Z",
  "2025-02-12T10:00:01.000000Z",
  "2025-02-11T09:17:42.918207Z",
  "2025-02-11T09:17:42.900416Z",
  "2025-02-11T09:13:01.000001Z",
  "2025-02-11T09:08:30.500000Z",
  "2025-02-11T09:05:12.765940Z",
  "2025-02-11T09:05:12.756602Z",
  "2025-02-11T09:05:12.714359Z",
  "2025-02-10T14:22:07.613000Z",
  "2025-02-09T06:31:58.270433Z",
  "2025-02-09T06:31:58.258999Z",
  "2025-02-09T06:31:57.999999Z",
] as const

/** Writes the sample files with this run's own names and ip. Returns their paths. */
function writeFiles(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true })
  return files.map(({ name }) => {
    const text = readFileSync(path.join(import.meta.dirname, "fixtures", name), "utf8")
    const file = path.join(directory, name)
    writeFileSync(file, text.replaceAll("RUNMARK", mark).replaceAll("RUNADDRESS", address))
    return file
  })
}

test("three files of three systems go in whole, and a second time nothing is added", async ({
  world,
  baseURL,
  request,
}, testInfo) => {
  const send = (directory: string) =>
    command(
      "ingest",
      ...writeFiles(testInfo.outputPath(directory)),
      "--key",
      world.keys.ingestion,
      "--url",
      String(baseURL),
    )
  const first = send("first")
  for (const { name, events } of files) {
    expect(first).toContain(`${name}: ${events} read, ${events} accepted, 0 duplicate, 0 rejected`)
  }
  const second = send("second")
  for (const { name, events } of files) {
    expect(second).toContain(`${name}: ${events} read, 0 accepted, ${events} duplicate, 0 rejected`)
  }
  const kept = await allEvents(request, world.keys.reading, ours)
  expect(kept.map(event => event.occurredAt)).toEqual(moments)
})

/** Each filter as a person chooses it, and how many of the records match. */
const filters: readonly {
  readonly label: string
  readonly typed: string
  readonly option: string | RegExp
  readonly parameter: readonly [string, string]
  readonly count: number
}[] = [
  { label: "App", typed: "sandbox", option: /Sandbox/, parameter: ["app", "sandbox"], count: 14 },
  {
    label: "Operation",
    typed: "workflow_version.create",
    option: /workflow_version\.create/,
    parameter: ["operation", "workflow_version.create"],
    count: 3,
  },
  { label: "Status", typed: "denied", option: /Denied/, parameter: ["status", "denied"], count: 1 },
  {
    label: "Actor",
    typed: `nadia-${mark}`,
    option: /Nadia Brandt|nadia/,
    parameter: ["actor", `nadia-${mark}`],
    count: 10,
  },
  {
    label: "Target",
    typed: `workflow:sorting-b-${mark}`,
    option: new RegExp(`sorting-b-${mark}`),
    parameter: ["target", `workflow:sorting-b-${mark}`],
    count: 2,
  },
  {
    label: "Source IP",
    typed: address,
    option: new RegExp(address.replaceAll(".", "\\.")),
    parameter: ["ip", address],
    count: 14,
  },
]

test("each filter of the page finds the records, and the same ones as the API", async ({
  as,
  world,
  request,
}) => {
  const page = await as("reader")
  await openLog(page)
  await typeWindow(page, "2025-02-01", "2025-02-28")
  for (const { label, typed, option, parameter, count } of filters) {
    await test.step(label, async () => {
      await page.getByLabel("Search text, names and ids").fill(mark)
      await page.keyboard.press("Enter")
      await expect(rowsOf(page)).toHaveCount(14)
      await filterBy(page, label, typed, option)
      await expect(rowsOf(page)).toHaveCount(count)
      // The same number of rows may still be the old ones: the url shows when the query is the new one.
      const asked = () => new URLSearchParams(queryOf(page)).getAll(parameter[0])
      await expect.poll(asked).toEqual([parameter[1]])
      await expectSameAsApi(page, await allEvents(request, world.keys.reading, queryOf(page)))
      await clearAll(page)
    })
  }
})

async function expectSameAsApi(page: Page, events: readonly ReadEvent[]): Promise<void> {
  expect(events.map(({ id }) => id)).toEqual(await shownIds(page))
}

test("the three records of one request are found from any of them", async ({ as, world, request }) => {
  const page = await as("reader")
  await openLog(page, `target=app:warehouse-b-${mark}&from=2025-02-01&to=2025-02-28`)
  await expect(rowsOf(page)).toHaveCount(3)
  await rowsOf(page).last().click()
  const panel = page.getByRole("region", { name: "Event", exact: true })
  await panel.getByRole("tab", { name: "Request" }).click()
  await panel.getByRole("button", { name: "Request id: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Include/ }).click()
  await expect(page).toHaveURL(new RegExp(`request=webportal-four-${mark}`))
  await panel.getByRole("button", { name: "Close" }).click()
  await openLog(page, `request=webportal-four-${mark}&from=2025-02-01&to=2025-02-28`)
  await expect(rowsOf(page)).toHaveCount(3)
  await expectSameAsApi(page, await allEvents(request, world.keys.reading, queryOf(page)))
})

test("days and moments are found to the microsecond, and shown so", async ({ as }) => {
  const page = await as("reader")
  const counts = [
    ["from=2025-02-11&to=2025-02-11", 7],
    ["from=2025-02-09&to=2025-02-10", 4],
    ["from=2025-02-11T09:17:42.900416Z&to=2025-02-11T09:17:42.918206Z", 1],
    ["from=2025-02-11T09:17:42.900416Z&to=2025-02-11T09:17:42.918207Z", 2],
    ["from=2025-02-11T09:17:42.900417Z&to=2025-02-11T09:17:42.918206Z", 0],
  ] as const
  for (const [window, count] of counts) {
    await openLog(page, `text=${mark}&${window}`)
    await expect(rowsOf(page)).toHaveCount(count)
  }
  await openLog(page, `text=${mark}&from=2025-02-11T09:13&to=2025-02-11T09:13`)
  await rowsOf(page).first().click()
  const panel = page.getByRole("region", { name: "Event", exact: true })
  await expect(panel.getByText("2025-02-11 09:13:01.000001 UTC")).toBeVisible()
})

test("the exported files hold exactly the events on screen, as the API gives them", async ({
  as,
  world,
  request,
}) => {
  const page = await as("reader")
  await openLog(page, `${ours}&actor=nadia-${mark}&-operation=model.create`)
  await expect(rowsOf(page)).toHaveCount(8)
  const ids = await shownIds(page)
  const expected = await allEvents(request, world.keys.reading, queryOf(page))
  expect(expected.map(({ id }) => id)).toEqual(ids)

  await page.getByRole("link", { name: "Export", exact: true }).click()
  const csv = await download(page, /CSV/)
  const table: readonly Readonly<Record<string, string>>[] = parse(csv.text, { bom: true, columns: true })
  expect(csv.name).toMatch(/\.csv$/)
  expect(table.map(row => row["Event id"])).toEqual(ids)
  expect(table.map(row => row["When (UTC)"])).toEqual(expected.map(event => event.occurredAt))

  const jsonLines = await download(page, /JSON Lines/)
  expect(jsonLines.name).toMatch(/\.jsonl$/)
  expect(jsonLines.text.trimEnd().split("\n").map(readIdentity)).toEqual(
    expected.map(({ id, occurredAt }) => ({ id, occurredAt })),
  )

  const api = await request.get(`/api/v1/events/export?${queryOf(page)}&format=csv`, {
    headers: bearer(world.keys.reading),
  })
  expect(await api.text()).toBe(csv.text)
})

interface Downloaded {
  readonly name: string
  readonly text: string
}

/** Exports the displayed events through the open dialog. */
async function download(page: Page, format: RegExp): Promise<Downloaded> {
  const dialog = page.getByRole("dialog", { name: "Export the audit log" })
  await expect(dialog.getByText("8 events", { exact: true })).toBeVisible()
  await dialog.getByRole("radio", { name: format }).check()
  const arriving = page.waitForEvent("download")
  await dialog.getByRole("button", { name: "Download" }).click()
  const arrived = await arriving
  await expect(dialog.getByText("8 rows saved")).toBeVisible()
  await expect(dialog.getByText(/newest first, times in UTC/)).toBeVisible()
  return { name: arrived.suggestedFilename(), text: readFileSync(await arrived.path(), "utf8") }
}

function readIdentity(line: string): { readonly id: string; readonly occurredAt: string } {
  // The one cast: a line is an event as the API returns it.
  const { id, occurredAt } = JSON.parse(line) as ReadEvent
  return { id, occurredAt }
}
