import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { parse as parseCsv } from "csv-parse/sync"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, anEvent, readLog, startApi } from "@/app/api/fixtures/api"
import { exportedEvent } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
const count = 3_000
const raw = Buffer.from([0, 1, 2, 255])
beforeAll(async () => {
  api = await startApi()
  for (let batch = 0; batch < count / 1_000; batch += 1) {
    const events = Array.from({ length: 1_000 }, (_, at) =>
      anEvent({
        id: randomUUID(),
        occurredAt: `2026-11-${String(1 + (at % 28)).padStart(2, "0")}T12:00:00Z`,
        operation: at % 10 === 0 ? "rare.one" : "common.one",
        description: at % 10 === 0 ? "=1+1" : 'Say "hello", twice\nover',
        ...(at === 0 && { rawFormat: "test", raw: raw.toString("base64") }),
      }),
    )
    const answer = await api.call("POST", "/api/v1/events", { body: JSON.stringify(events) })
    expect(answer.status).toBe(201)
  }
})
afterAll(() => api.close())

const range = "from=2026-11-01&to=2026-11-30&-app=auditorium"

async function pagedIds(query: string): Promise<string[]> {
  const ids: string[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const path: string = `/api/v1/events?${query}&limit=100${cursor && `&cursor=${cursor}`}`
    const page: { events: { id: string }[]; nextCursor: string | null } = await (
      await api.call("GET", path)
    ).json()
    ids.push(...page.events.map(event => event.id))
    // In recorded order there is always a next page, for new events.
    cursor = page.events.length === 0 ? null : page.nextCursor
  }
  return ids
}

/** Connections of the program that are active, or held by a caller. */
async function busyConnections(): Promise<number> {
  const { rows } = await api.db.superuser.query(
    `SELECT count(*)::int AS busy FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'auditorium' AND state <> 'idle'`,
  )
  return rows[0].busy
}

async function eventually<T>(read: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await read()
    if (wanted(value) || tries === 100) return value
    await sleep(50)
  }
}

const exportEventsOf = async () =>
  (await readLog(api, api.tenant.organization)).filter(event => event.operation === "event.export")

describe("an export", () => {
  test.each(["newest", "oldest", "recorded"])("in %s order has the very events of the pages", async order => {
    const query = `${range}&operation=rare.one&order=${order}`
    const ids = await pagedIds(query)
    expect(ids).toHaveLength(count / 10)
    const jsonl = await (await api.call("GET", `/api/v1/events/export?format=jsonl&${query}`)).text()
    expect(
      jsonl
        .trimEnd()
        .split("\n")
        .map(line => JSON.parse(line).id),
    ).toEqual(ids)
    const csv = await (await api.call("GET", `/api/v1/events/export?${query}`)).text()
    const rows: Record<string, string>[] = parseCsv(csv, { columns: true, bom: true })
    expect(rows.map(row => row["Event id"])).toEqual(ids)
  })

  test("as JSON Lines is what one event's address answers, with number, seal and original bytes", async () => {
    const answer = await api.call("GET", `/api/v1/events/export?format=jsonl&${range}`)
    expect(answer.headers.get("content-type")).toBe("application/jsonl; charset=utf-8")
    const exported = (await answer.text())
      .trimEnd()
      .split("\n")
      .map(line => exportedEvent.parse(JSON.parse(line)))
    expect(exported).toHaveLength(count)
    const imported = exported.filter(event => event.rawFormat !== undefined)
    expect(imported.map(event => event.raw)).toEqual(Array.from({ length: 3 }, () => raw.toString("base64")))
    const one = await (await api.call("GET", `/api/v1/events/${imported[0]?.id}`)).json()
    expect(imported[0]).toEqual({ ...one.event, raw: one.raw })
  })

  test("as CSV is a file with a name, and no cell of it is a formula", async () => {
    const answer = await api.call("GET", `/api/v1/events/export?${range}&operation=rare.one`)
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="audit-log_${api.tenant.organization.slug}_2026-11-01_2026-11-30.csv"`,
    )
    expect(answer.headers.get("cache-control")).toBe("no-store")
    const rows: Record<string, string>[] = parseCsv(await answer.text(), { columns: true, bom: true })
    expect(new Set(rows.map(row => row.Description))).toEqual(new Set(["'=1+1"]))
  })

  test.each([
    ["window=all", "all"],
    ["from=2026-11-01&to=2026-11-02&zone=America/New_York", "2026-11-01_2026-11-02"],
    ["from=2026-11-01&to=2026-11-02&zone=Asia/Tokyo", "2026-11-01_2026-11-02"],
    ["to=2026-11-02", "until_2026-11-02"],
    ["from=2026-11-01T23:59:59Z&to=2026-11-02T00:00:00Z", "2026-11-01_2026-11-02"],
  ])("of %s is named by its first and its last day: %s", async (query, days) => {
    const answer = await api.call("GET", `/api/v1/events/export?${query}&operation=none.such`)
    const { slug } = api.tenant.organization
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename="audit-log_${slug}_${days}.csv"`,
    )
    await answer.text()
  })

  test("leaves an event before the first byte, and one that says how many events were handed out", async () => {
    const before = await exportEventsOf()
    const answer = await api.call("GET", `/api/v1/events/export?${range}&operation=rare.one`)
    const [started] = (await exportEventsOf()).slice(before.length)
    expect(started).toMatchObject({
      status: "success",
      actor: { type: "api_key" },
      metadata: { phase: "started", format: "csv" },
    })
    expect(started?.details).toContain("Operation is rare.one")
    await answer.text()
    const after = (await exportEventsOf()).slice(before.length)
    expect(after).toHaveLength(2)
    expect(after[1]).toMatchObject({
      status: "success",
      requestId: started?.requestId,
      metadata: { phase: "ended", events: 300 },
    })
  })

  test("that its reader leaves gives its connection back and says so in the log", async () => {
    expect(await busyConnections()).toBe(0)
    const before = (await exportEventsOf()).length
    for (let round = 0; round < 15; round += 1) {
      const abort = new AbortController()
      const answer = await api.call("GET", `/api/v1/events/export?format=jsonl&${range}`, {
        signal: abort.signal,
      })
      const reader = answer.body?.getReader()
      await reader?.read()
      if (round % 2 === 0) await reader?.cancel()
      else {
        abort.abort()
        await reader?.cancel().catch(() => undefined)
      }
    }
    expect(await eventually(busyConnections, busy => busy === 0)).toBe(0)
    const after = (await exportEventsOf()).slice(before)
    expect(after).toHaveLength(30)
    expect(
      after.filter(event => event.status === "failure" && event.metadata.phase === "ended"),
    ).toHaveLength(15)
    expect((await api.call("GET", "/api/v1/events?limit=1")).status).toBe(200)
  })

  test("has neither a cursor nor an unknown format nor two", async () => {
    const page = await (await api.call("GET", `/api/v1/events?${range}&limit=5`)).json()
    for (const [query, pointer] of [
      [`${range}&cursor=${page.nextCursor}`, "/cursor"],
      [`${range}&format=xml`, "/format"],
      ["format=csv&format=jsonl", "/format"],
      ["app=unknown", "/app"],
    ]) {
      const answer = await api.call("GET", `/api/v1/events/export?${query}`)
      expect([query, answer.status, (await answer.json()).errors[0].pointer]).toEqual([query, 422, pointer])
    }
  })
})
