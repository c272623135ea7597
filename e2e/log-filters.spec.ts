import type { Page } from "@playwright/test"
import { allEvents, bearer, sendEvents } from "./api"
import { expect, test } from "./fixtures"
import {
  choose,
  eventLink,
  filterBy,
  logPath,
  marked,
  newMark,
  openLog,
  queryOf,
  rowsOf,
  secondsFromNow,
  shownIds,
  typeWindow,
} from "./log"
import { collectIds } from "./scroll"
import { readWorld } from "./world"

const day = 86_400
const mark = newMark()

interface Made {
  readonly word: string
  /** The word by which this test finds its events. */
  readonly run?: string
  readonly actor?: string
  readonly operation?: string
  readonly status?: string
  readonly occurredAt?: string
}

function made({
  word,
  run = mark,
  actor = "ann",
  operation = "door.open",
  status = "success",
  occurredAt,
}: Made) {
  return {
    operation,
    status,
    actor: { type: "user", id: `${actor}-${run}` },
    targets: [{ type: "door", id: `front-${run}` }],
    description: `${run} ${word}`,
    ...(occurredAt ? { occurredAt } : {}),
  }
}

const ordinary = [
  made({ word: "one", actor: "ann", occurredAt: secondsFromNow(-50) }),
  made({ word: "two", actor: "bob", status: "failure", occurredAt: secondsFromNow(-40) }),
  made({ word: "three", actor: "cleo", status: "denied", occurredAt: secondsFromNow(-30) }),
  made({ word: "four", actor: "ann", operation: "door.close", occurredAt: secondsFromNow(-20) }),
  made({ word: "100% sure", occurredAt: "2025-04-01T08:00:00Z" }),
  made({ word: "1000 sure", occurredAt: "2025-04-01T08:00:01Z" }),
  made({ word: "a_b", occurredAt: "2025-04-01T08:00:02Z" }),
  made({ word: "axb", occurredAt: "2025-04-01T08:00:03Z" }),
  // Within an hour of midnight in New York, on a summer day, and on the day of 25 hours.
  made({ word: "summer night", occurredAt: "2025-06-11T03:30:00.000001Z" }),
  made({ word: "long day's night", occurredAt: "2025-11-03T04:59:59.999999Z" }),
]
const recent = `text=${mark}`

test.beforeAll(async ({ request }) => {
  await sendEvents(request, readWorld().keys.ingestion, ordinary)
})

test("without a window the last 30 days are shown, and said so with their zone", async ({
  as,
  request,
  world,
}) => {
  const word = newMark()
  await sendEvents(
    request,
    world.keys.ingestion,
    [-29, -31].map(days => made({ run: word, word: `${days}`, occurredAt: secondsFromNow(days * day) })),
  )
  const page = await as("reader")
  await openLog(page, `text=${word}`)
  await expect(rowsOf(page)).toHaveCount(1)
  await expect(eventLink(page, `${word} -29`)).toBeVisible()
  await expect(page.getByText("Last 30 days, until now, times in UTC", { exact: true })).toBeVisible()
  await openLog(page, "zone=Asia/Kathmandu")
  await expect(page.getByText("Last 30 days, until now, times in Asia/Kathmandu (UTC+05:45)")).toBeVisible()
  await expect(page.getByRole("button", { name: "Time zone: Asia/Kathmandu" })).toBeVisible()
})

test("several values of one filter mean either, and different filters mean both", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, recent)
  await expect(rowsOf(page)).toHaveCount(4)
  await choose(page, "Actor", `ann-${mark}`, `ann-${mark}`)
  await choose(page, "Actor", `bob-${mark}`, `bob-${mark}`)
  await page.keyboard.press("Escape")
  await expect(rowsOf(page)).toHaveCount(3)
  await filterBy(page, "Operation", "door.open", "door.open")
  await expect(rowsOf(page)).toHaveCount(2)
  const asked = (name: string) => new URLSearchParams(queryOf(page)).getAll(name)
  await expect.poll(() => asked("operation")).toEqual(["door.open"])
  expect(asked("actor")).toEqual([`ann-${mark}`, `bob-${mark}`])
})

