import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { addMicroseconds, type Instant, instantFromDate } from "@/lib/audit/time/instant"
import { afterWindow, fixedWindow } from "@/lib/audit/time/window"
import { databaseClock } from "@/lib/database/clock"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { job } from "@/lib/operations/fixtures/access"
import { home, memberAs, setUpHome } from "@/lib/operations/fixtures/home"
import { usePlatform as makeCurrent } from "@/lib/platform"
import { prepareTestEvent } from "@/test/events"
import { platform } from "@/test/platform"
import { countEvents } from "./count"
import { exportEvents } from "./export"
import type { QueryInput } from "./resolve-query"
import { searchEvents } from "./search"

setUpHome(beforeAll)

const minute = 60_000_000
let slug: string
let caller: Caller
let now: Instant
/** The ids of the events, by the number of minutes that each is ahead of the clock. */
const ids = new Map<number, string>()

beforeAll(async () => {
  slug = `a${randomUUID().slice(0, 8)}`
  const appId = (await execute(createApp, job(home), { slug, name: slug })).id
  now = instantFromDate(new Date())
  for (const ahead of [-10, 4, 6]) {
    const id = randomUUID()
    ids.set(ahead, id)
    const occurredAt = addMicroseconds(now, ahead * minute)
    await platform.ledger.append(home.id, [
      prepareTestEvent({ id: home.id, appId }, { id, occurredAt, description: `Event ${id}` }),
    ])
  }
  caller = await memberAs(["Auditor"])
})

const named = (...ahead: readonly number[]) => ahead.map(minutes => ids.get(minutes))

/** What each way of reading finds: the page, its later pages, the exported file, and the count. */
async function readAll(input: QueryInput, who: Caller = caller) {
  const page = await execute(searchEvents, who, input)
  const counted = await execute(countEvents, who, input)
  const file = await execute(exportEvents, who, { format: "jsonl", query: input })
  let text = ""
  for await (const chunk of file.chunks(new AbortController().signal)) text += chunk
  const lines = text.split("\n").filter(line => line !== "")
  return {
    page: page.events.map(({ id }) => id),
    exported: lines.map(line => JSON.parse(line).id),
    count: counted.count,
    answer: page,
  }
}

const parameters = (text: string): QueryInput => ({
  parameters: new URLSearchParams(`${text}&app=${slug}`),
})

describe("an event that is ahead of the clock", () => {
  test.each<readonly [string, () => QueryInput]>([
    ["no window", () => parameters("")],
    ["the last hour", () => parameters("window=1h")],
    ["an open end", () => parameters(`from=${addMicroseconds(now, -60 * minute)}`)],
    ["the JSON form", () => ({ object: { include: { app: [slug] }, window: "24h" } })],
  ])("by less than five minutes is in a range that ends now, for every reader: %s", async (_, input) => {
    const { page, exported, count } = await readAll(input())
    expect(page).toEqual(named(4, -10))
    expect(exported).toEqual(named(4, -10))
    expect(count).toBe(2)
  })

  test("by more is counted, and shown, in what lies after the range", async () => {
    const { answer } = await readAll(parameters("window=1h"))
    const later = afterWindow(answer.window, answer.queriedAt)
    const range = later && fixedWindow(later)
    if (range?.kind !== "range") throw new Error("There is nothing after the range.")
    const { page, count } = await readAll(parameters(`from=${range.from}&to=${range.to}`))
    expect([page, count]).toEqual([named(6), 1])
  })

  test("is in no range whose end was typed before it", async () => {
    const { page } = await readAll(parameters(`from=2020&to=${now}`))
    expect(page).toEqual(named(-10))
  })
})

test("a range ends at the database's clock, however wrong the web process's own is", async () => {
  const hourMs = 3_600_000
  for (const offMs of [-hourMs, hourMs]) {
    const clock = databaseClock(platform.database, () => Date.now() + offMs)
    await clock.measure()
    makeCurrent({ ...platform, clock })
    try {
      const { page, exported, count } = await readAll(parameters("window=15m"), {
        ...caller,
        at: new Date(Date.now() + offMs),
      })
      expect([page, exported, count]).toEqual([named(4, -10), named(4, -10), 2])
    } finally {
      makeCurrent(platform)
    }
  }
})
