import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest"
import { type Api, anEvent, readLog, startApi } from "@/app/api/fixtures/api"
import { exportPatienceMs } from "@/lib/operations/events/export"
import { problem } from "@/lib/operations/openapi/openapi-schemas"
import { prepareTestEvents } from "@/test/events"

type Tenant = Awaited<ReturnType<Api["makeTenant"]>>

let api: Api
let noisy: Tenant
let busy: Tenant
let quiet: Tenant
/** More than an export reads ahead, so that it holds its connection until its reader continues. */
const held = 3_001
/** A third of the pool is enough to distinguish half of it from all. */
const poolSize = 6

beforeAll(async () => {
  api = await startApi(() => ({ DATABASE_POOL_SIZE: String(poolSize) }))
  noisy = await api.makeTenant()
  busy = await api.makeTenant()
  quiet = await api.makeTenant()
  const appId = noisy.apps[0]?.id ?? ""
  for (let rest = held; rest > 0; rest -= 1_000) {
    const events = prepareTestEvents({ id: noisy.organization.id, appId }, Math.min(rest, 1_000))
    await api.platform.ledger.append(noisy.organization.id, events)
  }
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => api.close())

const exporting = ({ key }: Tenant) =>
  api.call("GET", "/api/v1/events/export?format=jsonl&window=all&app=billing", { key })

/** Reads only the first chunk, so that the export is running. */
async function stall(answer: Response) {
  const reader = answer.body?.getReader()
  if (!reader) throw new Error("The answer has no body.")
  await reader.read()
  return reader
}

async function eventually<T>(read: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await read()
    if (wanted(value) || tries === 400) return value
    await sleep(50)
  }
}

/** Connections of the program that hold a transaction. */
async function transactions(): Promise<number> {
  const { rows } = await api.db.superuser.query(
    `SELECT count(*)::int AS number FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'auditorium' AND xact_start IS NOT NULL`,
  )
  return rows[0].number
}

/** Waits until every export has sent what it sends before its reader continues. */
async function nothingRunning(): Promise<void> {
  const running = `SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'auditorium' AND state = 'active'`
  for (let still = 0; still < 10; ) {
    const { rows } = await api.db.superuser.query(running)
    still = rows.length === 0 ? still + 1 : 0
    await sleep(100)
  }
}

const endedExports = async () =>
  (await readLog(api, noisy.organization)).filter(
    ({ operation, metadata }) => operation === "event.export" && metadata.phase === "ended",
  )

/** Makes every read of the organization's events wait until the returned function is called. */
async function slowDown({ organization }: Tenant) {
  const { superuser } = api.db
  const lock = 4_711
  const { rows } = await superuser.query("SELECT pg_get_viewdef('ledger.visible_event') AS definition")
  const slow = `organization_id <> '${organization.id}' OR pg_advisory_xact_lock_shared(${lock}) IS NOT NULL`
  await superuser.query(`SELECT pg_advisory_lock(${lock})`)
  await superuser.query(
    `CREATE OR REPLACE VIEW ledger.visible_event AS SELECT * FROM (${rows[0].definition.replace(/;\s*$/, "")}) event WHERE ${slow}`,
  )
  return () => superuser.query(`SELECT pg_advisory_unlock(${lock})`)
}

/** What another caller does meanwhile. */
async function expectServed(tenant: Tenant): Promise<void> {
  const { key } = tenant
  const sent = await api.call("POST", "/api/v1/events", { key, body: JSON.stringify(anEvent()) })
  expect([sent.status, (await sent.json()).outcome]).toEqual([201, "accepted"])
  const page = await api.call("GET", "/api/v1/events?window=30d", { key })
  expect(page.status).toBe(200)
  await page.text()
}