test("a value of an open event is included, excluded, turned round and taken away", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, recent)
  await eventLink(page, `${mark} three`).click()
  const panel = page.getByRole("region", { name: "Event", exact: true })
  await panel.getByRole("button", { name: "Actor: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Exclude/ }).click()
  await expect(rowsOf(page)).toHaveCount(3)
  await expect(eventLink(page, `${mark} three`)).toHaveCount(0)
  await expect.poll(() => new URLSearchParams(queryOf(page)).getAll("-actor")).toEqual([`cleo-${mark}`])

  const pills = page.getByRole("list", { name: "Filters in force" })
  await pills.getByRole("button", { name: `Actor is not cleo-${mark}: include it instead` }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  await expect(eventLink(page, `${mark} three`)).toBeVisible()
  await pills.getByRole("button", { name: `Remove the filter Actor is cleo-${mark}` }).click()
  await expect(rowsOf(page)).toHaveCount(4)

  await panel.getByRole("button", { name: "Status: filter or copy" }).click()
  await page.getByRole("menuitem", { name: /^Include/ }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  await expect.poll(() => new URLSearchParams(queryOf(page)).getAll("status")).toEqual(["denied"])
})

test("a day of another zone holds its own last hour and not the next day's", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, `text=${mark}&zone=America/New_York`)
  const nights = [
    { word: "summer night", on: "2025-06-10", after: "2025-06-11", clock: "2025-06-10 23:30:00" },
    { word: "long day's night", on: "2025-11-02", after: "2025-11-03", clock: "2025-11-02 23:59:59" },
  ]
  for (const { word, on, after, clock } of nights) {
    await typeWindow(page, on, on)
    await expect(rowsOf(page)).toHaveCount(1)
    await expect(rowsOf(page).first()).toContainText(`${mark} ${word}`)
    await expect(rowsOf(page).first()).toContainText(clock)
    await expect(page.getByText(new RegExp(`^${on}, end included, times in America/New York`))).toBeVisible()
    await typeWindow(page, after, after)
    await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
  }
  await openLog(page, `text=${mark}&from=2025-06-10&to=2025-06-10`)
  await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
})

test("a preset is chosen by name, and two days of the calendar are both included", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, recent)
  await page.getByRole("button", { name: /^Date range: / }).click()
  await page.getByRole("dialog", { name: "Date range" }).getByRole("button", { name: "All time" }).click()
  await expect(rowsOf(page)).toHaveCount(ordinary.length)
  await expect.poll(() => new URLSearchParams(queryOf(page)).get("window")).toBe("all")

  await openLog(page, `text=${mark}&from=2025-06-02&to=2025-06-03`)
  await page.getByRole("button", { name: /^Date range: / }).click()
  const panel = page.getByRole("dialog", { name: "Date range" })
  await panel.getByRole("button", { name: /June 10th, 2025/ }).click()
  await panel.getByRole("button", { name: /June 11th, 2025/ }).click()
  await panel.getByRole("button", { name: "Apply" }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  const asked = (name: string) => new URLSearchParams(queryOf(page)).get(name)
  await expect.poll(() => [asked("from"), asked("to")]).toEqual(["2025-06-10", "2025-06-11"])
})

test("an end before its start is told beside its box and not asked", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, recent)
  await page.getByRole("button", { name: /^Date range: / }).click()
  const panel = page.getByRole("dialog", { name: "Date range" })
  await panel.getByLabel("From", { exact: true }).fill("2025-06-11")
  await panel.getByLabel("To, included", { exact: true }).fill("2025-06-10")
  await panel.getByRole("button", { name: "Apply" }).click()
  await expect(panel.getByText("Ends before it starts")).toBeVisible()
  await panel.getByLabel("To, included", { exact: true }).fill("tomorrow")
  await panel.getByRole("button", { name: "Apply" }).click()
  await expect(panel.getByText("Write 2026-03-31 or 2026-03-31 14:05")).toBeVisible()
  expect(queryOf(page)).toBe(recent)
})

test("today can be left out", async ({ as, request, world }) => {
  const word = newMark()
  await sendEvents(request, world.keys.ingestion, [
    made({ run: word, word: "today" }),
    made({ run: word, word: "yesterday", occurredAt: secondsFromNow(-day) }),
  ])
  const page = await as("reader")
  await openLog(page, `text=${word}`)
  await expect(rowsOf(page)).toHaveCount(2)
  await page.getByRole("button", { name: /^Date range: / }).click()
  await page.getByRole("checkbox", { name: "Exclude today" }).check()
  await page.getByRole("button", { name: "Apply" }).click()
  await expect(rowsOf(page)).toHaveCount(1)
  await expect(eventLink(page, `${word} yesterday`)).toBeVisible()
  await expect(page.getByText("Last 30 days, not today, times in UTC")).toBeVisible()
  await expect.poll(() => new URLSearchParams(queryOf(page)).get("exclude-today")).toBe("1")
})

test("the address holds the whole question: a reload and another browser show the same rows", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, `${marked(mark)}&zone=Europe/Berlin`)
  await page.getByRole("link", { name: /^When/ }).click()
  await filterBy(page, "Status", "success", /Success/)
  await page.getByLabel("Load at once").selectOption("20")
  await expect(page).toHaveURL(/limit=20/)
  await expect(rowsOf(page)).toHaveCount(8)
  const ids = await shownIds(page)
  await page.reload()
  await expect(rowsOf(page)).toHaveCount(8)
  expect(await shownIds(page)).toEqual(ids)
  const other = await as("administrator")
  await other.goto(page.url())
  await expect(rowsOf(other)).toHaveCount(8)
  expect(await shownIds(other)).toEqual(ids)
  await page.goBack()
  await expect(page).not.toHaveURL(/limit=20/)
})

const wrong = [
  ["acter=ann", "acter", "is no parameter of a query"],
  ["status=broken", "status", '"broken" is none of'],
  ["from=2025-13-45", "from", '"2025-13-45" is no date'],
  ["window=30x", "window", '"30x" is none of'],
  ["zone=Mars/Base", "zone", '"Mars/Base" is no time zone'],
  ["limit=0", "limit", '"0" is no whole number'],
  ["ip=nowhere", "ip", '"nowhere" is neither an IP address'],
  ["app=no-such-app", "app", '"no-such-app"'],
  ["text=%FF", "text", "is not UTF-8"],
  ["__proto__=x", "__proto__", "is no parameter of a query"],
  ["from=2025-02-02&to=2025-02-01", "to", "leaves no moment"],
] as const

/** What the page says that the server sends for a query, read without opening it. */
async function served(page: Page, query: string) {
  return page.evaluate(async address => {
    const html = await (await fetch(address)).text()
    const sent = new DOMParser().parseFromString(html, "text/html")
    const alerts = Array.from(sent.querySelectorAll("[role=alert]"), alert => alert.textContent ?? "")
    const links = Array.from(sent.querySelectorAll("a"), link => link.textContent?.trim())
    return {
      alerts: alerts.join("\n"),
      rows: sent.querySelectorAll("tr[data-index]").length,
      offersExport: links.includes("Export"),
    }
  }, `${logPath}?${query}`)
}

test("what is not understood is said in place, and never answered as if it were not there", async ({
  as,
}) => {
  const page = await as("reader")
  await openLog(page, "status=denied&acter=ann")
  await expect(page.getByRole("main").getByRole("alert")).toContainText("is no parameter of a query")
  await expect(rowsOf(page)).toHaveCount(0)
  await expect(page.getByRole("link", { name: "Export", exact: true })).toHaveCount(0)
  for (const [query, name, words] of wrong) {
    await test.step(query, async () => {
      const { alerts, rows, offersExport } = await served(
        page,
        `status=denied&${query}`.replace("status=denied&status=", "status="),
      )
      expect(alerts).toContain(name)
      expect(alerts).toContain(words)
      expect([rows, offersExport]).toEqual([0, false])
      const data = await page.request.get(`${logPath}/events?${query}`)
      expect(data.status()).toBe(422)
      expect(await data.text()).toContain(`"/${name}"`)
    })
  }
  await page.getByRole("link", { name: "Remove" }).first().click()
  await expect(rowsOf(page).first()).toBeVisible()
})

test("percent and underscore are characters like any other", async ({ as }) => {
  const page = await as("reader")
  for (const [text, word] of [
    [`${mark} 100% s`, "100% sure"],
    [`${mark} a_b`, "a_b"],
  ] as const) {
    await openLog(page, `${new URLSearchParams({ text, window: "all" })}`)
    await expect(rowsOf(page)).toHaveCount(1)
    await expect(eventLink(page, `${mark} ${word}`)).toBeVisible()
  }
  await openLog(page, `${new URLSearchParams({ text: `${mark.slice(0, -1)}_`, window: "all" })}`)
  await expect(page.getByRole("heading", { name: "No event matches" })).toBeVisible()
})

test("oldest first is the same answer the other way round", async ({ as }) => {
  const page = await as("reader")
  await openLog(page, marked(mark))
  await expect(rowsOf(page)).toHaveCount(ordinary.length)
  const newest = await shownIds(page)
  await page.getByRole("link", { name: /^When/ }).click()
  await expect(page).toHaveURL(/order=oldest/)
  await expect(page.getByRole("columnheader", { name: /^When/ })).toHaveAttribute("aria-sort", "ascending")
  await expect.poll(() => shownIds(page)).toEqual([...newest].reverse())
})

test("loading to the end shows every event once, without a gap", async ({ as, request, world }) => {
  const word = newMark()
  // Three times only: pages are cut between events of the same microsecond.
  const events = Array.from({ length: 130 }, (_, index) =>
    made({ run: word, word: `${index}`, occurredAt: `2025-05-0${1 + (index % 3)}T10:00:00.000001Z` }),
  )
  await sendEvents(request, world.keys.ingestion, events)
  const expected = await allEvents(request, world.keys.reading, marked(word))
  expect(expected).toHaveLength(130)
  const page = await as("reader")
  for (const size of [20, 100]) {
    await openLog(page, marked(word, `limit=${size}`))
    expect(await collectIds(page)).toEqual(expected.map(({ id }) => id))
    await expect(page.getByText("130 events", { exact: true }).filter({ visible: true })).toBeVisible()
  }
})

test("a large answer is counted up to ten thousand and no further", async ({ as, request, world }) => {
  const page = await as("reader")
  await openLog(page, "from=2025-01-01")
  await expect(page.getByText(/of 10,000\+ events loaded/).filter({ visible: true })).toBeVisible()
  const counted = await request.get("/api/v1/events?from=2025-01-01&limit=1", {
    headers: bearer(world.keys.reading),
  })
  expect(counted.status()).toBe(200)
  await page.getByRole("link", { name: "Export", exact: true }).click()
  await expect(
    page.getByRole("dialog", { name: "Export the audit log" }).getByText("10,000+ events"),
  ).toBeVisible()
})