describe("one organization", () => {
  test("with ten exports that nobody reads has two, is told why it has no more, and stops nobody", async () => {
    const answers: Response[] = []
    for (let one = 0; one < 10; one += 1) answers.push(await exporting(noisy))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, ...Array.from({ length: 8 }, () => 429)])
    const [, , refused] = answers
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0)
    expect(problem.parse(await refused?.json())).toMatchObject({
      code: "rate-limited",
      detail: expect.stringContaining("2 exports of this organization are running"),
    })
    const readers = await Promise.all(answers.filter(({ ok }) => ok).map(stall))
    expect(await eventually(transactions, number => number === 2)).toBe(2)
    await expectServed(quiet)
    const own = await exporting(quiet)
    expect(own.status).toBe(200)
    await own.text()
    await Promise.all(readers.map(reader => reader.cancel()))
    expect(await eventually(transactions, number => number === 0)).toBe(0)
    const again = await exporting(noisy)
    expect([again.status, (await again.text()).trimEnd().split("\n").length]).toEqual([200, held])
  })

  test("with ten searches, counts and choices that take long holds half of the connections, and stops nobody", async () => {
    const goOn = await slowDown(busy)
    const readers = await Promise.all([exporting(noisy), exporting(noisy)].map(async one => stall(await one)))
    const { store } = api.platform
    const scope = { organizationId: busy.organization.id, appIds: null, actorId: null }
    const window = { from: "2026-01-01T00:00:00.000000Z", before: "2027-01-01T00:00:00.000000Z" } as never
    const selection = {
      window,
      include: {},
      exclude: {},
      text: "version 7",
      order: "newest",
      asOf: null,
    } as const
    const searches = [
      ...Array.from({ length: 6 }, () => api.call("GET", "/api/v1/events?window=all", { key: busy.key })),
      ...Array.from({ length: 2 }, () => store.count(scope, selection, 10)),
      ...Array.from({ length: 2 }, () =>
        store.choices(scope, { field: "actor", typed: "", selection, limit: 10 }),
      ),
    ]
    const ended = Promise.allSettled(searches)
    expect(await eventually(transactions, number => number === 2 + poolSize / 2)).toBe(2 + poolSize / 2)
    await expectServed(quiet)
    expect(await transactions()).toBeLessThanOrEqual(2 + poolSize / 2)
    await goOn()
    await ended
    await Promise.all(readers.map(reader => reader.cancel()))
    const page = await api.call("GET", "/api/v1/events?window=all", { key: busy.key })
    expect(page.status).toBe(200)
  })
})

describe("an export that nobody reads", () => {
  test("ends after a minute, says so in its event, and gives back its connection and its place", async () => {
    const before = (await endedExports()).length
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const readers = [await stall(await exporting(noisy)), await stall(await exporting(noisy))]
    expect(await eventually(transactions, number => number === 2)).toBe(2)
    expect((await exporting(noisy)).status).toBe(429)
    await nothingRunning()
    vi.advanceTimersByTime(exportPatienceMs - 1)
    await sleep(200)
    expect(await transactions()).toBe(2)
    expect(await endedExports()).toHaveLength(before)
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    expect(await eventually(transactions, number => number === 0)).toBe(0)
    const ended = (await eventually(endedExports, list => list.length === before + 2)).slice(before)
    expect(ended).toHaveLength(2)
    for (const event of ended) {
      expect(event).toMatchObject({
        status: "failure",
        statusMessage: "The reader took nothing for 60 seconds, so the export was ended.",
        metadata: { events: 2_000 },
      })
    }
    // What was waiting for the reader is still sent; then the connection breaks, which no reader mistakes for the end.
    for (const reader of readers) await expect(readOut(reader)).rejects.toThrow("60 seconds")
    const next = await exporting(noisy)
    expect(next.status).toBe(200)
    await next.body?.cancel()
  })

  test("and was not even begun loses its place after a minute", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    for (let turn = 0; turn < 2; turn += 1) {
      const head = await api.call("HEAD", "/api/v1/events/export?window=all", { key: noisy.key })
      expect(head.status).toBe(200)
    }
    const next = await exporting(noisy)
    expect(next.status).toBe(200)
    await next.body?.cancel()
  })
})

async function readOut(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  for (let part = await reader.read(); !part.done; ) part = await reader.read()
}
